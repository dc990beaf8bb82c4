namespace Imputation.Sql;

/// <summary>A column of a result of PostgreSQL.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The number of its type in the catalogue pg_type, which is fixed for the types that are numbers.</param>
internal readonly record struct PostgreSqlColumn(string Name, uint Type)
{
    /// <summary>How its cells are read.</summary>
    public CellReading Reading => Type switch
    {
        20 => CellReading.Int64,
        21 or 23 => CellReading.Int32,
        700 => CellReading.Single,
        701 => CellReading.Double,
        1700 => CellReading.DecimalText,
        _ => CellReading.Text,
    };

    /// <summary>Whether its cells are numbers.</summary>
    public bool IsNumber => Reading != CellReading.Text;

    /// <summary>Whether the server sends them as text.</summary>
    public bool ComesAsText => Reading is CellReading.Text or CellReading.DecimalText;
}
