using System.Globalization;
using Imputation.Data;

namespace Imputation.Files.Codebooks;

/// <summary>Translates the branching logic and the calculations of REDCap into rules, by recursive descent: one method for each strength of
/// operators, as in REDCap.</summary>
/// <remarks>
/// <para>In REDCap an empty field is a value, the empty text; in a rule a comparison with a missing cell is open, so that the cell is
/// filled first. Where the field itself is shown under a condition, an empty cell is no missing answer: there the rule says what REDCap
/// does, for <c>[a] &lt;&gt; '1'</c> that it holds.</para>
/// <para>What cannot be translated exactly is not translated.</para>
/// </remarks>
internal sealed class RedcapLogic
{
    /// <summary>Longest logic, and most parentheses within each other: more is no logic that a person wrote.</summary>
    private const int MostCharacters = 20_000, MostNested = 50;

    private readonly IReadOnlyList<RedcapToken> _tokens;
    private readonly Func<string, RedcapField?> _fields;
    private readonly string _self;
    private int _next;
    private int _nested;
    private bool _negated;

    /// <summary>How strongly the outermost operator of a rule binds; a weaker one needs parentheses.</summary>
    private enum Strength { Or, And, Not, Comparison, Sum, Product, Factor }

    private enum PartKind { Condition, Number, Field, Text }

    /// <summary>A translated part.</summary>
    /// <param name="Kind">What its value is.</param>
    /// <param name="Text">The rule; of a constant its value without quotes.</param>
    /// <param name="Strength">Its outermost operator.</param>
    /// <param name="Field">The field, of a part that is just that.</param>
    private sealed record Part(PartKind Kind, string Text, Strength Strength, RedcapField? Field = null)
    {
        /// <summary>Whether it is a number that stands there as such.</summary>
        public bool IsConstant { get; init; }

        public string Within(Strength weakest) => Strength < weakest ? $"({Text})" : Text;
    }

    private RedcapLogic(IReadOnlyList<RedcapToken> tokens, Func<string, RedcapField?> fields, string self)
    {
        (_tokens, _fields, _self) = (tokens, fields, self);
    }

    private RedcapToken Current => _tokens[_next];

    /// <summary>Branching logic as a rule.</summary>
    /// <param name="logic">The logic.</param>
    /// <param name="fields">The field of a name; null where there is none.</param>
    /// <param name="self">Name of the field that it belongs to.</param>
    /// <returns>The rule, or the reason that there is none.</returns>
    public static (SurveyRule? Rule, string Reason) Condition(string logic, Func<string, RedcapField?> fields, string self) =>
        Translate(logic, fields, self, parser =>
        {
            Part part = parser.Or();
            return part.Kind == PartKind.Condition ? part.Text : throw new FormatException("it compares nothing; expected a condition");
        });

    /// <summary>A calculation as a rule.</summary>
    /// <inheritdoc cref="Condition"/>
    public static (SurveyRule? Rule, string Reason) Calculation(string logic, Func<string, RedcapField?> fields, string self) =>
        Translate(logic, fields, self, parser => parser.Numeric(parser.Or()).Text);

    private static (SurveyRule?, string) Translate(string logic, Func<string, RedcapField?> fields, string self,
        Func<RedcapLogic, string> rule)
    {
        try
        {
            if (logic.Length > MostCharacters) throw new FormatException($"it has more than {MostCharacters:N0} characters");
            var parser = new RedcapLogic(RedcapToken.Split(logic), fields, self);
            string text = rule(parser);
            if (parser.Current.Kind != RedcapTokenKind.End) throw parser.Unexpected("an operator");
            return (SurveyRule.Parse(text), "");
        }
        catch (FormatException exception)
        {
            return (null, exception.Message);
        }
    }

    private Part Or()
    {
        Part left = And();
        while (TryWord("or", "||")) left = Joined(left, "or", Strength.Or, And());
        return left;
    }

    private Part And()
    {
        Part left = Not();
        while (TryWord("and", "&&")) left = Joined(left, "and", Strength.And, Not());
        return left;
    }

    private static Part Joined(Part left, string word, Strength strength, Part right) => left.Kind != PartKind.Condition
        || right.Kind != PartKind.Condition ? throw new FormatException($"'{word}' joins something that is no comparison")
        : new Part(PartKind.Condition, $"{left.Within(strength)} {word} {right.Within(strength)}", strength);

