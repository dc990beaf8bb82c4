namespace Imputation.Diagnostics;

/// <summary>A column of a diagnostic's table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Format">How its cells are to be shown.</param>
public sealed record TableColumn(string Name, CellFormat Format = CellFormat.Number);

/// <summary>A table of a diagnostic.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Its columns; the first names the rows.</param>
/// <param name="Rows">Its rows, the most important first: string, bool, int, long or double, or null for an empty cell. NaN counts as
/// empty.</param>
public sealed record DiagnosticTable(string Title, IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>Note under the table: abbreviations, units, omitted rows.</summary>
    public string Note { get; init; } = "";
}
