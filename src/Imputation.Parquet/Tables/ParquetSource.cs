using System.Security.Cryptography;
using Imputation.Files.Formats;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>The rows of a Parquet file that a table was read from, and from which observed cells are written again.</summary>
/// <param name="bytes">The file's bytes.</param>
/// <param name="file">The file.</param>
/// <param name="name">Name of the file in messages.</param>
/// <param name="rows">The rows of the table: whole row groups, or some rows of one.</param>
internal sealed class ParquetSource(IRandomAccess bytes, IParquetFile file, string name, IReadOnlyList<RowRange> rows) : FileSource(name)
{
    private const int Piece = 1 << 20;

    private readonly Dictionary<Column, ColumnSchema> _schemas = [];
    private string? _sha256;

    public IParquetFile File => file;

    /// <summary>The rows of the table, in its order.</summary>
    public IReadOnlyList<RowRange> Rows => rows;

    public override string Sha256 => _sha256 ??= Hash();

    /// <summary>The table with these columns, each of the column of the file at its place, and this as its source.</summary>
    public Table Table(IReadOnlyList<Column> columns, IReadOnlyList<ColumnSchema> schemas)
    {
        for (int j = 0; j < columns.Count; j++) _schemas.Add(columns[j], schemas[j]);
        return base.Table(columns);
    }

    /// <summary>The column of the file from which <paramref name="column"/> is derived; null where it is not from the file.</summary>
    public (Column Column, ColumnSchema Schema)? Origin(Column? column)
    {
        foreach (Column one in column?.Lineage ?? [])
            if (_schemas.TryGetValue(one, out ColumnSchema? schema)) return (one, schema);
        return null;
    }

    /// <summary>The values of a column in all rows of the table, as stored, in parts.</summary>
    /// <exception cref="ImputationDataException">While they are enumerated: the file is damaged there.</exception>
    public IEnumerable<ColumnValues> Read(ColumnSchema column) => rows.SelectMany(some => Read(column, some));

    /// <summary>The same in one of the ranges of <see cref="Rows"/>, as one.</summary>
    public ColumnValues Read(ColumnSchema column, int range) => ColumnValues.Join(Read(column, rows[range]), rows[range].Count);

    private IEnumerable<ColumnValues> Read(ColumnSchema column, RowRange some)
    {
        using IEnumerator<ColumnValues> parts = file.Read(column, some).GetEnumerator();
        while (Next()) yield return parts.Current;

        bool Next()
        {
            try
            {
                return parts.MoveNext();
            }
            catch (ParquetException e)
            {
                throw new ImputationDataException($"{FileName}: column '{column.Name}', row group {some.Group + 1} of {file.GroupCount}: "
                    + $"{e.Message}.", column.Name, null, e);
            }
        }
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < bytes.Length; at += Piece) hash.AppendData(bytes.Read(at, (int)Math.Min(Piece, bytes.Length - at)).Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
