using System.Globalization;
using Imputation.Text;

namespace Imputation.Files.Parts;

/// <summary>The rows of several files as one table, file by file; the columns that folders name come last.</summary>
internal sealed class PartedRows : IFileRows
{
    private readonly IReadOnlyList<TablePart> _parts;
    private readonly Func<TablePart, Table?, CancellationToken, IFileRows> _open;
    private readonly Predicate<string> _mayMix;
    private readonly Func<TablePart, long?> _most;
    private readonly bool[] _areNumbers; // of each column that folders name
    private readonly Table _firstOfFile;

    /// <param name="parts">The files.</param>
    /// <param name="open">Opens a file; the second argument is the first batch of the first file, whose kinds of columns go for
    /// all.</param>
    /// <param name="mayMix">Whether a column may be numbers in one file and text in another.</param>
    /// <param name="most">Most rows of a file; null where it is not known.</param>
    /// <param name="cancellation">Cancels the opening.</param>
    public PartedRows(IReadOnlyList<TablePart> parts, Func<TablePart, Table?, CancellationToken, IFileRows> open,
        Predicate<string> mayMix, Func<TablePart, long?> most, CancellationToken cancellation)
    {
        (_parts, _open, _mayMix, _most) = (parts, open, mayMix, most);
        _areNumbers = [.. Enumerable.Range(0, parts[0].Keys.Count).Select(k =>
        {
            string[] values = [.. parts.Select(part => part.Keys[k].Value).Where(value => value.Length > 0)];
            return values.Length > 0 && Array.TrueForAll(values, IsNumber);
        })];
        Name = $"{parts[0].Path} and {TextFormat.Count(parts.Count - 1, "more file")}";
        using IFileRows rows = Of(parts[0], () => open(parts[0], null, cancellation));
        _firstOfFile = rows.First;
        foreach ((string key, _) in parts[0].Keys)
            if (_firstOfFile.TryGetColumn(key, out _))
                throw new ImputationDataException($"{parts[0].Path}: column '{key}' is in the file and in the name of its folder; "
                    + "expected one of them.", key);
        First = WithKeys(_firstOfFile, parts[0]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Table First { get; }

    /// <inheritdoc/>
    public long? MostRowCount
    {
        get
        {
            long sum = 0;
            foreach (TablePart part in _parts)
            {
                if (_most(part) is not { } rows) return null;
                sum += rows;
            }
            return sum;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        foreach (TablePart part in _parts)
        {
            using IFileRows rows = Of(part, () => _open(part, ReferenceEquals(part, _parts[0]) ? null : _firstOfFile, cancellation));
            using IEnumerator<Table> batches = rows.Batches(cancellation).GetEnumerator();
            while (Of(part, batches.MoveNext))
            {
                Check(batches.Current, part);
                yield return WithKeys(batches.Current, part);
            }
        }
    }

    /// <summary>Lets an error name the file that it is in: a column and a row are in each of them.</summary>
    private static T Of<T>(TablePart part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ImputationDataException e) when (!e.Message.Contains(part.Path, StringComparison.Ordinal))
        {
            throw new ImputationDataException($"{part.Path}: {e.Message}", e.Column, e.Row, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A file is open while its rows are read.
    }

    /// <exception cref="ImputationDataException">The file has other columns than the first.</exception>
    private void Check(Table batch, TablePart part)
    {
        string[] there = [.. _firstOfFile.Columns.Select(c => c.Name)], here = [.. batch.Columns.Select(c => c.Name)];
        if (!there.SequenceEqual(here))
        {
            string[] lacking = [.. there.Except(here)], more = [.. here.Except(there)];
            string how = (lacking.Length, more.Length) switch
            {
                ( > 0, > 0) => $"it lacks {TextFormat.Names(lacking)} and has {TextFormat.Names(more)}",
                ( > 0, 0) => $"it lacks {TextFormat.Names(lacking)}",
                (0, > 0) => $"it has {TextFormat.Names(more)} besides",
                _ => $"they are in another order: {TextFormat.Names(here)}",
            };
            throw new ImputationDataException($"{part.Path}: not the columns of {_parts[0].Path}: {how}. Files that are one table have the "
                + "same columns.");
        }
        for (int j = 0; j < here.Length; j++)
            if (batch.Columns[j] is NumericColumn != _firstOfFile.Columns[j] is NumericColumn && !_mayMix(here[j]))
                throw new ImputationDataException($"{part.Path}: column '{here[j]}' is {KindOf(batch.Columns[j])}, and in "
                    + $"{_parts[0].Path} it is {KindOf(_firstOfFile.Columns[j])}; expected the same in all files.", here[j]);
    }

    /// <summary>Whether the name of a folder is a number: 2026 is, 01 is an identifier.</summary>
    private static bool IsNumber(string text) => (text[0] != '0' || text.Length == 1 || text[1] == '.')
        && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static string KindOf(Column column) => column.Kind.ToString().ToLowerInvariant();

    private Table WithKeys(Table batch, TablePart part)
    {
        if (part.Keys.Count == 0) return batch;
        return new Table([.. batch.Columns, .. part.Keys.Select((key, k) => Constant(key, batch.RowCount, _areNumbers[k]))], batch.Source);
    }

    private static Column Constant(KeyValuePair<string, string> key, int rows, bool isNumber)
    {
        if (!isNumber) return TextColumn.Create(key.Key, [.. Enumerable.Repeat(key.Value.Length == 0 ? null : key.Value, rows)]);
        double value = key.Value.Length == 0 ? double.NaN : double.Parse(key.Value, CultureInfo.InvariantCulture);
        return NumericColumn.Create(key.Key, value == Math.Floor(value) ? ColumnKind.Integer : ColumnKind.Number,
            [.. Enumerable.Repeat(value, rows)]);
    }
}