    private Part Not()
    {
        if (Current is not { Kind: RedcapTokenKind.Word, Text: "not" }) return Comparison();
        _next++;
        _negated = !_negated;
        Part inner = Nested(Not);
        _negated = !_negated;
        return inner.Kind == PartKind.Condition ? new Part(PartKind.Condition, $"not {inner.Within(Strength.Comparison)}", Strength.Not)
            : throw new FormatException("'not' negates something that is no comparison");
    }

    private Part Comparison()
    {
        Part left = Sum();
        if (Sign("=", "==", "<>", "!=", "<", "<=", ">", ">=") is not { } sign) return left;
        Part right = Sum();
        if (Sign("=", "==", "<>", "!=", "<", "<=", ">", ">=") is { } second)
            throw new FormatException($"'{second}' follows another comparison");
        return Compared(left, sign switch { "=" => "==", "<>" => "!=", _ => sign }, right);
    }

    private Part Compared(Part left, string sign, Part right)
    {
        if (left.Kind == PartKind.Condition || right.Kind == PartKind.Condition)
            throw new FormatException("it compares a condition with something");
        if (IsEmpty(left) || IsEmpty(right)) return ComparedWithNothing(IsEmpty(left) ? right : left, sign);
        bool orders = sign is not ("==" or "!=");
        string a = Operand(left, right, orders), b = Operand(right, left, orders);
        string text = $"{a} {sign} {b}";
        // What an empty cell gives in REDCap, where such a cell is no unanswered question.
        string[] open = [.. new[] { left, right }.Where(p => p.Field is { IsConditional: true }).Select(p => p.Text).Distinct()];
        if (open.Length > 0 && _negated != (sign == "!="))
        {
            if (left.Field is not null && right.Field is not null)
                throw new FormatException($"it compares two fields, and '{open[0]}' is not always asked");
            return _negated
                ? new Part(PartKind.Condition, $"{string.Join(" and ", open.Select(f => $"not missing({f})"))} and {text}", Strength.And)
                : new Part(PartKind.Condition, $"{string.Join(" or ", open.Select(f => $"missing({f})"))} or {text}", Strength.Or);
        }
        return new Part(PartKind.Condition, text, Strength.Comparison);
    }

    /// <summary>One side of a comparison, as the other asks for it.</summary>
    private static string Operand(Part part, Part other, bool orders)
    {
        if (part.Field is { } own)
        {
            if (own.Kind == RedcapKind.Date) throw new FormatException($"it compares dates ('{own.Name}')");
            if (orders && own.Kind == RedcapKind.Choice && !own.HasNumericCodes)
                throw new FormatException($"it orders '{own.Name}', whose codes are not all numbers");
            if (orders && own.Kind == RedcapKind.Text && !other.IsConstant)
                throw new FormatException($"it orders '{own.Name}', which is text");
            return part.Within(Strength.Sum);
        }
        if (part.Kind != PartKind.Text) return other.Field is { } field ? Code(field, part, orders) : part.Within(Strength.Sum);
        if (other.Field is { } compared) return Code(compared, part, orders);
        return CodeNumber.Of(part.Text) is { } number ? RuleText.Number(number)
            : other.Kind == PartKind.Number ? throw new FormatException($"it compares a number with '{part.Text}'")
            : orders ? throw new FormatException($"it orders the text '{part.Text}'") : Quoted(part.Text);
    }

    /// <summary>A constant that a field is compared with.</summary>
    private static string Code(RedcapField field, Part part, bool orders)
    {
        if (part.Kind == PartKind.Number && !part.IsConstant) return part.Within(Strength.Sum);
        string text = part.Text;
        double? number = CodeNumber.Of(text);
        switch (field.Kind)
        {
            case RedcapKind.Choice or RedcapKind.Checkbox when !orders:
                string code = field.Choices.Select(c => c.Code).FirstOrDefault(c => c == text
                    || (number is not null && CodeNumber.Of(c) == number)) ?? throw new FormatException(field.Kind == RedcapKind.Checkbox
                    ? $"a box is 0 or 1, not '{text}'" : $"'{text}' is no choice of '{field.Name}'");
                return CodeNumber.Canonical(code) is { } exact ? RuleText.Number(exact) : Quoted(code);
            case RedcapKind.Text when number is null || part.Kind == PartKind.Text && !orders:
                return orders ? throw new FormatException($"it orders '{field.Name}', which is text") : Quoted(text);
            default:
                return number is { } x ? RuleText.Number(x)
                    : throw new FormatException($"it compares '{field.Name}', which is a number, with '{text}'");
        }
    }

