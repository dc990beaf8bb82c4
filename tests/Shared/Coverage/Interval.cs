namespace Imputation.Tests.Shared.Coverage;

/// <summary>An estimate with its 95 % confidence limits.</summary>
internal readonly record struct Interval(double Estimate, double Lower, double Upper)
{
    /// <summary>Estimate ± so many standard errors.</summary>
    public static Interval About(double estimate, double standardError, double quantile) =>
        new(estimate, estimate - quantile * standardError, estimate + quantile * standardError);

    /// <summary>On the scale of correlations what is given on that of Fisher's z.</summary>
    public static Interval OfCorrelation(double r, double errorOfZ, double quantile)
    {
        Interval z = About(Math.Atanh(r), errorOfZ, quantile);
        return new Interval(r, Math.Tanh(z.Lower), Math.Tanh(z.Upper));
    }

    public double Width => Upper - Lower;

    public bool Covers(double truth) => Lower <= truth && truth <= Upper;
}
