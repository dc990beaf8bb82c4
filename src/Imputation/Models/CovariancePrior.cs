using System.Globalization;

namespace Imputation;

/// <summary>The families of prior distributions for the covariance.</summary>
public enum CovariancePriorKind
{
    /// <summary>None: maximum likelihood.</summary>
    None,

    /// <summary>None where a unique maximum exists, otherwise the weakest ridge under which one does.</summary>
    Auto,

    /// <summary>Inverse Wishart around the diagonal of the observed variances: smooths correlations towards 0.</summary>
    Ridge,

    /// <summary>The noninformative prior |Σ|^(−(p+1)/2).</summary>
    Jeffreys,

    /// <summary>Inverse Wishart with given degrees of freedom and sums of squares and cross-products.</summary>
    InverseWishart,
}

/// <summary>Prior distribution of the covariance; the means have a flat prior. The fit is then a posterior mode.</summary>
/// <remarks>The log density is −½(ξ + p + 1) log|Σ| − ½ tr(Σ⁻¹Λ) up to a constant, and the M-step is Σ = (S + Λ) / (n + ξ + p + 1)
/// with S the expected sums of squares about the mean (Schafer 1997, §5.2.4). Jeffreys has ξ = 0, Λ = 0; a ridge of ξ degrees of
/// freedom has Λ = ξ · diag(s²), s² being each column's observed variance with divisor n − 1; these are the definitions of
/// <c>emNorm</c> in the R package norm2.</remarks>
public sealed class CovariancePrior
{
    private CovariancePrior(CovariancePriorKind kind, double degreesOfFreedom = 0, double[,]? crossProducts = null)
    {
        Kind = kind;
        DegreesOfFreedom = degreesOfFreedom;
        CrossProducts = crossProducts is null ? null : new SymmetricMatrix(null, crossProducts);
    }

    /// <summary>Maximum likelihood.</summary>
    public static CovariancePrior None { get; } = new(CovariancePriorKind.None);

    /// <summary>Rows for each column from which on the data determine the estimates without help.</summary>
    internal const int EnoughRows = 5;

    /// <summary>Maximum likelihood where a unique maximum exists or nothing is missing, otherwise the weakest ridge that gives one; where
    /// rows are few for the columns, the ridge that predicts hidden cells best. The fit says which.</summary>
    /// <remarks>Of tables with fewer rows than five times their columns and 30 observed cells or more, some of which are missing, a tenth
    /// of the observed cells is hidden, in the patterns that the table has and of small tables several times, and ridges from 10,000
    /// degrees of freedom down to 0.1 are compared by the log density of the hidden cells. Where the weakest is the best one, the
    /// likelihood is tried as for other tables. The latent normal model has a ridge of 2 degrees of freedom, or of one for every ten latent
    /// variables of wide tables.</remarks>
    public static CovariancePrior Auto { get; } = new(CovariancePriorKind.Auto);

    /// <summary>The noninformative prior |Σ|^(−(p+1)/2).</summary>
    public static CovariancePrior Jeffreys { get; } = new(CovariancePriorKind.Jeffreys);

    /// <summary>A ridge prior with the weight of <paramref name="degreesOfFreedom"/> imaginary observations of uncorrelated
    /// columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a finite number greater than 0.</exception>
    public static CovariancePrior Ridge(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom,
                "A ridge prior's degrees of freedom must be a finite number greater than 0.");
        return new CovariancePrior(CovariancePriorKind.Ridge, degreesOfFreedom);
    }

    /// <summary>An inverse-Wishart prior: the guess Λ/ξ for the covariance, with the weight of ξ imaginary observations.</summary>
    /// <param name="degreesOfFreedom">ξ.</param>
    /// <param name="crossProducts">Λ, p × p, symmetric and positive semidefinite, in the units of the data, columns in the order they are
    /// modelled. Copied.</param>
    /// <exception cref="ArgumentException">Not square, not symmetric, or a number that is not finite.</exception>
    public static CovariancePrior InverseWishart(double degreesOfFreedom, double[,] crossProducts)
    {
        ArgumentNullException.ThrowIfNull(crossProducts);
        if (!double.IsFinite(degreesOfFreedom))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom,
                "The degrees of freedom must be a finite number.");
        int p = crossProducts.GetLength(0);
        if (crossProducts.GetLength(1) != p)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The cross-products are {p} × {crossProducts.GetLength(1)}; they must be square."), nameof(crossProducts));
        for (int j = 0; j < p; j++)
            for (int k = 0; k <= j; k++)
                if (!double.IsFinite(crossProducts[j, k]) || crossProducts[j, k] != crossProducts[k, j])
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                        $"The cross-products must be finite and symmetric; element ({j}, {k}) is {crossProducts[j, k]}, ({k}, {j}) is "
                        + $"{crossProducts[k, j]}."), nameof(crossProducts));
        return new CovariancePrior(CovariancePriorKind.InverseWishart, degreesOfFreedom, (double[,])crossProducts.Clone());
    }

    /// <summary>The family.</summary>
    public CovariancePriorKind Kind { get; }

    /// <summary>ξ of a ridge or inverse-Wishart prior; 0 for the others.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>Λ of an inverse-Wishart prior in the units of the data, its columns named x1 to xp; null for the others.</summary>
    public SymmetricMatrix? CrossProducts { get; }

    /// <summary>Reads none, auto, jeffreys or ridge:DF, as on the command line.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static CovariancePrior Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        switch (text.Trim().ToLowerInvariant())
        {
            case "none": return None;
            case "auto": return Auto;
            case "jeffreys": return Jeffreys;
            case string ridge when ridge.StartsWith("ridge:", StringComparison.Ordinal)
                && double.TryParse(ridge.AsSpan(6), NumberStyles.Float, CultureInfo.InvariantCulture, out double df) && df > 0
                    && double.IsFinite(df):
                return Ridge(df);
            default:
                throw new FormatException($"'{text}' is not a prior; expected none, auto, jeffreys, or ridge:DF with DF greater than 0, "
                    + "such as ridge:1.");
        }
    }

    /// <summary>none, auto, jeffreys, ridge:DF or inverse-wishart:DF.</summary>
    public override string ToString() => Kind switch
    {
        CovariancePriorKind.Ridge => "ridge:" + DegreesOfFreedom.ToString("R", CultureInfo.InvariantCulture),
        CovariancePriorKind.InverseWishart => "inverse-wishart:" + DegreesOfFreedom.ToString("R", CultureInfo.InvariantCulture),
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
