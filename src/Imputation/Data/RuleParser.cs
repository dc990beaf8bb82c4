using System.Globalization;

namespace Imputation.Data;

/// <summary>Reads rules, by recursive descent: one method for each strength of operators.</summary>
internal sealed class RuleParser
{
    private static readonly string[] s_operators = ["==", "!=", "<=", ">=", "<", ">", "(", ")", ",", "+", "-", "*", "/"];

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _next;

    private enum TokenKind { Number, Text, Name, Operator, End }

    /// <param name="Kind">Kind.</param>
    /// <param name="Text">Contents: of a text without its quotes.</param>
    /// <param name="Position">Index of its first character.</param>
    /// <param name="IsQuoted">Of a name: whether it stood in backquotes, so that it is no word of the language.</param>
    private sealed record Token(TokenKind Kind, string Text, int Position, bool IsQuoted = false);

    private RuleParser(string text)
    {
        _text = text;
        Split();
    }

    /// <exception cref="FormatException">It is malformed.</exception>
    public static RuleNode Parse(string text)
    {
        var parser = new RuleParser(text);
        RuleNode root = parser.Or();
        return parser.Current.Kind == TokenKind.End ? root : throw parser.Expected("an operator such as 'and', or the end");
    }

    private Token Current => _tokens[_next];

    private RuleNode Or()
    {
        RuleNode left = And();
        while (TryWord("or")) left = new RuleLogic(All: false, left, And());
        return left;
    }

    private RuleNode And()
    {
        RuleNode left = Not();
        while (TryWord("and")) left = new RuleLogic(All: true, left, Not());
        return left;
    }

    private RuleNode Not() => TryWord("not") ? new RuleUnary(Negates: true, Not()) : Comparison();

    private RuleNode Comparison()
    {
        RuleNode left = Sum();
        if (Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            return new RuleBinary(Take().Text, left, Sum());
        bool negated = Current.Kind == TokenKind.Name && IsWord(Current, "not") && IsWord(_tokens[_next + 1], "in");
        if (negated) _next++;
        if (!TryWord("in")) return left;
        Require("(");
        var values = new List<object>();
        do values.Add(Constant());
        while (Try(","));
        Require(")");
        RuleNode within = new RuleIn(left, values);
        return negated ? new RuleUnary(Negates: true, within) : within;
    }

    private RuleNode Sum()
    {
        RuleNode left = Product();
        while (Current is { Kind: TokenKind.Operator, Text: "+" or "-" }) left = new RuleBinary(Take().Text, left, Product());
        return left;
    }

    private RuleNode Product()
    {
        RuleNode left = Factor();
        while (Current is { Kind: TokenKind.Operator, Text: "*" or "/" }) left = new RuleBinary(Take().Text, left, Factor());
        return left;
    }

    private RuleNode Factor()
    {
        if (Try("-")) return new RuleUnary(Negates: false, Factor());
        if (Try("("))
        {
            RuleNode inner = Or();
            Require(")");
            return inner;
        }
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Text:
                return new RuleConstant(Constant());
            case TokenKind.Name when IsWord(token, "missing") && _tokens[_next + 1] is { Kind: TokenKind.Operator, Text: "(" }:
                _next += 2;
                string name = Current.Kind == TokenKind.Name ? Take().Text : throw Expected("the name of a column");
                Require(")");
                return new RuleMissing(name);
            case TokenKind.Name when !token.IsQuoted && _tokens[_next + 1] is { Kind: TokenKind.Operator, Text: "(" }
                && RuleCall.Functions.Contains(token.Text.ToLowerInvariant()):
                return Call();
            case TokenKind.Name when IsWord(token, "true") || IsWord(token, "false"):
                _next++;
                return new RuleConstant(IsWord(token, "true"));
            case TokenKind.Name when !IsReserved(token):
                _next++;
                return new RuleColumn(token.Text);
            default:
                throw Expected("a column, a number, a 'text', '(' or missing(x)");
        }
    }

