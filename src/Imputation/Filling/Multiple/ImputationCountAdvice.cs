using System.Globalization;

namespace Imputation;

/// <summary>The recommended number of imputations, by the two-stage rule of von Hippel (2020): m = 1 + ½(γ/CV)².</summary>
/// <remarks>A standard error from m imputations is an estimate itself, and imputing again with another seed would give another one. γ
/// is the fraction of missing information, CV the coefficient of variation that this may have. γ itself is estimated from the
/// imputations at hand; the rule takes the upper end of its 95 % interval, logit γ̂ ± 1.96 √(2/m) (Harel 2007).</remarks>
public sealed record ImputationCountAdvice
{
    internal ImputationCountAdvice(string quantity, string column, double fraction, double upperFraction, int count, double variation)
    {
        Quantity = quantity;
        Column = column;
        Fraction = fraction;
        UpperFraction = upperFraction;
        Count = count;
        Variation = variation;
    }

    /// <summary>The kind of estimate: "mean" or "coefficient".</summary>
    public string Quantity { get; internal init; }

    /// <summary>The column whose mean or coefficient has lost most information.</summary>
    public string Column { get; internal init; }

    /// <summary>γ̂ of that quantity, 0 to 1.</summary>
    public double Fraction { get; internal init; }

    /// <summary>The upper end of its 95 % interval.</summary>
    public double UpperFraction { get; internal init; }

    /// <summary>Number of imputations it was estimated from.</summary>
    public int Count { get; internal init; }

    /// <summary>The coefficient of variation aimed at.</summary>
    public double Variation { get; internal init; }

    /// <summary>A standard error that imputing again would change by about 5 %.</summary>
    public const double DefaultVariation = 0.05;

    /// <summary>The advice from fractions of missing information estimated from some imputations; null where there are fewer than two, or
    /// no fraction.</summary>
    internal static ImputationCountAdvice? From(string quantity, IEnumerable<(string Column, double Fraction)> fractions, int count,
        double variation)
    {
        (string column, double fraction) = fractions.Where(f => !double.IsNaN(f.Fraction))
            .DefaultIfEmpty((Column: "", Fraction: double.NaN)).MaxBy(f => f.Fraction);
        if (count < 2 || double.IsNaN(fraction)) return null;
        double odds = fraction / (1 - fraction) * Math.Exp(1.959963984540054 * Math.Sqrt(2.0 / count));
        return new ImputationCountAdvice(quantity, column, fraction, double.IsFinite(odds) ? odds / (1 + odds) : 1, count, variation);
    }

    /// <summary>Number of imputations that would do.</summary>
    public int RecommendedCount => For(UpperFraction, Variation);

    /// <summary>About by how much, relatively, the standard error of that quantity would change if all were imputed again: γ̂/√(2(m −
    /// 1)).</summary>
    public double PresentVariation => Fraction / Math.Sqrt(2.0 * (Count - 1));

    /// <summary>Number of imputations for a fraction of missing information, m = 1 + ½(γ/CV)², rounded up; at least 2.</summary>
    /// <param name="fraction">γ, 0 to 1.</param>
    /// <param name="variation">CV, greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static int For(double fraction, double variation = DefaultVariation)
    {
        if (!(fraction is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(fraction), fraction,
            "A fraction of missing information lies between 0 and 1.");
        if (!(variation > 0)) throw new ArgumentOutOfRangeException(nameof(variation), variation,
            "The coefficient of variation must be greater than 0.");
        return (int)Math.Min(int.MaxValue, Math.Max(2, Math.Ceiling(1 + 0.5 * Math.Pow(fraction / variation, 2) - 1e-9)));
    }

    /// <summary>The advice as sentences.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"The largest fraction of missing information of a {Quantity} is {Percent(Fraction)} %, for '{Column}'. Imputing again with "
            + $"another seed would change its standard error by about {Percent(PresentVariation)} %. ")
        + (RecommendedCount <= Count
            ? string.Create(CultureInfo.InvariantCulture, $"{Count} imputations are enough to keep this within {Percent(Variation)} "
                + $"% ({RecommendedCount} would suffice).")
            : string.Create(CultureInfo.InvariantCulture, $"To keep this within {Percent(Variation)} %, make "
                + $"{RecommendedCount} imputations."));

    private static string Percent(double share) => (100 * share).ToString(share < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
