using System.Text.RegularExpressions;
using Imputation.Files.Formats;
using Imputation.Text;

namespace Imputation.Files.Codebooks;

/// <summary>A variable of a DDI codebook as a field.</summary>
internal sealed partial class DdiVariable
{
    /// <summary>Most codes that a range of missing codes is written out to.</summary>
    private const int MostCodes = 100;

    private readonly DdiElement _variable;
    private readonly List<(string Value, string? Label, bool IsMissing, bool IsNotAsked)> _categories = [];
    private readonly List<MissingCode> _missing = [];

    private DdiVariable(DdiElement variable, string file)
    {
        _variable = variable;
        Name = variable["name"];
        if (Name.Length == 0)
            throw new ImputationDataException($"{file}, line {variable.Line}: a variable (var) without the attribute 'name', expected the "
                + "name of a column.");
        ReadCategories(file);
        ReadMissing();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The files that have it, as the codebook names them; empty where it does not.</summary>
    public string Files => _variable["files"];

    /// <summary>Ranges of missing codes that cannot be written as codes, in words.</summary>
    public List<string> OtherRanges { get; } = [];

    /// <summary>Whether its valid values are several ranges, of which the field has the outermost limits.</summary>
    public bool HasGaps { get; private set; }

    /// <summary>Who was asked, in words; empty where nothing is said.</summary>
    public string Universe => string.Join(" ", _variable.Children.Where(c => c is { Name: "universe", Text.Length: > 0 })
        .Select(c => c.Text));

    /// <summary>Where the questionnaire goes on, in words; empty where nothing is said.</summary>
    public string Skips => string.Join(" ", _variable.Children.Where(c => c.Name == "qstn").SelectMany(q => q.Children)
        .Where(c => c.Name == "forward" && c.Text.Length > 0).Select(c => c.Text));

    /// <summary>How it follows from others, in words; empty where nothing is said.</summary>
    public string Derivation => _variable.TextOf("derivation");

    /// <summary>How it was coded, in words that speak of missing values; empty where nothing is said.</summary>
    public string Coding => _variable.TextOf("codInstr") is var text && SpeaksOfMissing().IsMatch(text) ? text : "";

    /// <summary>Missing codes that are taken for not asked because their label says so, as sentences name them.</summary>
    public IEnumerable<string> GuessedNotAsked => _missing.Where(m => m.Reason == MissingReason.NotAsked
        && !_categories.Exists(c => c.Value == m.Value && c.IsNotAsked)).Select(Words);

    /// <summary>Codes that are not declared missing, with a label that suggests it, as sentences name them.</summary>
    public IEnumerable<string> Suspicious => _categories.Where(c => !IsMissing(c.Value) && MissingLabel.Suggests(c.Label))
        .Select(c => Words(new MissingCode(c.Value, c.Label)));

    /// <summary>The field.</summary>
    public CodebookField Field { get; private set; } = new("");

    /// <summary>Reads a variable.</summary>
    /// <exception cref="ImputationDataException">It has no name, or a code twice.</exception>
    public static DdiVariable Read(DdiElement element, string file)
    {
        var variable = new DdiVariable(element, file);
        variable.Field = variable.AsField();
        return variable;
    }

    private CodebookField AsField()
    {
        bool isText = _variable.Child("varFormat")?["type"] == "character";
        (string Value, string? Label, bool IsMissing, bool IsNotAsked)[] levels = [.. _categories.Where(c => !IsMissing(c.Value))];
        bool numeric = !isText && Array.TrueForAll(levels, c => CodeNumber.Canonical(c.Value) is not null);
        bool isWeight = _variable["wgt"] == "wgt" || _variable["weight"] is "weight" or "wgt" or "yes" or "Y";
        bool ordered = _variable["nature"] == "ordinal";
        Bounds bounds = isText ? Bounds.None : ValidRange();
        if (isWeight || !IsCategorical(levels, bounds, numeric)) levels = [];
        Category[] categories = [.. levels.Select(c => new Category(numeric ? CodeNumber.Of(c.Value)!.Value : c.Value, c.Label))];
        if (ordered && numeric) categories = [.. categories.OrderBy(c => (double)c.Value)];
        return new CodebookField(Name)
        {
            Title = _variable.TextOf("labl") is { Length: > 0 } label ? label
                : _variable.Child("qstn") is { } question ? question.TextOf("qstnLit") : "",
            Measure = isWeight ? Measure.Weight
                // Of a scale, often only the ends have a label.
                : categories.Length > 0 && ordered ? Measure.Ordinal
                : categories.Length == 2 ? Measure.Binary
                : categories.Length > 0 ? Measure.Nominal
                : _variable["nature"] is "interval" or "ratio" || _variable["intrvl"] == "contin" ? Measure.Continuous
                : null,
            Categories = categories.Length > 0 ? new Categories(categories, ordered) : null,
            Missing = _missing,
            Bounds = categories.Length > 0 ? Bounds.None : bounds,
        };
    }

    /// <summary>Whether the labels are all the values that there are. The labels of a scale may name some of its points only.</summary>
    private bool IsCategorical((string Value, string? Label, bool, bool)[] levels, Bounds bounds, bool numeric)
    {
        if (levels.Length < 2 || _variable["nature"] is "interval" or "ratio" or "percent" || _variable["intrvl"] == "contin") return false;
        if (_variable["nature"] is "nominal" or "ordinal") return true;
        bool others = numeric && bounds.Any && bounds.Upper - bounds.Lower + 1 > levels.Length;
        // 34 with the label 34, or 34 years.
        int counted = levels.Count(l => l.Label == l.Value || l.Label?.StartsWith(l.Value + " ", StringComparison.Ordinal) == true);
        return !others && !(numeric && counted > levels.Length / 2) && Array.TrueForAll(levels, l => l.Label is not null);
    }

    private void ReadCategories(string file)
    {
        foreach (DdiElement category in _variable.All("catgry"))
        {
            string value = category.TextOf("catValu"), label = category.TextOf("labl");
            if (value.Length == 0 || value.Equals("sysmiss", StringComparison.OrdinalIgnoreCase) || value == ".") continue; // an empty cell
            if (_categories.Exists(c => c.Value == value))
                throw new ImputationDataException($"{file}, line {category.Line}: variable '{Name}' has the category {value} twice.", Name);
            string kind = category["missType"];
            _categories.Add((value, label.Length > 0 ? label : null, category["missing"] is "Y" or "y",
                kind.Length > 0 && MissingLabel.Reason(kind) == MissingReason.NotAsked));
        }
    }

    private void ReadMissing()
    {
        foreach ((string value, _, bool isMissing, _) in _categories)
            if (isMissing) AddMissing(value);
        foreach (DdiElement range in _variable.Children.Where(c => c.Name == "invalrng").SelectMany(c => c.Children))
        {
            if (range.Name == "item" && range["VALUE"].Length > 0) AddMissing(range["VALUE"]);
            if (range.Name != "range") continue;
            double? lower = CodeNumber.Of(range["min"]), upper = CodeNumber.Of(range["max"]);
            bool listed = lower is { } a && upper is { } b && a == Math.Floor(a) && b == Math.Floor(b) && b >= a && b - a < MostCodes
                && !range["UNITS"].Equals("REAL", StringComparison.OrdinalIgnoreCase);
            if (listed)
            {
                for (double code = lower!.Value; code <= upper!.Value; code++) AddMissing(TextFormat.Exact(code));
                continue;
            }
            // Those with a label can be named.
            foreach ((string value, _, _, _) in _categories)
            {
                if (CodeNumber.Of(value) is { } x && (lower is not null || upper is not null)
                    && !(x < (lower ?? double.NegativeInfinity)) && !(x > (upper ?? double.PositiveInfinity))) AddMissing(value);
            }
            OtherRanges.Add($"{Word(range, "min", "open")} to {Word(range, "max", "open")}");
        }
    }

    private static string Word(DdiElement range, string attribute, string none) => range[attribute] is { Length: > 0 } value ? value : none;

    private void AddMissing(string value)
    {
        if (IsMissing(value)) return;
        int known = _categories.FindIndex(c => c.Value == value);
        string? label = known < 0 ? null : _categories[known].Label;
        _missing.Add(new MissingCode(value, label, known >= 0 && _categories[known].IsNotAsked ? MissingReason.NotAsked
            : MissingLabel.Reason(label)));
    }

    private bool IsMissing(string value) => _missing.Exists(m => m.Value == value);

    private string Words(MissingCode code) => $"{code.Value} ({code.Label}) of '{Name}'";

    private Bounds ValidRange()
    {
        double lower = double.PositiveInfinity, upper = double.NegativeInfinity;
        DdiElement[] ranges = [.. _variable.Children.Where(c => c.Name == "valrng").SelectMany(c => c.Children)
            .Where(c => c.Name is "range" or "item")];
        foreach (DdiElement range in ranges)
        {
            string first = range["min"], last = range["max"];
            if (range.Name == "item") first = last = range["VALUE"];
            if ((first.Length > 0 && CodeNumber.Of(first) is null) || (last.Length > 0 && CodeNumber.Of(last) is null))
                return Bounds.None;
            lower = Math.Min(lower, CodeNumber.Of(first) ?? double.NegativeInfinity);
            upper = Math.Max(upper, CodeNumber.Of(last) ?? double.PositiveInfinity);
        }
        HasGaps = ranges.Length > 1;
        return lower <= upper ? new Bounds(lower, upper) : Bounds.None;
    }

    [GeneratedRegex(@"missing|universe|n\.?i\.?u\b|not applicable|unknown|refused", RegexOptions.IgnoreCase)]
    private static partial Regex SpeaksOfMissing();
}
