using System.Text.RegularExpressions;
using Imputation.Files.Formats;
using Imputation.Text;

namespace Imputation.Files.Codebooks;

/// <summary>A data dictionary of a REDCap project as a codebook: a field for each column that REDCap exports.</summary>
internal sealed partial class RedcapDictionary
{
    private static readonly (string, string?)[] s_yesNo = [("0", "No"), ("1", "Yes")], s_trueFalse = [("0", "False"), ("1", "True")],
        s_box = [("0", "Unchecked"), ("1", "Checked")], s_complete = [("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete")];

    /// <summary>Action tags by which a value comes into a field that nobody entered.</summary>
    private static readonly string[] s_entering = ["@CALCTEXT", "@CALCDATE", "@DEFAULT", "@SETVALUE", "@PREFILL"];

    private readonly string _name;
    private readonly IReadOnlyList<RedcapRecord> _records;
    private readonly Dictionary<string, RedcapField> _fields = new(StringComparer.Ordinal);
    private readonly List<CodebookField> _columns = [];
    private readonly TranslationAccount _account = new();
    private readonly List<string> _nominal = [], _codes = [], _identifiers = [], _limits = [], _lists = [], _unknown = [], _boxes = [];
    private (int Done, int All) _logic, _calculations;

    private RedcapDictionary(string name, IReadOnlyList<RedcapRecord> records) => (_name, _records) = (name, records);

    /// <summary>Reads a data dictionary.</summary>
    /// <param name="text">The file.</param>
    /// <param name="separator">Its separator, from <see cref="RedcapRecords.Separator"/>.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ImputationDataException">It is damaged; the message names the line.</exception>
    public static Codebook Read(string text, char separator, string name)
    {
        IReadOnlyList<RedcapRecord> records = RedcapRecords.Read(text, separator, name);
        return records.Count > 0 ? new RedcapDictionary(name, records).Read()
            : throw new ImputationDataException($"{name}: a REDCap data dictionary without a field.");
    }

