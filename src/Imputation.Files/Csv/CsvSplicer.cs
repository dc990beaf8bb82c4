using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Imputation.Numerics.Threading;

namespace Imputation.Files.Csv;

/// <summary>Writes the file that a table was read from with its missing cells replaced by the filled values; all other bytes are
/// unchanged.</summary>
internal static class CsvSplicer
{
    /// <summary>Usual number of characters of a filled value; and the reserve of a piece, so that its memory rarely has to grow.</summary>
    private const int LikelyLength = 19, Slack = 1 << 12;

    /// <param name="stream">The stream to write to.</param>
    /// <param name="table">The table, filled.</param>
    /// <param name="source">The file that it was read from.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="headless">Whether all above the first row is left out.</param>
    public static void Write(Stream stream, Table table, CsvSource source, CancellationToken cancellation, bool headless = false)
    {
        Stream target = source.File.Transcoded is { } encoding
            ? Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false), leaveOpen: true)
            : stream;
        // Disposing this would close the caller's stream.
        var changed = new List<int>();
        long filledCells = 0;
        for (int j = 0; j < table.Columns.Count; j++)
        {
            // A codebook can have declared more cells missing than the file shows.
            int count = table.Columns[j].Unfilled.MissingCount - table.Columns[j].MissingCount;
            if (count > 0) changed.Add(j);
            filledCells += count;
        }
        int[] filled = [.. changed];
        double growth = (double)filledCells * LikelyLength / source.File.Store.Length;
        var outputs = new ConcurrentBag<GrowingBytes>();
        OrderedWork.Run(source.Pieces.Count, source.Storage.Threads,
            i =>
            {
                if (!outputs.TryTake(out GrowingBytes? output)) output = new GrowingBytes();
                using var buffer = new PieceBuffer();
                output.Start((long)(source.Pieces[i].Length * (1 + growth)) + Slack);
                CsvPiece rows = source.Pieces[i];
                FilledColumn[] columns = Array.ConvertAll(filled, j => new FilledColumn(j, table.Columns[j], rows));
                ReadOnlyMemory<byte> bytes = source.Pieces.Read(i, buffer);
                Splice(output, bytes, headless && i == 0 ? source.FirstRowAt(bytes) : 0, i, columns, source, cancellation);
                return output;
            },
            (_, output) =>
            {
                target.Write(output.Written);
                outputs.Add(output);
            },
            cancellation);
        target.Flush();
        if (target != stream) target.Dispose();
    }

    private static void Splice(GrowingBytes output, ReadOnlyMemory<byte> memory, int copied, int piece, FilledColumn[] columns,
        CsvSource source, CancellationToken cancellation)
    {
        if (columns.Length > 0)
        {
            source.ForEachRow(piece, memory, records =>
            {
                int row = records.Row;
                ReadOnlySpan<byte> bytes = memory.Span;
                foreach (FilledColumn column in columns)
                {
                    if (!column.WasMissing(row)) continue;
                    double number = column.Number(row);
                    if (column.IsStillMissing(row, number)) continue;
                    ReadOnlySpan<byte> raw = records.Reader.GetRawSpan(column.Index);
                    (int from, int length, bool quoted) = Replaced(raw);
                    from += Place(raw, bytes);
                    output.Append(bytes[copied..from]);
                    WriteValue(output, column.Column, row, number, source.Styles[column.Index], source.Dialect, quoted);
                    copied = from + length;
                }
            }, cancellation);
        }
        output.Append(memory.Span[copied..]);
    }

    /// <summary>Where a field begins, empty or not: it is a part of the piece, since the reader reads bytes in place.</summary>
    private static int Place(ReadOnlySpan<byte> field, ReadOnlySpan<byte> piece) =>
        (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(piece), ref MemoryMarshal.GetReference(field));

    /// <summary>The part of a missing cell that its value replaces: quotes and blanks around a mark are kept.</summary>
    private static (int From, int Length, bool Quoted) Replaced(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty) return (0, 0, false);
        ReadOnlySpan<byte> core = raw.Trim(" \t"u8);
        if (core.IsEmpty) return (0, raw.Length, false);
        int from = raw.Length - raw.TrimStart(" \t"u8).Length;
        bool quoted = core.Length >= 2 && core[0] == '"' && core[^1] == '"';
        return quoted ? (from + 1, core.Length - 2, true) : (from, core.Length, false);
    }

    private static void WriteValue(GrowingBytes output, Column column, int row, double number, CsvNumberStyle? style, CsvDialect dialect,
        bool quoted)
    {
        if (column is NumericColumn && style is null && (quoted || !(dialect.DecimalComma && dialect.Delimiter == ',')))
        {
            // No character of a number needs quotes.
            output.Advance(CsvNumber.Format(number, column.Kind == ColumnKind.Integer, dialect.DecimalComma,
                output.Room(CsvNumber.MaxLength)).Length);
            return;
        }
        ReadOnlySpan<byte> text = style is not null
            ? style.Format(number, column.Kind == ColumnKind.Integer, dialect.DecimalComma, dialect.Text)
            : column is NumericColumn
            ? CsvNumber.Format(number, column.Kind == ColumnKind.Integer, dialect.DecimalComma, new byte[CsvNumber.MaxLength])
            : dialect.Text.GetBytes(CsvText.Of(column.Value(row)!));
        if (quoted) output.Append(CsvText.DoubleQuotes(text));
        else if (CsvText.NeedsQuotes(text, dialect.Delimiter)) output.Append([(byte)'"', .. CsvText.DoubleQuotes(text), (byte)'"']);
        else output.Append(text);
    }

    /// <summary>A column with filled cells in the rows of a piece: its position, the column of the file, and the filled column.</summary>
    private sealed class FilledColumn
    {
        private readonly byte[] _codes;
        private readonly NumericColumn? _numeric;
        private readonly double[]? _cells;   // what was filled in, if that was done in one go
        private int _next;                   // of these

        public FilledColumn(int index, Column column, CsvPiece rows)
        {
            (Index, Column, _codes, _numeric) = (index, column, column.Unfilled.Mask.Codes, column as NumericColumn);
            if (_numeric is not null && column.Original == column.Unfilled
                && _numeric.FilledCells(rows.FirstRow, rows.RowCount) is { Count: > 0 } cells)
                (_cells, _next) = (cells.Array, cells.Offset);
        }

        public int Index { get; }

        public Column Column { get; }

        public bool WasMissing(int row) => _codes[row] != 0;

        /// <summary>The number where one was missing; NaN where there is none. Asked once for each missing cell, in the order of
        /// rows.</summary>
        public double Number(int row) => _cells is not null ? _cells[_next++] : _numeric is null ? double.NaN : _numeric[row];

        public bool IsStillMissing(int row, double number) => _numeric is null ? Column.IsMissing(row) : double.IsNaN(number);
    }
}
