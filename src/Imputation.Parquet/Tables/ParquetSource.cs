using System.Security.Cryptography;
using Imputation.Files.Formats;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>The Parquet file that a table was read from: its bytes, from which observed cells are written again.</summary>
internal sealed class ParquetSource(byte[] bytes, IParquetFile file, string name) : FileSource(name)
{
    private readonly Dictionary<Column, ColumnSchema> _schemas = [];
    private string? _sha256;

    public IParquetFile File => file;

    public override string Sha256 => _sha256 ??= Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The table with these columns, in the order of the file's, and this as its source.</summary>
    public Table Table(IReadOnlyList<Column> columns)
    {
        for (int j = 0; j < columns.Count; j++) _schemas.Add(columns[j], file.Columns[j]);
        return base.Table(columns);
    }

    /// <summary>The column of the file from which <paramref name="column"/> is derived; null where it is not from the file.</summary>
    public (Column Column, ColumnSchema Schema)? Origin(Column? column)
    {
        foreach (Column one in column?.Lineage ?? [])
            if (_schemas.TryGetValue(one, out ColumnSchema? schema)) return (one, schema);
        return null;
    }

    /// <summary>The values of a column in a row group, as stored.</summary>
    /// <exception cref="ImputationDataException">The file is damaged there.</exception>
    public ColumnValues Read(int group, ColumnSchema column)
    {
        try
        {
            return file.Read(group, column);
        }
        catch (ParquetException e)
        {
            throw new ImputationDataException($"{FileName}: column '{column.Name}', row group {group + 1} of {file.GroupCount}: "
                + $"{e.Message}.", column.Name, null, e);
        }
    }
}
