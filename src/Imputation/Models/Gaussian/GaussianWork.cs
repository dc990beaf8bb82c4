using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>What a fit takes in time and memory, before it begins.</summary>
internal static class GaussianWork
{
    /// <summary>Most columns that are modelled together: their covariance has 3 million elements, and a fit keeps some 80 matrices of this
    /// size, those of its last points and those of its certificate. 100 × 2,000 took 3 minutes of processor time and, with what the
    /// collector had not yet freed, 10 GB.</summary>
    public const int MostColumns = 2500;

    /// <summary>E-steps of a fit, about: those of the certificate included.</summary>
    private const double EStepCount = 60;

    /// <summary>Multiplications of a thread in a second, within the E-step and in the work on whole matrices between E-steps.</summary>
    private const double Rate = 2e9;

    /// <summary>Multiplications between two E-steps: for every product of three columns, and for every element of the covariance, which
    /// the extrapolation and the certificate multiply by some 40 others.</summary>
    private const double PerTriple = 1, PerPair = 200;

    /// <summary>Refuses a table whose covariance would be too large, at once rather than after hours or out of memory.</summary>
    /// <exception cref="ImputationDataException">More than <see cref="MostColumns"/> columns.</exception>
    public static void ThrowIfTooWide(IncompleteMatrix matrix) => ThrowIfTooWide(matrix.ColumnCount);

    /// <summary>The same for p columns.</summary>
    /// <exception cref="ImputationDataException">More than <see cref="MostColumns"/> columns.</exception>
    public static void ThrowIfTooWide(int p)
    {
        if (p <= MostColumns) return;
        throw new ImputationDataException(FormattableString.Invariant(
            $"{p:N0} columns would be modelled, and the normal model takes {MostColumns:N0} at most: a covariance of {p:N0} columns has ")
            + FormattableString.Invariant($"{p * (p + 1L) / 2e6:N1} million elements, and a fit keeps some 80 matrices of its size. ")
            + "Choose fewer columns: --columns or --exclude, in the library ModelOptions.Columns.");
    }

    /// <summary>The time that a fit is expected to take.</summary>
    public static EmForecast Forecast(GaussianData data, int threads)
    {
        double p = data.ColumnCount, workers = threads == 0 ? Environment.ProcessorCount : threads,
            between = PerTriple * p * p * p + PerPair * p * p;
        return new EmForecast(data.RowCount, data.ColumnCount, TimeSpan.FromSeconds(EStepCount * (data.Cost / workers + between) / Rate));
    }
}
