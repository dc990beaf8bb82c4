using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Imputation.Data;

namespace Imputation.Files.Csv;

/// <summary>Writes the file a table was read from, with the cells that were filled since put in their places; every other byte as it stood.</summary>
internal static class CsvSplicer
{
    public static void Write(Stream stream, Table table, CsvSource source, CancellationToken cancellation)
    {
        Stream target = source.File.Transcoded is { } encoding
            ? Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false), leaveOpen: true)
            : stream;
        // Disposing this would close the caller's stream.
        FilledColumn[] filled = [.. Enumerable.Range(0, table.Columns.Count).Where(j => source.AnyFilled(j, table.Columns[j])).Select(j => new FilledColumn(j, table.Columns[j]))];
        var outputs = new ConcurrentBag<ArrayBufferWriter<byte>>();
        OrderedWork.Run(source.Pieces.Count, source.Storage.Threads,
            i =>
            {
                if (!outputs.TryTake(out ArrayBufferWriter<byte>? output)) output = new ArrayBufferWriter<byte>(2 * source.Pieces[i].Length + 1);
                using var buffer = new PieceBuffer();
                Splice(output, source.Pieces.Read(i, buffer), i, filled, source, cancellation);
                return output;
            },
            (_, output) =>
            {
                target.Write(output.WrittenSpan);
                output.ResetWrittenCount();
                outputs.Add(output);
            },
            cancellation);
        target.Flush();
        if (target != stream) target.Dispose();
    }

    private static void Splice(ArrayBufferWriter<byte> output, ReadOnlyMemory<byte> bytes, int piece, FilledColumn[] filled, CsvSource source, CancellationToken cancellation)
    {
        int copied = 0;
        if (filled.Length > 0)
        {
            var formatted = new byte[CsvNumber.MaxLength];
            long origin = source.Pieces[piece].Start;
            source.ForEachRow(piece, bytes, records =>
            {
                int field = 0, start = (int)(records.Offset - origin);
                foreach ((int j, Column column) in filled)
                {
                    if (!source.WasFilled(j, column, records.Row)) continue;
                    for (; field < j; field++) start += records.Reader.GetRawSpan(field).Length + 1;
                    (int from, int length, bool quoted) = Replaced(records.Reader.GetRawSpan(j));
                    output.Write(bytes.Span[copied..(start + from)]);
                    WriteValue(output, column, records.Row, source.Dialect, quoted, formatted);
                    copied = start + from + length;
                }
            }, cancellation);
        }
        output.Write(bytes.Span[copied..]);
    }

    /// <summary>The part of a missing cell that its value takes the place of: quotes and blanks around a mark stay.</summary>
    private static (int From, int Length, bool Quoted) Replaced(ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> core = raw.Trim(" \t"u8);
        if (core.IsEmpty) return (0, raw.Length, false);
        int from = raw.Length - raw.TrimStart(" \t"u8).Length;
        bool quoted = core.Length >= 2 && core[0] == '"' && core[^1] == '"';
        return quoted ? (from + 1, core.Length - 2, true) : (from, core.Length, false);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, Column column, int row, CsvDialect dialect, bool quoted, byte[] buffer)
    {
        ReadOnlySpan<byte> text = column is NumericColumn numeric
            ? CsvNumber.Format(numeric.Values[row], column.Kind == ColumnKind.Integer, dialect.DecimalComma, buffer)
            : dialect.Text.GetBytes(CsvText.Of(column.Value(row)!));
        if (quoted) output.Write(CsvText.DoubleQuotes(text));
        else if (CsvText.NeedsQuotes(text, dialect.Delimiter)) output.Write([(byte)'"', .. CsvText.DoubleQuotes(text), (byte)'"']);
        else output.Write(text);
    }

    private readonly record struct FilledColumn(int Index, Column Column);
}
