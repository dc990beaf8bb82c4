using Imputation.Data;

namespace Imputation.Models.Normal;

/// <summary>Fits the multivariate normal model to partially observed data by EM, all rows used.</summary>
public static class NormalModel
{
    /// <summary>Fits the columns of a table that <see cref="NormalOptions.Columns"/> selects.</summary>
    public static NormalFit Fit(Table table, NormalOptions? options = null, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Fits all columns of a matrix.</summary>
    public static NormalFit Fit(IncompleteMatrix matrix, NormalOptions? options = null, CancellationToken cancellation = default) => throw new NotImplementedException();
}
