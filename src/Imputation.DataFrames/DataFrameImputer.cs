using Microsoft.Data.Analysis;

namespace Imputation.DataFrames;

/// <summary>Fills the missing cells of a <see cref="DataFrame"/>.</summary>
public static class DataFrameImputer
{
    /// <summary>Fits the multivariate normal model to the numeric columns and fills their cells that are null or NaN.</summary>
    /// <remarks>Columns of integers into which fractions are filled become columns of <see cref="double"/>; name them in
    /// <see cref="FillOptions.Integer"/> to have whole numbers, and the type that they had. For the ledger and the fit, take the
    /// longer way: <see cref="DataFrameTable.FromDataFrame"/>, <see cref="Imputer"/>,
    /// <see cref="DataFrameTable.ToDataFrame"/>.</remarks>
    /// <returns>A new frame with the same columns and rows; only missing cells differ, and cells that could not be filled remain
    /// missing.</returns>
    /// <exception cref="ImputationDataException">Nothing to fit, an infinite value, under <paramref name="model"/> a likelihood without a
    /// maximum, or a filled value that its column's type cannot hold.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the frame does not have.</exception>
    public static DataFrame Impute(this DataFrame frame, ModelOptions? model = null, FillOptions? fill = null,
        RunOptions? run = null, CancellationToken cancellation = default) =>
        DataFrameTable.FromDataFrame(frame).Impute(model, fill, run, cancellation).Table.ToDataFrame();
}
