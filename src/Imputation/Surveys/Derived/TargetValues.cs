using Imputation.Data;

namespace Imputation.Surveys.Derived;

/// <summary>Observed values of a target, as the intervals of the numbers that they can be rounded from.</summary>
internal sealed class TargetValues
{
    /// <summary>Values that count as equal, relatively: the precision of what was computed in another program.</summary>
    private const double Exactness = 1e-9;

    /// <summary>Most rows by which the probability of an agreement is judged.</summary>
    private const int MostJudged = 1000;

    /// <summary>Most digits of a constant where the relation holds to rounding only; with more it is a coincidence of roundings.</summary>
    private const int MostDigits = 6;

    private static readonly double[] s_units = [100, 50, 25, 20, 10, 5, 2];
    private static readonly double[] s_bases = [1, 1 / Math.Log(10), 1 / Math.Log(2)];

    private readonly double[] _values;
    private readonly int? _decimals;

    /// <param name="values">The values; none is missing.</param>
    public TargetValues(double[] values)
    {
        _values = values;
        int decimals = DecimalPlaces.Of(values);
        _decimals = decimals <= DerivedRules.MostDecimals ? decimals : null;
        Unit = _decimals is not 0 ? Math.Pow(10, -decimals)
            : Array.Find(s_units, unit => Array.TrueForAll(values, y => y % unit == 0)) is > 0 and var unit ? unit : 1;
    }

    /// <summary>The step from one value to the next: 0.1 of values with one decimal; what whole numbers are multiples of.</summary>
    public double Unit { get; }

