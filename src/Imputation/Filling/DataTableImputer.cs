using System.Data;

namespace Imputation;

/// <summary>Fills the missing cells of a <see cref="DataTable"/>.</summary>
public static class DataTableImputer
{
    /// <summary>Fits a model to the numeric columns and fills their cells that are <see cref="DBNull"/> or NaN.</summary>
    /// <remarks>Columns of integers into which fractions are filled become columns of <see cref="double"/>; name them in
    /// <see cref="FillOptions.Integer"/> to have whole numbers, and the type that they had. For the ledger and the fit, take the
    /// longer way: <see cref="DataTables.ToTable"/>, <see cref="Imputer"/>, <see cref="DataTables.ToDataTable"/>.</remarks>
    /// <returns>A new table with the same columns and rows, in which only missing cells differ; cells that could not be filled remain
    /// missing.</returns>
    /// <exception cref="ImputationDataException">Nothing to fit, an infinite value, under <paramref name="model"/> a likelihood without a
    /// maximum, or a filled value that its column's type cannot hold.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    public static DataTable Impute(this DataTable table, ModelOptions? model = null, FillOptions? fill = null,
        RunOptions? run = null, CancellationToken cancellation = default) =>
        table.ToTable().Impute(model, fill, run, cancellation).Table.ToDataTable();
}
