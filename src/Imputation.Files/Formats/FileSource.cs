namespace Imputation.Files.Formats;

/// <summary>A file that a table was read from.</summary>
internal abstract class FileSource(string name) : TableSource
{
    /// <summary>The file's name, without the folder.</summary>
    public string FileName { get; } = Path.GetFileName(name);

    /// <summary>SHA-256 of the file's bytes, in lower-case hexadecimal.</summary>
    public abstract string Sha256 { get; }

    /// <summary>The columns as they were read.</summary>
    public IReadOnlyList<Column> Columns { get; private set; } = [];

    /// <summary>The table with these columns, and this as its source.</summary>
    public Table Table(IEnumerable<Column> columns)
    {
        var table = new Table(columns, this);
        Columns = table.Columns;
        return table;
    }

    /// <summary>Whether the table's columns are those read from the file, in their order, filled or not; otherwise the file's bytes
    /// cannot be copied.</summary>
    public bool Holds(Table table)
    {
        if (table.Columns.Count != Columns.Count) return false;
        for (int j = 0; j < Columns.Count; j++)
        {
            if (!table.Columns[j].Lineage.Contains(Columns[j])) return false;
        }
        return true;
    }
}