    private static Part ComparedWithNothing(Part part, string sign)
    {
        if (part.Field is not { } field) throw new FormatException("it compares something that is no field with an empty text");
        if (field.Kind == RedcapKind.Checkbox) throw new FormatException("it asks whether a box is empty; one that is not ticked is 0");
        return sign switch
        {
            "==" => new Part(PartKind.Condition, $"missing({part.Text})", Strength.Comparison),
            "!=" => new Part(PartKind.Condition, $"not missing({part.Text})", Strength.Not),
            _ => throw new FormatException("it orders an empty text"),
        };
    }

    private Part Sum()
    {
        Part left = Product();
        while (Sign("+", "-") is { } sign)
            left = Calculated($"{Numeric(left).Within(Strength.Sum)} {sign} {Numeric(Product()).Within(Strength.Product)}", Strength.Sum);
        return left;
    }

    private Part Product()
    {
        Part left = Power();
        while (Sign("*", "/") is { } sign)
        {
            left = Calculated($"{Numeric(left).Within(Strength.Product)} {sign} {Numeric(Power()).Within(Strength.Factor)}",
                Strength.Product);
        }
        return left;
    }

    private Part Power()
    {
        Part left = Factor();
        if (Sign("^") is null) return left;
        Part exponent = Factor();
        if (exponent is not { IsConstant: true, Text: "2" or "3" }) throw new FormatException("it raises to a power other than 2 or 3");
        string factor = Numeric(left).Within(Strength.Factor);
        return Calculated(exponent.Text == "2" ? $"{factor} * {factor}" : $"{factor} * {factor} * {factor}", Strength.Product);
    }

    private Part Factor()
    {
        if (Sign("-") is not null)
        {
            Part operand = Numeric(Nested(Factor));
            return operand.IsConstant ? Constant(-double.Parse(operand.Text, CultureInfo.InvariantCulture))
                : Calculated($"-{operand.Within(Strength.Factor)}", Strength.Factor);
        }
        if (Sign("(") is not null)
        {
            Part inner = Nested(Or);
            Require(")");
            return inner;
        }
        RedcapToken token = Current;
        switch (token.Kind)
        {
            case RedcapTokenKind.Number:
                _next++;
                return Constant(CodeNumber.Of(token.Text) ?? throw new FormatException($"'{token.Text}' is not a number"));
            case RedcapTokenKind.Text:
                _next++;
                return new Part(PartKind.Text, token.Text, Strength.Factor) { IsConstant = CodeNumber.Of(token.Text) is not null };
            case RedcapTokenKind.Field:
                _next++;
                return Field(token.Text);
            case RedcapTokenKind.Word when _tokens[_next + 1] is { Kind: RedcapTokenKind.Sign, Text: "(" }:
                _next += 2;
                return Nested(() => Function(token.Text));
            default:
                throw Unexpected("a field in brackets, a number or a text in quotes");
        }
    }

    private Part Function(string name)
    {
        if (name is not ("sum" or "mean" or "round" or "sqrt" or "isblankormissingcode"))
            throw new FormatException($"{name}() has no counterpart in rules");
        var arguments = new List<Part>();
        do arguments.Add(Or());
        while (Sign(",") is not null);
        Require(")");
        if (name == "isblankormissingcode")
            return arguments is [{ Field: not null } field] ? ComparedWithNothing(field, "==")
                : throw new FormatException($"{name}() of something that is no field");
        if (name == "sqrt" && arguments is [var square]) return Calculated($"sqrt({Numeric(square).Text})", Strength.Factor);
        if (name == "round") // halves go up; those of rules go to the even number
            return arguments switch
            {
                [var number] => Calculated($"floor({Numeric(number).Within(Strength.Sum)} + 0.5)", Strength.Factor),
                [var number, { IsConstant: true } decimals]
                    when CodeNumber.Of(decimals.Text) is >= 0 and <= 15 and var d && d == Math.Floor(d)
                        && RuleText.Number(Math.Pow(10, d)) is var unit =>
                    Calculated($"floor({Numeric(number).Within(Strength.Product)} * {unit} + 0.5) / {unit}", Strength.Product),
                _ => throw new FormatException("round() takes a number, and a number of decimals"),
            };
        foreach (Part argument in arguments)
            if (argument.Field is { IsConditional: true } field)
                throw new FormatException($"{name}() leaves out '{field.Name}' where that was not asked, and rules do not");
        string sum = string.Join(" + ", arguments.Select(a => Numeric(a).Within(Strength.Sum)));
        Part total = Calculated(sum, arguments.Count > 1 ? Strength.Sum : Strength.Factor);
        return name == "sum" ? total : Calculated($"{total.Within(Strength.Product)} / {arguments.Count}", Strength.Product);
    }

