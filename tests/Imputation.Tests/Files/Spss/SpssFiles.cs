using System.Globalization;
using Imputation.Files;
using Imputation.Files.Spss;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Files.Spss;

/// <summary>SPSS files in tests/References/spss, which haven and PSPP made, and what haven reads in them.</summary>
internal static class SpssFiles
{
    /// <summary>A file and the name of what haven reads in it.</summary>
    public static TheoryData<string, string> All => new()
    {
        { "haven-byte.sav", "haven" },
        { "haven-zlib.zsav", "haven" },
        { "pspp-byte.sav", "pspp" },
        { "pspp-none.sav", "pspp" },
        { "pspp-zlib.zsav", "pspp" },
        { "pspp-latin.sav", "latin" },
    };

    public static string Path(string name) => System.IO.Path.Combine(Repository.Root, "tests", "References", "spss", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    public static Table Read(byte[] bytes, TableReadOptions? options = null) =>
        SpssTable.Read(new MemoryStream(bytes), "test.sav", options);

    public static byte[] Written(Table table)
    {
        using var stream = new MemoryStream();
        SpssTable.Write(stream, table);
        return stream.ToArray();
    }

    public static SpssDictionary Dictionary(Table table) => ((SpssSource)table.Source!).Dictionary;

    /// <summary>A cell as make-spss.sh writes it: a double, NaN for system-missing, the code of a user-missing one; text; dates and times
    /// as seconds.</summary>
    public static object Cell(Column column, int row)
    {
        MissingOrigin? origin = column.Mask.Origin(row);
        if (column is TextColumn) return origin is { } mark ? mark.Text : column.Value(row)!;
        if (origin is { Kind: MissingKind.Code } code) return double.Parse(code.Text, CultureInfo.InvariantCulture);
        return origin is not null ? double.NaN : column is NumericColumn numbers ? numbers[row] : SpssTime.Seconds(column.Value(row)!)!;
    }

    /// <summary>A cell of a line of such a file.</summary>
    public static object Expected(string text) => text.StartsWith('"') ? text[1..^1]
        : text == "NA" ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);
}
