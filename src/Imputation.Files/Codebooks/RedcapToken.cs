namespace Imputation.Files.Codebooks;

/// <summary>Kind of a part of REDCap logic.</summary>
internal enum RedcapTokenKind
{
    /// <summary>A field in brackets.</summary>
    Field,

    /// <summary>A number without quotes.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A name without brackets: a function, and, or, not.</summary>
    Word,

    /// <summary>A sign.</summary>
    Sign,

    /// <summary>The end.</summary>
    End,
}

/// <summary>A part of REDCap logic.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">Its text without quotes or brackets.</param>
internal sealed record RedcapToken(RedcapTokenKind Kind, string Text)
{
    private static readonly string[] s_signs = ["<>", "!=", "<=", ">=", "==", "&&", "||", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/",
        "^"];

    /// <summary>The parts of logic, with the end as the last.</summary>
    /// <exception cref="FormatException">A character that belongs to none; the message is the reason.</exception>
    public static IReadOnlyList<RedcapToken> Split(string logic)
    {
        var tokens = new List<RedcapToken>();
        int at = 0;
        while (true)
        {
            while (at < logic.Length && char.IsWhiteSpace(logic[at])) at++;
            if (at == logic.Length) break;
            int start = at;
            char c = logic[at];
            if (IsComment(logic, at))
            {
                while (at < logic.Length && logic[at] is not ('\n' or '\r')) at++;
            }
            else if (c is '[' or '\'' or '"')
            {
                int end = logic.IndexOf(c == '[' ? ']' : c, at + 1);
                if (end < 0) throw new FormatException($"the {(c == '[' ? "field" : "text")} that begins with {c} has no end");
                tokens.Add(new RedcapToken(c == '[' ? RedcapTokenKind.Field : RedcapTokenKind.Text, logic[(at + 1)..end].Trim()));
                at = end + 1;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < logic.Length && char.IsAsciiDigit(logic[at + 1])))
            {
                while (at < logic.Length && (char.IsAsciiDigit(logic[at]) || logic[at] == '.')) at++;
                tokens.Add(new RedcapToken(RedcapTokenKind.Number, logic[start..at]));
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                while (at < logic.Length && (char.IsAsciiLetterOrDigit(logic[at]) || logic[at] == '_')) at++;
                tokens.Add(new RedcapToken(RedcapTokenKind.Word, logic[start..at].ToLowerInvariant()));
            }
            else if (Array.Find(s_signs, sign => string.CompareOrdinal(logic, start, sign, 0, sign.Length) == 0) is { } found)
            {
                tokens.Add(new RedcapToken(RedcapTokenKind.Sign, found));
                at += found.Length;
            }
            else
            {
                throw new FormatException($"'{c}' means nothing here");
            }
        }
        tokens.Add(new RedcapToken(RedcapTokenKind.End, "its end"));
        return tokens;
    }

    /// <summary>Lines that begin with # or // are comments.</summary>
    private static bool IsComment(string logic, int at)
    {
        if (logic[at] != '#' && !logic.AsSpan(at).StartsWith("//")) return false;
        int before = at - 1;
        while (before >= 0 && logic[before] is ' ' or '\t') before--;
        return before < 0 || logic[before] is '\n' or '\r';
    }
}
