using Imputation.Data;

namespace Imputation.Files.Csv;

/// <summary>The CSV file that a table was read from: its bytes, and how it is written.</summary>
internal sealed class CsvSource(CsvBytes file, CsvDialect dialect, string name) : FileSource(name)
{
    private IReadOnlyList<Column> _columns = [];

    public CsvBytes File => file;

    public CsvDialect Dialect => dialect;

    public override string Sha256 => file.Sha256;

    /// <summary>The table with these columns, and this as its source.</summary>
    public Table Table(IEnumerable<Column> columns)
    {
        var table = new Table(columns, this);
        _columns = table.Columns;
        return table;
    }

    /// <summary>Whether the table's columns are those read from the file, in their order, filled or not; otherwise the file's bytes do not say what the table says.</summary>
    public bool Holds(Table table)
    {
        if (table.Columns.Count != _columns.Count) return false;
        for (int j = 0; j < _columns.Count; j++)
        {
            Column? column = table.Columns[j];
            while (column is not null && column != _columns[j]) column = column.Original;
            if (column is null) return false;
        }
        return true;
    }

    /// <summary>Whether a cell was missing in the file and has a value in <paramref name="column"/>, a descendant of the file's column.</summary>
    public bool WasFilled(int column, Column current, int row) => _columns[column].IsMissing(row) && !current.IsMissing(row);

    /// <summary>Whether any cell of <paramref name="current"/> was filled.</summary>
    public bool AnyFilled(int column, Column current) => current.MissingCount < _columns[column].MissingCount;

    public CsvRecords Records() => new(file.Bytes, dialect, FileName);
}
