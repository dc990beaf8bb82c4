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
        var output = new BufferedStream(target, 1 << 16);
        Splice(output, table, source, cancellation);
        output.Flush();
        if (target != stream) target.Dispose();
    }

    private static void Splice(Stream output, Table table, CsvSource source, CancellationToken cancellation)
    {
        ReadOnlySpan<byte> bytes = source.File.Bytes;
        int[] filled = [.. Enumerable.Range(0, table.Columns.Count).Where(j => source.AnyFilled(j, table.Columns[j]))];
        int copied = 0;
        if (filled.Length > 0)
        {
            using CsvRecords records = source.Records();
            Span<byte> buffer = stackalloc byte[CsvNumber.MaxLength];
            while (records.Read())
            {
                if ((records.Row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
                int field = 0, start = records.Offset;
                foreach (int j in filled)
                {
                    Column column = table.Columns[j];
                    if (!source.WasFilled(j, column, records.Row)) continue;
                    for (; field < j; field++) start += records.Reader.GetRawSpan(field).Length + 1;
                    (int from, int length, bool quoted) = Replaced(records.Reader.GetRawSpan(j));
                    output.Write(bytes[copied..(start + from)]);
                    WriteValue(output, column, records.Row, source.Dialect, quoted, buffer);
                    copied = start + from + length;
                }
            }
        }
        WriteLarge(output, bytes[copied..], cancellation);
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

    private static void WriteValue(Stream output, Column column, int row, CsvDialect dialect, bool quoted, Span<byte> buffer)
    {
        ReadOnlySpan<byte> text = column is NumericColumn numeric
            ? CsvNumber.Format(numeric[row], column.Kind == ColumnKind.Integer, dialect.DecimalComma, buffer)
            : dialect.Text.GetBytes(CsvText.Of(column.Value(row)!));
        if (quoted) output.Write(CsvText.DoubleQuotes(text));
        else if (CsvText.NeedsQuotes(text, dialect.Delimiter)) output.Write([(byte)'"', .. CsvText.DoubleQuotes(text), (byte)'"']);
        else output.Write(text);
    }

    private static void WriteLarge(Stream output, ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        const int most = 1 << 24;
        while (bytes.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = Math.Min(most, bytes.Length);
            output.Write(bytes[..length]);
            bytes = bytes[length..];
        }
    }
}
