using System.Globalization;
using System.Text;

namespace Imputation.Files.Spss;

/// <summary>The encoding that a file names, by an IANA name in a record of its own or by the number of a code page.</summary>
internal static class SpssEncoding
{
    /// <summary>Where a file names none, as before SPSS 16: that of Western European Windows.</summary>
    private const string Usual = "windows-1252";

    /// <param name="name">The name in the file; null where it has none.</param>
    /// <param name="codePage">The code page in the file: 2 and 3 are some extension of ASCII.</param>
    /// <param name="otherwise">The encoding for a file that names none; null is the usual one.</param>
    /// <param name="file">Name of the file in messages.</param>
    /// <exception cref="ImputationDataException">An encoding that is not known here.</exception>
    public static Encoding Of(string? name, int codePage, Encoding? otherwise, string file)
    {
        if (name is null && codePage is 0 or 2 or 3 && otherwise is not null) return otherwise;
        string asked = name ?? codePage switch
        {
            0 or 2 or 3 => Usual,
            1 => "EBCDIC",
            4 => "DEC Kanji",
            _ => codePage.ToString(CultureInfo.InvariantCulture),
        };
        return Find(asked) is { } found && IsAscii(found)
            ? found
            : throw new ImputationDataException($"{file}: the text is in the encoding '{asked}', which is not supported; save the file as "
                + "Unicode (UTF-8) in SPSS.");
    }

    private static Encoding? Find(string name)
    {
        string digits = name.StartsWith("cp", StringComparison.OrdinalIgnoreCase) ? name[2..] : name;
        try
        {
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int page)
                ? CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page)
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Names in records are separated by ASCII characters, and strings are padded with ASCII blanks.</summary>
    private static bool IsAscii(Encoding encoding) => encoding.GetBytes("A1= \t").AsSpan().SequenceEqual("A1= \t"u8);
}