    private RuleCall Call()
    {
        Token function = Take();
        Require("(");
        RuleNode operand = Or();
        var constants = new List<object>();
        while (Try(",")) constants.Add(Constant());
        Require(")");
        var call = new RuleCall(function.Text.ToLowerInvariant(), operand, constants);
        return call.IsValid ? call : throw Malformed(function.Position, call.Function switch
        {
            "round" => "expected round(x, decimals), with 0 to 15 decimals",
            "cut" => "expected cut(x, level, point, level, ...), the points ascending numbers",
            "recode" => "expected recode(x, level, its value, level, its value, ...)",
            _ => $"expected {call.Function}(x)",
        });
    }

    private object Constant()
    {
        double sign = Try("-") ? -1 : 1;
        if (Current.Kind == TokenKind.Number) return sign * double.Parse(Take().Text, CultureInfo.InvariantCulture);
        return Current.Kind == TokenKind.Text && sign > 0 ? Take().Text : throw Expected("a number or a 'text'");
    }

    private void Split()
    {
        int at = 0;
        while (true)
        {
            while (at < _text.Length && char.IsWhiteSpace(_text[at])) at++;
            if (at == _text.Length) break;
            int start = at;
            char c = _text[at];
            if (c is '\'' or '"' or '`')
            {
                int end = _text.IndexOf(c, at + 1);
                if (end < 0) throw Malformed(start, $"the {(c == '`' ? "name" : "text")} that begins with {c} has no end");
                _tokens.Add(new Token(c == '`' ? TokenKind.Name : TokenKind.Text, _text[(at + 1)..end], start, c == '`'));
                at = end + 1;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < _text.Length && char.IsAsciiDigit(_text[at + 1])))
            {
                while (at < _text.Length && (char.IsAsciiDigit(_text[at]) || _text[at] == '.' || (_text[at] is 'e' or 'E')
                    || (_text[at] is '+' or '-' && _text[at - 1] is 'e' or 'E' && at > start + 1))) at++;
                string number = _text[start..at];
                if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                    throw Malformed(start, $"'{number}' is not a number");
                _tokens.Add(new Token(TokenKind.Number, number, start));
            }
            else if (char.IsLetter(c) || c is '_' or '.')
            {
                while (at < _text.Length && (char.IsLetterOrDigit(_text[at]) || _text[at] is '_' or '.')) at++;
                _tokens.Add(new Token(TokenKind.Name, _text[start..at], start));
            }
            else if (Array.Find(s_operators, o => string.CompareOrdinal(_text, start, o, 0, o.Length) == 0) is { } found)
            {
                _tokens.Add(new Token(TokenKind.Operator, found, start));
                at += found.Length;
            }
            else
            {
                throw Malformed(start, c == '=' ? "'=' compares nothing; use '=='" : $"'{c}' means nothing here");
            }
        }
        _tokens.Add(new Token(TokenKind.End, "", _text.Length));
    }

    private static bool IsWord(Token token, string word) => !token.IsQuoted && token.Kind == TokenKind.Name
        && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsReserved(Token token) => IsWord(token, "and") || IsWord(token, "or") || IsWord(token, "not") || IsWord(token,
        "in");

    private bool TryWord(string word)
    {
        if (!IsWord(Current, word)) return false;
        _next++;
        return true;
    }

    private bool Try(string symbol)
    {
        if (Current.Kind != TokenKind.Operator || Current.Text != symbol) return false;
        _next++;
        return true;
    }

    private Token Take() => _tokens[_next++];

    private void Require(string symbol)
    {
        if (!Try(symbol)) throw Expected($"'{symbol}'");
    }

    private FormatException Expected(string what) =>
        Malformed(Current.Position, Current.Kind == TokenKind.End ? $"expected {what}, and here it ends"
            : $"expected {what} instead of '{_text[Current.Position..(_tokens[_next + 1].Position)].Trim()}'");

    private FormatException Malformed(int position, string what) => new($"The rule '{_text}', character {position + 1}: {what}.");
}
