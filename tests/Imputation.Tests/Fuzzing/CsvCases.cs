using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damaged CSV files and every command that reads them.</summary>
internal static class CsvCases
{
    private static readonly string[] s_oddCells =
    [
        "1e999", "-1e400", "1e-400", "5e-324", "1.7976931348623157e308", "-1e308", "1e308", "Infinity", "-inf", "nan", "NaN", "0x1F",
        "1,000", "1_000", "1.2.3", "--1", "+-3", "1e", "e5", ".", "-", "-0", "+.5", "5.", "99999999999999999999999999", "007",
        "9007199254740993", "1e5000", " 3 ", "\t3", "\u0663", "\u00A01", "3\u00A0", "1e+1000000000000", "\"", "\"\"", "\"1", "1\"", "\"\"\"\"",
        "'1'", "=1+1", "#REF!", "\u001B[31m", "\u0000", "\u202E1", "NA\u0000", "\uFEFF", "?", "<NA>", "null", "-99", "true", "2024-01-01",
    ];

    private static readonly Encoding[] s_encodings =
        [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1, new UTF8Encoding(true)];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(seed);
        int command = random.Next(100);
        if (command >= 96) return Pool(random, seed);
        bool comma = random.Next(8) == 0;
        char delimiter = comma ? ';' : ",;\t|"[random.Next(4)];
        string missing = ((string[])["NA", "", ".", "-99"])[random.Next(4)];
        byte[] file = Damaged(random, Whole(random, delimiter, missing, comma), delimiter);
        var reading = new TableReadOptions
        {
            DecimalComma = comma && random.Next(6) > 0,
            Delimiter = random.Next(4) == 0 ? delimiter : null,
            MissingMarkers = missing == "-99" ? ["-99"] : [],
        };
        List<string> arguments = [.. Choose(random, command, out string? completed, out bool namesColumns)];
        if (reading.DecimalComma) arguments.Add("--decimal-comma");
        if (reading.Delimiter is { } given) arguments.AddRange(["--delimiter", given.ToString()]);
        if (missing == "-99") arguments.Add("--missing=-99");
        return new FuzzCase(FuzzKind.Csv, seed, new Dictionary<string, byte[]> { ["table.csv"] = file }, arguments)
        {
            Reading = reading,
            Table = "table.csv",
            Completed = completed,
            NamesColumns = namesColumns,
        };
    }

    private static IEnumerable<string> Choose(Random random, int command, out string? completed, out bool namesColumns)
    {
        completed = null;
        namesColumns = false;
        string[] computing = ["--threads", "1", "--seed", "3"];
        if (command < 66)
        {
            completed = random.Next(8) == 0 ? "done.parquet" : "done.csv";
            namesColumns = random.Next(8) == 0;
            string[] columns = namesColumns ? random.Next(2) == 0 ? ["--columns", "a,b"] : ["--bounds", "a=-1..1", "--integer", "b"] : [];
            return ["fill", "in/table.csv", "--out", $"out/{completed}", .. computing, .. columns, .. FuzzOptions.Fill(random),
                .. FuzzOptions.Files(random)];
        }
        if (command < 74) return ["fit", "in/table.csv", "--out", "out/model.json", .. computing, .. FuzzOptions.Prior(random)];
        if (command < 84)
            return ["multiple", "in/table.csv", "-m", "2", "--long", "out/long.csv", .. computing, .. FuzzOptions.Prior(random),
                .. random.Next(3) switch { 0 => (string[])["--pmm"], 1 => ["--method", "da", "--burn-in", "20"], _ => [] }];
        namesColumns = true;
        if (command < 93)
            return ["analyze", "in/table.csv", random.Next(2) == 0 ? "a ~ b" : "b ~ .", "-m", "2", "--out", "out/coefficients.csv",
                .. computing];
        namesColumns = false;
        return ["describe", "in/table.csv", "--json", "out/description.json", .. computing];
    }

    private static FuzzCase Pool(Random random, int seed)
    {
        var text = new StringBuilder("imputation,term,estimate,std.error,df\n");
        for (int m = 1; m <= 3; m++)
            foreach (string term in (string[])["x", "y"])
                text.Append(m).Append(',').Append(term).Append(',').Append(random.Next(100) / 10.0).Append(",0.").Append(1 + random.Next(9))
                    .Append(",20\n");
        return new FuzzCase(FuzzKind.Csv, seed,
            new Dictionary<string, byte[]> { ["table.csv"] = Damaged(random, Encoding.UTF8.GetBytes(text.ToString()), ',') },
            ["pool", "in/table.csv", "--out", "out/pooled.csv", "--json", "out/pooled.json"])
        { Table = "table.csv", Reading = EstimateTable.ReadOptions };
    }

    private static byte[] Whole(Random random, char delimiter, string missing, bool comma)
    {
        (string[] names, string[][] cells) = RandomTables.Text(random, missing, comma);
        string end = random.Next(3) == 0 ? "\r\n" : random.Next(12) == 0 ? "\r" : "\n";
        bool quoted = random.Next(6) == 0;
        string Cell(string text) => quoted || text.Contains(delimiter, StringComparison.Ordinal)
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        string text = string.Join(end, cells.Prepend(names).Select(row => string.Join(delimiter, row.Select(Cell))));
        if (random.Next(10) > 0) text += end;
        Encoding encoding = random.Next(10) == 0 ? s_encodings[random.Next(s_encodings.Length)] : new UTF8Encoding(false);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
    }

    private static byte[] Damaged(Random random, byte[] file, char delimiter)
    {
        var bytes = new List<byte>(file);
        for (int n = random.Next(1, 5); n > 0; n--) Mutate(random, bytes, (byte)delimiter);
        return [.. bytes];
    }

    private static void Mutate(Random random, List<byte> bytes, byte delimiter)
    {
        if (bytes.Count == 0) return;
        int at = random.Next(bytes.Count);
        switch (random.Next(16))
        {
            case 0 or 1:
                ByteMutator.Mutate(random, bytes);
                break;
            case 2:
                bytes.InsertRange(at, (byte[])[(byte)"\"\r\n'\0\t;,|"[random.Next(9)]]);
                break;
            case 3 or 4 or 5:
                ReplaceCell(random, bytes, delimiter, Encoding.UTF8.GetBytes(s_oddCells[random.Next(s_oddCells.Length)]), at);
                break;
            case 6:
                ReplaceCell(random, bytes, delimiter, Enumerable.Repeat((byte)"x1 \""[random.Next(4)], random.Next(1, 60_000)), at);
                break;
            case 7: // a header of a few cells: doubled, empty, odd
                int end = bytes.IndexOf((byte)'\n');
                if (end > 0) ReplaceCell(random, bytes, delimiter, Encoding.UTF8.GetBytes(((string[])["a", "", " ", "b", ".imp", "\u001B]0;x\u0007",
                    "sep=;", "a\nb", "NA", "1"])[random.Next(10)]), random.Next(end));
                break;
            case 8:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 9: // another number of cells in a line
                bytes.InsertRange(at, Enumerable.Repeat(delimiter, random.Next(3) == 0 ? random.Next(1, 3000) : 1));
                break;
            case 10: // bytes that no encoding has, surrogates, marks
                byte[][] odd = [[0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8], [0xE2, 0x82], [0x1A]];
                bytes.InsertRange(random.Next(2) == 0 ? 0 : at, odd[random.Next(odd.Length)]);
                break;
            case 11:
                Encoding encoding = s_encodings[random.Next(s_encodings.Length)];
                byte[] again = [.. random.Next(3) > 0 ? encoding.GetPreamble() : [], .. encoding.GetBytes(Encoding.UTF8.GetString([.. bytes]))];
                bytes.Clear();
                bytes.AddRange(again);
                break;
            case 12: // lines taken out, doubled, emptied
                ReplaceLine(random, bytes, at);
                break;
            case 13: // a column made constant, or a copy of its neighbour, by way of every line
                ReplaceColumn(random, bytes, delimiter);
                break;
            case 14:
                bytes.InsertRange(0, Encoding.UTF8.GetBytes(((string[])["sep=;\n", "\n\n", "# comment\n", " ", "\r\n", "\"\n"])[random.Next(6)]));
                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(((string[])["\u00E9", "\u4E2D", "\U0001F600", "\u202E", "\u0085", "\u2028", "\u001B[2J"])
                    [random.Next(7)]));
                break;
        }
    }

    private static void ReplaceCell(Random random, List<byte> bytes, byte delimiter, IEnumerable<byte> cell, int at)
    {
        int start = at, end = at;
        while (start > 0 && bytes[start - 1] != delimiter && bytes[start - 1] != '\n') start--;
        while (end < bytes.Count && bytes[end] != delimiter && bytes[end] is not ((byte)'\n' or (byte)'\r')) end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, cell);
    }

    private static void ReplaceLine(Random random, List<byte> bytes, int at)
    {
        int start = at, end = at;
        while (start > 0 && bytes[start - 1] != '\n') start--;
        while (end < bytes.Count && bytes[end] != '\n') end++;
        byte[] line = [.. bytes.GetRange(start, end - start), (byte)'\n'];
        if (random.Next(2) == 0) bytes.RemoveRange(start, Math.Min(bytes.Count, end + 1) - start);
        else bytes.InsertRange(start, Enumerable.Repeat(line, random.Next(1, 50)).SelectMany(b => b));
    }

    private static void ReplaceColumn(Random random, List<byte> bytes, byte delimiter)
    {
        string[] lines = Encoding.Latin1.GetString([.. bytes]).Split('\n');
        string[][] cells = [.. lines.Select(line => line.Split((char)delimiter))];
        int column = random.Next(cells[0].Length), kind = random.Next(4);
        string constant = s_oddCells[random.Next(s_oddCells.Length)];
        foreach (string[] row in cells.Skip(1))
            if (column < row.Length && row.Length > 1)
                row[column] = kind switch { 0 => "5", 1 => "NA", 2 => row[(column + 1) % row.Length].TrimEnd('\r'), _ => constant };
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', cells.Select(row => string.Join((char)delimiter, row))));
        bytes.Clear();
        bytes.AddRange(text);
    }
}
