using Imputation.Data;
using Imputation.Models.Normal;

namespace Imputation.Imputers;

/// <summary>Fills the missing cells of a table from a multivariate normal model.</summary>
public static class NormalImputer
{
    /// <summary>Fits the model to the table and fills its missing cells.</summary>
    public static Completion Impute(this Table table, NormalOptions? model = null, ImputationOptions? imputation = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Fills the missing cells of a table from a model fitted before, to this or to other rows.</summary>
    /// <remarks>Columns are matched by name, in any order. Columns that the model does not have are handed through;
    /// model columns that the table does not have are treated as unobserved and are not added.</remarks>
    /// <exception cref="ImputationDataException">The table has none of the model's columns, or has one of them that is not numeric.</exception>
    public static Completion Apply(NormalFit fit, Table table, ImputationOptions? imputation = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}