    private Part Field(string text)
    {
        if (Current.Kind == RedcapTokenKind.Field)
            throw new FormatException($"[{text}][{Current.Text}] reads another event, whose rows are other rows of the table");
        string name = text, code = "";
        if (text.IndexOf('(') is > 0 and var open && text.EndsWith(')'))
            (name, code) = (text[..open].Trim(), text[(open + 1)..^1].Trim());
        if (name.AsSpan().IndexOfAny('-', ':') >= 0) throw new FormatException($"[{text}] is no field but a smart variable");
        if ((_fields(name) ?? _fields(name.ToLowerInvariant())) is not { } field)
            throw new FormatException($"'{name}' is not a field of this dictionary");
        if (field.Kind == RedcapKind.NoColumn) throw new FormatException($"'{field.Name}' has no column: it is a text on the form");
        if (field.Name == _self) throw new FormatException($"it reads '{_self}' itself");
        if (field.Kind != RedcapKind.Checkbox)
        {
            return code.Length == 0 ? new Part(PartKind.Field, RuleText.Name(field.Name), Strength.Factor, field)
                : throw new FormatException($"'{field.Name}' has no boxes, so [{text}] is none of them");
        }
        if (code.Length == 0) throw new FormatException($"'{field.Name}' has several boxes; expected one of them, as in [{name}(1)]");
        if (!field.Choices.Any(c => c.Code == code)) throw new FormatException($"'{code}' is no choice of '{field.Name}'");
        string column = RedcapField.BoxColumn(field.Name, code);
        return new Part(PartKind.Field, RuleText.Name(column), Strength.Factor,
            new RedcapField(column, RedcapKind.Checkbox) { Choices = [("0", null), ("1", null)], IsConditional = field.IsConditional });
    }

    /// <summary>A part that can be calculated with.</summary>
    private Part Numeric(Part part) => part switch
    {
        { Kind: PartKind.Number } => part,
        { Kind: PartKind.Text } when CodeNumber.Of(part.Text) is { } number => Constant(number),
        { Field: { Kind: RedcapKind.Number or RedcapKind.Checkbox } } => part,
        { Field: { Kind: RedcapKind.Choice, HasNumericCodes: true } } => part,
        { Field: { } field } => throw new FormatException($"it calculates with '{field.Name}', which is not a number"),
        { Kind: PartKind.Text } => throw new FormatException($"it calculates with the text '{part.Text}'"),
        _ => throw new FormatException("it calculates with a condition"),
    };

    private static Part Calculated(string text, Strength strength) => new(PartKind.Number, text, strength);

    private static Part Constant(double value) => new(PartKind.Number, RuleText.Number(value), Strength.Factor) { IsConstant = true };

    private static bool IsEmpty(Part part) => part is { Kind: PartKind.Text, Text: "" };

    private static string Quoted(string text) => text.Contains('\'') && text.Contains('"')
        ? throw new FormatException("a text has both kinds of quotes") : RuleText.Quoted(text);

    private Part Nested(Func<Part> part)
    {
        if (++_nested > MostNested) throw new FormatException($"more than {MostNested} parentheses are within each other");
        Part inner = part();
        _nested--;
        return inner;
    }

    private bool TryWord(string word, string sign)
    {
        if (!(Current.Kind == RedcapTokenKind.Word && Current.Text == word) && !(Current.Kind == RedcapTokenKind.Sign
            && Current.Text == sign)) return false;
        _next++;
        return true;
    }

    private string? Sign(params ReadOnlySpan<string> signs)
    {
        if (Current.Kind != RedcapTokenKind.Sign || !signs.Contains(Current.Text)) return null;
        return _tokens[_next++].Text;
    }

    private void Require(string sign)
    {
        if (Sign(sign) is null) throw Unexpected($"'{sign}'");
    }

    private FormatException Unexpected(string expected) => new(Current.Kind == RedcapTokenKind.End
        ? $"expected {expected}, and here it ends" : $"expected {expected} instead of '{Current.Text}'");
}
