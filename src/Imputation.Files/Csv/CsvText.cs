using System.Globalization;

namespace Imputation.Files.Csv;

/// <summary>Values as the text of a cell.</summary>
internal static class CsvText
{
    /// <summary>A value that is not a number, in the invariant culture: dates as ISO 8601, truth values in lower case, bytes in
    /// hexadecimal.</summary>
    public static string Of(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Whether a text must be quoted.</summary>
    public static bool NeedsQuotes(ReadOnlySpan<byte> text, char delimiter) =>
        text.ContainsAny([(byte)delimiter, (byte)'"', (byte)'\r', (byte)'\n']);

    /// <summary>A text with each quote doubled, as inside quotes.</summary>
    public static ReadOnlySpan<byte> DoubleQuotes(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'"')) return text;
        var doubled = new List<byte>(text.Length + 8);
        foreach (byte c in text)
        {
            doubled.Add(c);
            if (c == '"') doubled.Add(c);
        }
        return doubled.ToArray();
    }
}
