namespace Imputation.Text;

/// <summary>Option values that can be pasted into a shell.</summary>
internal static partial class TextFormat
{
    /// <summary>A value as one word of a command line: in double quotes, which every shell takes, or in single quotes where double ones
    /// would let the shell change it.</summary>
    public static string Shell(string value) => value.AsSpan().ContainsAny("\"$`\\!")
        ? $"'{value.Replace("'", "'\\''")}'" : $"\"{value}\"";

    /// <summary>Values in one option, separated by commas; those that contain a comma, an equals sign or a quote are in double
    /// quotes.</summary>
    public static string OptionList(IEnumerable<string> values) => string.Join(',', values.Select(OptionItem));

    /// <summary>A value in such a list.</summary>
    public static string OptionItem(string value) =>
        value.Length == 0 || value.AsSpan().ContainsAny(",=\"") || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])
            ? $"\"{value.Replace("\"", "\"\"")}\"" : value;

    /// <summary>The values of such a list, without surrounding blanks; those in double quotes as they are.</summary>
    public static IReadOnlyList<string> OptionItems(string list)
    {
        var items = new List<string>();
        for (int at = 0; at <= list.Length;)
        {
            int start = at;
            while (start < list.Length && list[start] == ' ') start++;
            if (start < list.Length && list[start] == '"' && Quoted(list, start, out string value, out int next))
            {
                items.Add(value);
                at = next;
                continue;
            }
            int end = list.IndexOf(',', at);
            if (end < 0) end = list.Length;
            if (list.AsSpan(at, end - at).Trim() is { Length: > 0 } item) items.Add(item.ToString());
            at = end + 1;
        }
        return items;
    }

    /// <summary>Where the last sign = outside double quotes is; −1 where there is none.</summary>
    public static int OptionEquals(string text)
    {
        int last = -1;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (text[i] == '=' && !quoted) last = i;
        }
        return last;
    }

    private static bool Quoted(string list, int start, out string value, out int next)
    {
        var text = new System.Text.StringBuilder();
        (value, next) = ("", 0);
        int i = start + 1;
        for (; i < list.Length; i++)
        {
            if (list[i] != '"') text.Append(list[i]);
            else if (i + 1 < list.Length && list[i + 1] == '"') text.Append(list[i++]);
            else break;
        }
        if (i >= list.Length) return false;     // no closing quote: the quote is part of the value
        i++;
        while (i < list.Length && list[i] == ' ') i++;
        if (i < list.Length && list[i] != ',') return false;
        (value, next) = (text.ToString(), i + 1);
        return true;
    }
}
