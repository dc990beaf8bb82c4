using System.Buffers;
using System.Buffers.Binary;

namespace Imputation.Files.Spss;

/// <summary>Writes the file that a table was read from with its filled cells in their places; all other commands and bytes are those of
/// the file.</summary>
internal static class SpssTableWriter
{
    /// <summary>Bytes that are collected before they are passed on.</summary>
    private const int PieceLength = 1 << 16;

    /// <exception cref="ArgumentException">The table does not have the columns of an SPSS file.</exception>
    /// <exception cref="ImputationDataException">A variable cannot hold a filled value.</exception>
    public static void Write(Stream stream, Table table, CancellationToken cancellation)
    {
        if (table.Source is not SpssSource source || !source.Holds(table))
            throw new ArgumentException("An SPSS file is written with the dictionary of the file that its table was read from, and this "
                + "table does not have the columns of one; write CSV or Parquet.", nameof(table));
        SpssFilled?[] filled = Filled(table, source);
        if (source.Blocks is { } blocks)
        {
            if (Array.TrueForAll(filled, f => f is null))
            {
                stream.Write(source.Bytes); // packed again, the same data may be other bytes
                return;
            }
            stream.Write(source.Bytes[..source.Dictionary.DataStart]);
            blocks.Write(stream, Data(table.RowCount, source, filled, cancellation));
            return;
        }
        stream.Write(source.Bytes[..source.Dictionary.DataStart]);
        foreach (ReadOnlyMemory<byte> piece in Data(table.RowCount, source, filled, cancellation)) stream.Write(piece.Span);
    }

    /// <summary>For each element of a case, the variable that has filled cells; null where none has.</summary>
    private static SpssFilled?[] Filled(Table table, SpssSource source)
    {
        var numbers = new SpssNumbers(source.Dictionary);
        var filled = new SpssFilled?[source.Dictionary.ElementCount];
        for (int j = 0; j < table.Columns.Count; j++)
        {
            if (table.Columns[j].MissingCount == source.Columns[j].MissingCount) continue;
            SpssVariable variable = source.Dictionary.Variables[j];
            Array.Fill(filled, new SpssFilled(variable, source.Columns[j], table.Columns[j], source.Dictionary.Encoding, numbers),
                variable.FirstElement, variable.ElementCount);
        }
        return filled;
    }

    /// <summary>The data, not packed. Every element keeps its place among the commands, so that what is between the cases, before the end
    /// and after it stays as it was.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Data(int rows, SpssSource source, SpssFilled?[] filled, CancellationToken cancellation)
    {
        using SpssWords words = source.Words();
        var commands = new SpssCommands(words, source.Dictionary);
        var output = new CommandWriter(source.Dictionary.Compression != SpssCompression.None);
        for (int row = 0; row < rows; row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            for (int element = 0; element < filled.Length;)
            {
                if (!commands.Read(out byte command, out ulong word)) throw source.Truncated(row);
                if (SpssCommands.IsElement(command))
                {
                    if (filled[element] is { } column && column.Changes(row)) (command, word) = column.Element(row, element);
                    element++;
                }
                output.Put(command, word);
            }
            if (output.Length < PieceLength) continue;
            yield return output.Written;
            output.Clear();
        }
        // Words of the commands that are left follow them as they are.
        for ((ulong left, int count) = commands.Left; count > 0; count--, left >>= 8) output.PutCommand((byte)left);
        yield return output.Written;
        foreach (ReadOnlyMemory<byte> rest in words.Rest()) yield return rest;
    }

    /// <summary>Writes commands in eights, each eight before the words that belong to them.</summary>
    private sealed class CommandWriter(bool packs)
    {
        private readonly ArrayBufferWriter<byte> _written = new(PieceLength);
        private readonly ulong[] _words = new ulong[8];
        private ulong _commands;
        private int _count, _wordCount;

        public int Length => _written.WrittenCount;

        public ReadOnlyMemory<byte> Written => _written.WrittenMemory;

        public void Clear() => _written.ResetWrittenCount();

        public void Put(byte command, ulong word)
        {
            if (!packs)
            {
                Write(word);
                return;
            }
            if (command == SpssCommands.Stored) _words[_wordCount++] = word;
            PutCommand(command);
        }

        public void PutCommand(byte command)
        {
            _commands |= (ulong)command << (8 * _count);
            if (++_count < 8) return;
            Write(_commands);
            foreach (ulong word in _words.AsSpan(0, _wordCount)) Write(word);
            (_commands, _count, _wordCount) = (0, 0, 0);
        }

        private void Write(ulong word)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_written.GetSpan(8), word);
            _written.Advance(8);
        }
    }
}