    /// <summary>How a form agrees with these values; null where it does not, in some row.</summary>
    /// <param name="form">The form.</param>
    /// <param name="first">Its first column, NaN where missing.</param>
    /// <param name="second">Its second column.</param>
    /// <param name="fewest">Fewest rows in which all are observed.</param>
    public Agreement? Agreement(PowerForm form, double[] first, double[] second, int fewest)
    {
        // Each row leaves an interval of constants: between the ends of what the target can be rounded from.
        double low = double.NegativeInfinity, high = double.PositiveInfinity;
        int count = 0, informative = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            double x = first[i], y = second[i];
            if (double.IsNaN(x) || double.IsNaN(y)) continue;
            double value = form.Value(x, y);
            if (!double.IsFinite(value)) return null;
            count++;
            (double from, double to) = Rounded(i, form);
            if (value == 0)
            {
                if (from > 0 || to < 0) return null;
                continue;
            }
            informative++;
            double a = from / value, b = to / value;
            if (a > b) (a, b) = (b, a);
            if (a > low) low = a;
            if (b < high) high = b;
            if (low > high) return null;
        }
        if (count < fewest || informative < 2 || Constant(form, low, high) is not { } found) return null;
        (double constant, int digits) = found;
        bool exact = true;
        for (int i = 0; i < _values.Length && exact; i++)
        {
            if (double.IsNaN(first[i]) || double.IsNaN(second[i])) continue;
            double value = constant * form.Value(first[i], second[i]);
            exact = Math.Abs(value - _values[i]) <= Exactness * Math.Max(Math.Abs(value), Math.Abs(_values[i]));
        }
        return exact || (_decimals is not null && digits <= MostDigits) ? new Agreement(count, constant, exact, _decimals ?? 0) : null;
    }

    /// <summary>Natural logarithm of the probability of the agreement if the target had nothing to do with the form: in each row, the share
    /// of other values that agree too, or, where there are none, of the target's range.</summary>
    public double Likelihood(PowerForm form, double[] first, double[] second, Agreement agreement)
    {
        double[] sorted = [.. _values.Order()];
        int n = _values.Length, step = Math.Max(1, n / MostJudged);
        double range = sorted[^1] - sorted[0], sum = 0, most = 0;
        if (!(range > 0)) return 0;
        for (int i = 0; i < n; i += step)
        {
            double value = agreement.Constant * form.Value(first[i], second[i]);
            (double from, double to) = Rounded(i, form);
            double width = Math.Max(to - from, 1e-12 * range);
            (int start, int end) = new Interval(value - width / 2, value + width / 2, IsUpperOpen: true).Places(sorted);
            int others = end - start - 1;
            double p = Math.Min(1, Math.Max(Math.Max(others, 0) / (double)n, width / range));
            sum += Math.Log(p);
            most = Math.Min(most, Math.Log(p));
        }
        // A constant that was chosen makes one row agree.
        return form.Constants == PowerForm.Constant.Any ? sum - most : sum;
    }

    /// <summary>Whether the values are a linear function of the columns: not a matter of this folder.</summary>
    public bool IsLinear(double[] first, double[] second)
    {
        // Three rows in which the columns differ give the coefficients; every other row then has to follow.
        int n = Math.Min(_values.Length, MostJudged);
        double[] y = _values;
        int b = 1;
        while (b < n && first[b] == first[0] && second[b] == second[0]) b++;
        if (b >= n) return true;
        double dx = first[b] - first[0], dz = second[b] - second[0], dy = y[b] - y[0];
        int c = b + 1;
        double determinant = 0;
        for (; c < n; c++)
        {
            determinant = dx * (second[c] - second[0]) - dz * (first[c] - first[0]);
            if (Math.Abs(determinant) > 1e-9 * (Math.Abs(dx) + Math.Abs(dz)) * (Math.Abs(first[c] - first[0]) + Math.Abs(second[c]
                - second[0]))) break;
        }
        double alongFirst, alongSecond;
        if (c >= n)
        {
            double length = dx * dx + dz * dz;
            (alongFirst, alongSecond) = (dy * dx / length, dy * dz / length);
        }
        else
        {
            double ey = y[c] - y[0];
            alongFirst = (dy * (second[c] - second[0]) - ey * dz) / determinant;
            alongSecond = (dx * ey - dy * (first[c] - first[0])) / determinant;
        }
        double scale = 0, worst = 0;
        for (int i = 0; i < n; i++)
        {
            worst = Math.Max(worst, Math.Abs(y[i] - y[0] - alongFirst * (first[i] - first[0]) - alongSecond * (second[i] - second[0])));
            scale = Math.Max(scale, Math.Abs(y[i] - y[0]));
        }
        return worst <= 1e-6 * scale;
    }

    /// <summary>The numbers that a value can be rounded from.</summary>
    private (double From, double To) Rounded(int i, PowerForm form)
    {
        double y = _values[i], error = Exactness * Math.Abs(y), unit = form.IsRounding ? Unit : Math.Min(Unit, 1);
        return form.Floors ? (y - error, y + unit * (1 - Exactness)) : _decimals is null ? (y - error, y + error)
            : (y - unit / 2 - error, y + unit / 2 + error);
    }

    /// <summary>The constant of fewest digits in an interval, 1 first, or its inverse; null where there is none.</summary>
    private static (double Value, int Digits)? Constant(PowerForm form, double low, double high)
    {
        if (form.Constants != PowerForm.Constant.Any)
        {
            foreach (double c in form.Constants == PowerForm.Constant.One ? [1.0] : s_bases)
                if (c >= low && c <= high) return (c, 1);
            return null;
        }
        if (low <= 1 && high >= 1) return (1, 1);
        if (low <= 0 && high >= 0) return null; // says nothing
        (double Value, int Digits) direct = Roundest(low, high), inverse = Roundest(1 / high, 1 / low);
        return inverse.Digits < direct.Digits && 1 / inverse.Value >= low && 1 / inverse.Value <= high
            ? (1 / inverse.Value, inverse.Digits) : direct;
    }

    /// <summary>The number of fewest digits in an interval that does not contain 0, and their number.</summary>
    public static (double Value, int Digits) Roundest(double low, double high)
    {
        double middle = low / 2 + high / 2;
        for (int digits = 1; digits <= 15; digits++)
        {
            double unit = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(middle))) + 1 - digits);
            double rounded = unit < 1 ? Math.Round(middle * Math.Round(1 / unit)) / Math.Round(1 / unit) : Math.Round(middle / unit) * unit;
            if (rounded >= low && rounded <= high) return (rounded, digits);
        }
        return (middle, 17);
    }
}
