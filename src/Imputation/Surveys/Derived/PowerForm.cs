using Imputation.Text;

namespace Imputation.Surveys.Derived;

/// <summary>A form of a relation: a function of one or two columns, times a constant, that may be rounded.</summary>
/// <param name="Rank">The simpler, the smaller.</param>
/// <param name="Value">The function, NaN or infinite where it has no value.</param>
/// <param name="Text">The function as rules write it; {0} and {1} are the columns, {c} a factor with its operator.</param>
/// <param name="Constants">Which constants may be found.</param>
/// <param name="Floors">Whether it is rounded down, rather than to the nearest.</param>
/// <param name="IsSymmetric">Whether the columns can be exchanged.</param>
internal sealed record PowerForm(int Rank, Func<double, double, double> Value, string Text, PowerForm.Constant Constants,
    bool Floors = false, bool IsSymmetric = false)
{
    public enum Constant
    {
        /// <summary>1 only.</summary>
        One,

        /// <summary>1, or that of another base of logarithms.</summary>
        Base,

        /// <summary>Any.</summary>
        Any,
    }

    /// <summary>Forms of one column.</summary>
    public static readonly PowerForm[] OfOne =
    [
        new(0, (x, _) => x, "{c}{0}", Constant.Any),
        new(0, (x, _) => x, "{c}{0}", Constant.Any, Floors: true),
        new(1, (x, _) => x * x, "{c}({0} * {0})", Constant.Any),
        new(3, (x, _) => x * x * x, "{c}({0} * {0} * {0})", Constant.Any),
        new(4, (x, _) => Math.Log(x), "log({0})", Constant.Base),
        new(4, (x, _) => Math.Log(1 + x), "log(1 + {0})", Constant.Base),
        new(4, (x, _) => Math.Sqrt(x), "sqrt({0})", Constant.One),
        new(5, (x, _) => 1 / x, "{c} / {0}", Constant.Any),
        new(5, (x, _) => Math.Exp(x), "exp({0})", Constant.One),
    ];

    /// <summary>Forms of two columns.</summary>
    public static readonly PowerForm[] OfTwo =
    [
        new(1, (x, y) => x * y, "{c}{0} * {1}", Constant.Any, IsSymmetric: true),
        new(2, (x, y) => x / y, "{c}{0} / {1}", Constant.Any),
        new(3, (x, y) => x / (y * y), "{c}{0} / ({1} * {1})", Constant.Any),
        new(3, (x, y) => x * y * y, "{c}{0} * ({1} * {1})", Constant.Any),
    ];

    /// <summary>Whether it is a column itself, times a constant: rounding alone makes it more than linear.</summary>
    public bool IsRounding => Text == "{c}{0}";

    /// <summary>The relation as a rule, and in the words of a finding; empty where it says nothing.</summary>
    public (string Rule, string Words) Rule(string first, string second, Agreement agreement, double unit)
    {
        if (IsRounding)
        {
            // A number that is rounded, perhaps to a multiple of more than 1: 5 * floor(x / 5).
            if (agreement.IsExact || (unit > 1 && agreement.Constant != 1)) return ("", "");
            string function = Floors ? "floor" : "round", step = TextFormat.Exact(unit),
                decimals = Floors || agreement.Decimals == 0 ? "" : $", {agreement.Decimals}",
                rule = unit > 1 ? $"{step} * {function}({first} / {step})"
                    : $"{function}({Scaled(first, agreement.Constant)}{decimals})";
            return (rule, rule);
        }
        string value = Constants == Constant.Any ? Scaled(Text, agreement.Constant) : agreement.Constant == 1 ? Text
            : $"{Text} / {TextFormat.Exact(1 / agreement.Constant)}";
        value = value.Replace("{0}", first).Replace("{1}", second);
        return agreement.IsExact ? (value, value)
            : ($"round({value}, {agreement.Decimals})", $"{value}, rounded to {TextFormat.Count(agreement.Decimals, "decimal")},");
    }

    /// <summary>A text times a constant: 703 * x / y, or x / 2.54 where that has fewer digits.</summary>
    private static string Scaled(string text, double constant)
    {
        bool isQuotient = text.StartsWith("{c} /", StringComparison.Ordinal);
        string plain = text.Replace("{c}", isQuotient ? "1" : "");
        if (constant == 1) return plain.StartsWith('(') ? plain[1..^1] : plain;
        (string factor, string divisor) = (TextFormat.Exact(constant), TextFormat.Exact(1 / constant));
        return isQuotient ? text.Replace("{c}", factor)
            : divisor.Length < factor.Length ? $"{plain} / {divisor}" : $"{factor} * {plain}";
    }
}

/// <summary>How a form agrees with a target.</summary>
/// <param name="Count">Rows in which all are observed; it holds in all of them.</param>
/// <param name="Constant">The constant factor.</param>
/// <param name="IsExact">Whether it holds without rounding.</param>
/// <param name="Decimals">Otherwise the decimals that it is rounded to.</param>
internal sealed record Agreement(int Count, double Constant, bool IsExact, int Decimals);
