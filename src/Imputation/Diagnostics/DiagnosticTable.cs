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
    /// <summary>Whether the numbers of a row share a unit rather than those of a column, as where rows are a data table's columns: then the
    /// row's numbers are shown with the same decimals. Default false.</summary>
    public bool UnitsByRow { get; init; }

    /// <summary>Note under the table: abbreviations, units, omitted rows.</summary>
    public string Note { get; init; } = "";
}