    private Codebook Read()
    {
        foreach (RedcapRecord record in _records)
            if (!_fields.TryAdd(record.Name, Field(record)))
                throw Wrong(record, $"'{record.Name}' is the name of an earlier field; names must differ");
        // The state of a form, which REDCap exports too.
        string[] forms = [.. _records.Select(r => r.Form).Where(f => f.Length > 0).Distinct()];
        foreach (string form in forms)
            _fields.TryAdd($"{form}_complete", new RedcapField($"{form}_complete", RedcapKind.Choice) { Choices = s_complete });

        for (int i = 0; i < _records.Count; i++)
        {
            Add(_records[i], isFirst: i == 0);
            if (i + 1 == _records.Count || _records[i + 1].Form != _records[i].Form) AddState(_records[i].Form);
        }
        if (_columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ImputationDataException($"{_name}: two fields have the column '{twice.Key}' in exports; names must "
                + "differ.", twice.Key);
        BreakCircles();
        Account();
        return new Codebook(_columns) { Findings = _account.Findings };
    }

    private RedcapField Field(RedcapRecord record) => new(record.Name, record.Type switch
    {
        "radio" or "dropdown" or "select" => record.Choices.Length > 0 ? RedcapKind.Choice : RedcapKind.Text,
        "yesno" or "truefalse" => RedcapKind.Choice,
        "checkbox" or "advcheckbox" => RedcapKind.Checkbox,
        "slider" or "calc" => RedcapKind.Number,
        "descriptive" => RedcapKind.NoColumn,
        "text" when IsNumeric(record) => RedcapKind.Number,
        "text" when record.Validation.StartsWith("date", StringComparison.Ordinal) => RedcapKind.Date,
        _ => RedcapKind.Text,
    })
    {
        Choices = record.Type switch
        {
            "yesno" => s_yesNo,
            "truefalse" => s_trueFalse,
            "radio" or "dropdown" or "select" or "checkbox" or "advcheckbox" => Choices(record),
            _ => [],
        },
        IsConditional = record.Logic.Length > 0,
    };

    /// <summary>Choices such as <c>1, Male | 2, Female</c>.</summary>
    private (string, string?)[] Choices(RedcapRecord record)
    {
        var choices = new List<(string Code, string?)>();
        foreach (string choice in record.Choices.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int comma = choice.IndexOf(',');
            string code = comma < 0 ? choice : choice[..comma].Trim(), label = comma < 0 ? "" : RedcapRecords.Plain(choice[(comma + 1)..]);
            if (code.Length == 0) throw Wrong(record, $"the choice '{choice}' has no code; expected choices such as 1, Yes | 2, No");
            if (choices.Exists(c => c.Code == code)) throw Wrong(record, $"the code {code} occurs twice among the choices");
            choices.Add((code, label.Length > 0 ? label : null));
        }
        return [.. choices];
    }

    private void Add(RedcapRecord record, bool isFirst)
    {
        RedcapField field = _fields[record.Name];
        if (field.Kind == RedcapKind.NoColumn) return;
        Measure? measure = isFirst || record.IsIdentifier ? Measure.Identifier : Measured(record, field);
        if (record.IsIdentifier && !isFirst) _identifiers.Add(record.Name);
        SurveyRule? universe = Universe(record, measure);
        if (field.Kind == RedcapKind.Checkbox)
        {
            if (field.Choices.Count == 0) throw Wrong(record, "a checkbox without choices; expected choices such as 1, Yes | 2, No");
            if (universe is not null) _boxes.Add(record.Name);
            _columns.AddRange(field.Choices.Select(choice => new CodebookField(RedcapField.BoxColumn(record.Name, choice.Code))
            {
                Title = string.Join(": ", ((string?[])[record.Label, choice.Label ?? choice.Code]).Where(t => t?.Length > 0)),
                Measure = measure,
                Categories = Levels(s_box),
                Universe = universe,
            }));
            return;
        }
        if (field.Kind == RedcapKind.Choice && field.Choices.Count > 2 && measure == Measure.Nominal) _nominal.Add(record.Name);
        _codes.AddRange(field.Choices.Where(c => MissingLabel.Suggests(c.Label)).Select(c => $"{c.Code} ({c.Label}) of '{record.Name}'"));
        _columns.Add(new CodebookField(record.Name)
        {
            Title = record.Label,
            Measure = measure,
            Categories = field.Kind == RedcapKind.Choice ? Levels(field.Choices) : null,
            Bounds = Limits(record, field),
            Universe = universe,
            Derived = Derived(record),
        });
    }

    private void AddState(string form)
    {
        if (form.Length == 0 || _columns.Exists(c => c.Name == $"{form}_complete")) return;
        _columns.Add(new CodebookField($"{form}_complete") { Measure = Measure.PassThrough, Categories = Levels(s_complete) });
    }

    private Measure? Measured(RedcapRecord record, RedcapField field)
    {
        switch (record.Type)
        {
            case "radio" or "dropdown" or "select" when field.Kind == RedcapKind.Choice:
                return field.Choices.Count == 2 ? Measure.Binary : Measure.Nominal;
            case "yesno" or "truefalse" or "checkbox" or "advcheckbox":
                return Measure.Binary;
            case "slider":
                return Measure.Continuous;
            case "calc":
                return null;
            case "text" when IsNumeric(record):
                return record.Validation is "integer" or "int" ? null : Measure.Continuous;
            case "text" when record.Validation is "" or "alpha_only":
                return null;
            case "text" or "notes" or "textarea" or "file" or "signature":
                return Measure.PassThrough;
            case "sql" or "radio" or "dropdown" or "select":
                _lists.Add(record.Name);
                return Measure.PassThrough;
            default:
                _unknown.Add($"'{record.Name}' ({record.Type})");
                return null;
        }
    }

    private static bool IsNumeric(RedcapRecord record) => record.Validation is "integer" or "int" or "float"
        || record.Validation.StartsWith("number", StringComparison.Ordinal);

    /// <summary>Levels; their values are numbers where every code is one.</summary>
    private static Categories Levels(IReadOnlyList<(string Code, string? Label)> choices)
    {
        bool numeric = choices.All(c => CodeNumber.Canonical(c.Code) is not null);
        return new Categories(choices.Select(c => new Category(numeric ? CodeNumber.Of(c.Code)!.Value : c.Code, c.Label)));
    }

    private Bounds Limits(RedcapRecord record, RedcapField field)
    {
        bool slider = record.Type == "slider";
        if (!slider && (record.Type != "text" || record is { Minimum: "", Maximum: "" })) return Bounds.None;
        double? lower = Limit(record, record.Minimum), upper = Limit(record, record.Maximum);
        if (field.Kind != RedcapKind.Number || (lower is null && record.Minimum.Length > 0) || (upper is null && record.Maximum.Length > 0))
            _limits.Add($"'{record.Name}' ({(record.Minimum.Length > 0 ? record.Minimum : "open")} to "
                + $"{(record.Maximum.Length > 0 ? record.Maximum : "open")})");
        if (field.Kind != RedcapKind.Number) return Bounds.None;
        var bounds = new Bounds(lower ?? (slider ? 0 : double.NegativeInfinity), upper ?? (slider ? 100 : double.PositiveInfinity));
        return bounds.Lower <= bounds.Upper ? bounds
            : throw Wrong(record, $"the smallest value, {record.Minimum}, is above the largest, {record.Maximum}");
    }

    private static double? Limit(RedcapRecord record, string text) =>
        CodeNumber.Of(record.Validation.Contains("comma", StringComparison.Ordinal) ? text.Replace(',', '.') : text);

    private SurveyRule? Universe(RedcapRecord record, Measure? measure)
    {
        if (record.Logic.Length == 0) return null;
        _logic.All++;
        (SurveyRule? rule, string reason) = RedcapLogic.Condition(record.Logic, _fields.GetValueOrDefault, record.Name);
        if (rule is null)
            _account.Untranslated(record.Name, TranslationAccount.OneLine(record.Logic), reason,
                isFilled: measure is not (Measure.Identifier or Measure.PassThrough));
        else _logic.Done++;
        return rule;
    }

    private SurveyRule? Derived(RedcapRecord record)
    {
        if (record.Type != "calc") return null;
        _calculations.All++;
        (SurveyRule? rule, string reason) = RedcapLogic.Calculation(record.Choices, _fields.GetValueOrDefault, record.Name);
        if (rule is null)
            _account.Note("codebook-calculation-untranslated", $"The calculation of '{record.Name}' was not translated: {reason}. It is: "
                + $"{TextFormat.Cut(TranslationAccount.OneLine(record.Choices), 1000)}. Its empty cells are filled like those of other "
                + "columns.", [record.Name], "Compute it anew from the completed table.");
        else _calculations.Done++;
        return rule;
    }

    /// <summary>Fields that are shown by each other's answers: one of them is then taken as always asked.</summary>
    private void BreakCircles()
    {
        var index = _columns.Index().ToDictionary(c => c.Item.Name, c => c.Index);
        var settled = new HashSet<string>(_columns.Where(c => c.Universe is null).Select(c => c.Name));
        while (true)
        {
            while (_columns.Where(c => !settled.Contains(c.Name) && c.Universe!.Columns.All(g => settled.Contains(g))).ToArray()
                is { Length: > 0 } next) settled.UnionWith(next.Select(c => c.Name));
            if (_columns.Find(c => !settled.Contains(c.Name)) is not { } at) return;
            var path = new HashSet<string>();
            while (path.Add(at.Name)) at = _columns[index[at.Universe!.Columns.First(g => !settled.Contains(g))]];
            RedcapRecord record = _records.First(r => at.Name == r.Name || at.Name.StartsWith($"{r.Name}___", StringComparison.Ordinal));
            _account.Untranslated(record.Name, TranslationAccount.OneLine(record.Logic),
                "it depends in a circle on fields that depend on it", isFilled: true);
            _logic.Done--;
            foreach (CodebookField column in _columns.Where(c => c.Universe == at.Universe).ToArray())
            {
                _columns[index[column.Name]] = column with { Universe = null };
                settled.Add(column.Name);
            }
        }
    }

    private void Account()
    {
        string[] translated = [.. new[] { (Rules: _logic, Noun: "branching logic"), (Rules: _calculations, Noun: "calculation") }
            .Where(c => c.Rules.All > 0)
            .Select(c => $"{TextFormat.Count(c.Rules.Done)} of {TextFormat.Count(c.Rules.All, c.Noun)}")];
        _account.Note("codebook-translated", $"{_name} is a REDCap data dictionary: {TextFormat.Count(_records.Count, "field")}, "
            + $"{TextFormat.Count(_columns.Count, "column")} of exports."
            + (translated.Length == 0 ? "" : $" {string.Join(" and ", translated)} were translated."), []);
        if (_nominal.Count > 0)
            _account.Note("codebook-order-unknown", $"The dictionary does not say whether the choices of {TextFormat.Names(_nominal)} have "
                + "an order: they are read as nominal.", _nominal,
                "For those that have one, set categoriesOrdered " + TranslationAccount.There);
        if (_codes.Count > 0)
            _account.Note("codebook-possible-missing-codes", $"Choices that may mean that there is no answer, and are read as answers: "
                + $"{TextFormat.List(_codes, 12, c => c, ", ")}.", [],
                "Declare those that do as missingValues " + TranslationAccount.There);
        if (_identifiers.Count > 0)
            _account.Note("codebook-identifiers", $"{TextFormat.Names(_identifiers)} {(_identifiers.Count == 1 ? "is marked as identifier"
                + ": it is" : "are marked as identifiers: they are")} neither filled nor used to fill others.", _identifiers);
        if (_boxes.Count > 0)
            _account.Note("codebook-boxes", $"{TextFormat.Names(_boxes)}: REDCap exports 0 for boxes that were not shown too. These zeros "
                + "are kept, and reported as answers of people who were not asked.", _boxes);
        if (_limits.Count > 0)
            _account.Note("codebook-limits-not-used", "Limits that are no numbers are not checked: "
                + $"{TextFormat.List(_limits, 6, l => l, ", ")}.", []);
        if (_lists.Count > 0)
            _account.Note("codebook-choices-unknown", $"The choices of {TextFormat.Names(_lists)} are not in the dictionary: "
                + $"{(_lists.Count == 1 ? "it is" : "they are")} not filled.", _lists, "To have them filled, declare "
                + $"the categories {TranslationAccount.There}");
        if (_unknown.Count > 0)
            _account.Note("codebook-types-unknown", "Field types that are not known here: "
                + $"{TextFormat.List(_unknown, 6, u => u, ", ")}.", []);
        string[] entered = [.. _records.Where(r => Tags(r).Any()).Select(r => r.Name)];
        if (entered.Length > 0)
            _account.Note("codebook-action-tags", $"Action tags put values into {TextFormat.Names(entered)} ("
                + $"{string.Join(", ", _records.SelectMany(Tags).Distinct())}): they are read as answers.", entered);
    }

    private static IEnumerable<string> Tags(RedcapRecord record) => Tag().Matches(record.Annotation).Select(m => m.Value.ToUpperInvariant())
        .Where(s_entering.Contains);

    private ImputationDataException Wrong(RedcapRecord record, string what) =>
        new($"{_name}, line {record.Line}, field '{record.Name}': {what}.", record.Name);

    [GeneratedRegex("@[A-Za-z0-9_-]+")]
    private static partial Regex Tag();
}
