namespace Imputation.Data;

/// <summary>Reads the text of a <see cref="RegressionFormula"/>.</summary>
internal sealed class FormulaReader(string text)
{
    private const string Marks = "`\"'", Signs = "~+-*/^:|()%&<>=,;!";

    private int _at;

    public RegressionFormula Read()
    {
        if (string.IsNullOrWhiteSpace(text)) throw Wrong("it is empty");
        string response = Name(Skipped() == '~' ? throw Wrong("the response is missing before ~") : "the response",
            out bool quoted);
        if (!quoted && IsNumber(response))
            throw Wrong($"{response} before ~ is a number; a column of that name goes in backticks: `{response}`");
        if (!quoted && response == ".") throw Wrong(". means all other columns and is only allowed on the right of ~");
        Expect('~', response, quoted);

        var predictors = new List<string>();
        bool all = false;
        do
        {
            string name = Name("a column", out quoted);
            if (!quoted && name == ".") all = true;
            else if (!quoted && name == "0") throw Wrong("a regression without intercept is not supported; leave out the 0");
            else if (!quoted && name == "1") continue; // the intercept, which is there anyway
            else if (!quoted && IsNumber(name))
                throw Wrong($"{name} is a number, not a column; a column of that name goes in backticks: `{name}`");
            else if (name == response) throw Wrong($"'{name}' is on both sides of ~; a column cannot predict itself");
            else if (predictors.Contains(name)) throw Wrong($"'{name}' is named twice");
            else predictors.Add(name);
        }
        while (More(quoted));
        return new RegressionFormula(response, predictors) { AllOthers = all };
    }

    /// <summary>A name as a formula has it: bare where it can be, in backticks where not.</summary>
    public static string Quoted(string name)
    {
        bool bare = name.Length > 0 && name != "." && !IsNumber(name) && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)
            || Marks.Contains(c) || Signs.Contains(c));
        return bare ? name : $"`{name.Replace("`", "``")}`";
    }

    /// <summary>The next character that is not blank, or 0 at the end.</summary>
    private char Skipped()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        return _at < text.Length ? text[_at] : '\0';
    }

    private string Name(string what, out bool quoted)
    {
        char first = Skipped();
        quoted = first != '\0' && Marks.Contains(first);
        if (quoted) return InMarks(first);
        int start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && !Signs.Contains(text[_at]) && !Marks.Contains(text[_at])) _at++;
        if (_at > start) return text[start.._at];
        throw first switch
        {
            '\0' => Wrong($"{what} is missing at the end"),
            '-' => Wrong("terms cannot be removed with -; name the terms you want"),
            '(' => Wrong("it cannot have parentheses; name the columns, joined by +"),
            _ => Wrong($"{what} is missing before {first}"),
        };
    }

    private string InMarks(char mark)
    {
        var name = new System.Text.StringBuilder();
        int start = _at++;
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == mark && (++_at >= text.Length || text[_at] != mark)) // twice is the mark itself
                return name.Length > 0 ? name.ToString() : throw Wrong($"there is no name between the {mark} marks at character "
                    + $"{start + 1}");
            name.Append(text[_at]);
        }
        throw Wrong($"the {mark} at character {start + 1} is not closed");
    }

    /// <summary>Goes past <c>~</c>.</summary>
    private void Expect(char sign, string response, bool quoted)
    {
        char next = Skipped();
        if (next == sign) _at++;
        else if (next == '\0') throw Wrong($"there is no ~ after '{response}'");
        else if (next == '=') throw Wrong("the sign between the sides is ~, not =");
        else if (next == '+') throw Wrong("only one response is allowed before ~");
        else throw Unexpected(next, quoted, response);
    }

    /// <summary>Goes past <c>+</c>; false at the end.</summary>
    private bool More(bool quoted)
    {
        char next = Skipped();
        if (next == '\0') return false;
        if (next == '+')
        {
            _at++;
            return true;
        }
        throw next == '~' ? Wrong("there is more than one ~") : Unexpected(next, quoted, null);
    }

    /// <summary>The error where a name is followed by something other than +, ~ or the end.</summary>
    private FormatException Unexpected(char next, bool quoted, string? response)
    {
        string inName = quoted ? "" : $"; if {next} belongs to the name, put the name in backticks: `a{next}b`";
        return next switch
        {
            '*' or ':' => Wrong($"interactions ({next}) are not supported; compute a column with the product first and name it{inName}"),
            '-' => Wrong($"terms cannot be removed with -; name the terms you want{inName}"),
            '^' or '/' or '(' or ')' => Wrong($"functions and powers ({next}) are not supported; compute a column with the result "
                + $"first and name "
                + $"it{inName}"),
            _ when Signs.Contains(next) => Wrong($"{next} is not allowed here{inName}"),
            _ => Wrong($"at character {_at + 1} a {(response is null ? "+" : "~")} is missing; a name with blanks goes in backticks: "
                + "`life exp`"),
        };
    }

    private static bool IsNumber(string name) => name.All(c => char.IsAsciiDigit(c) || c == '.') && name != ".";

    private FormatException Wrong(string why) => new($"'{text}' is not a formula: {why}. Expected something like income ~ age + "
        + "education.");
}
