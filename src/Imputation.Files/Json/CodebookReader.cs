using System.Globalization;
using Imputation.Data;

namespace Imputation.Files.Json;

/// <summary>Reads codebooks: Frictionless Table Schema v2 with one property of our own, <c>imputation</c>.</summary>
internal static class CodebookReader
{
    private static readonly string[] s_fieldMembers = ["measure", "universe", "missing", "derived", "derivedEvidence", "evidence"];
    private static readonly string[] s_tableMembers = ["edits", "derived", "weight", "groupMeans"];

    public static Codebook Read(JsonNode root)
    {
        if (!root.IsObject || !root.Has("fields"))
            throw root.Wrong("is not a codebook: it has no 'fields'; codebooks are Table Schemas, and impute codebook proposes one");
        JsonNode? own = Own(root, s_tableMembers);
        IReadOnlyList<JsonNode> everywhere = root.Find("missingValues")?.Items() ?? [];
        HashSet<string> keys = root.Find("primaryKey") is not { } key ? [] : key.IsArray ? [.. key.Texts()] : [key.Text()];
        string? weight = own?.Find("weight")?.Text();
        Dictionary<string, SurveyRule> derived = (own?.Find("derived")?.Members() ?? []).ToDictionary(m => m.Name, m => Rule(m.Value));

        var fields = new List<CodebookField>();
        var names = new HashSet<string>();
        foreach (JsonNode node in root["fields"].Items())
        {
            CodebookField field = Field(node, everywhere);
            if (!names.Add(field.Name)) throw node["name"].Wrong($"is '{field.Name}', as of an earlier field; names must differ");
            if (field.Measure is null && keys.Contains(field.Name)) field = field with { Measure = Measure.Identifier };
            if (field.Name == weight) field = field with { Measure = Measure.Weight };
            if (derived.Remove(field.Name, out SurveyRule? rule)) field = field with { Derived = rule };
            fields.Add(field);
        }
        if (derived.Keys.FirstOrDefault() is { } stray) throw root["imputation"]["derived"].Wrong($"derives '{stray}', which is no field");
        return new Codebook(fields, (own?.Find("edits")?.Items() ?? []).Select(e => new CodebookEdit(e["name"].Text(), Rule(e["rule"]))))
        {
            GroupMeans = [.. (own?.Find("groupMeans")?.Items() ?? []).Select(GroupMean)],
        };
    }

    private static GroupMean GroupMean(JsonNode node) => new(node["group"].Text(), node["column"].Text(), node.Find("level")?.Text(),
        node["mean"].Number(), node["ratio"].Number() is > 0 and var ratio ? ratio : throw node["ratio"].Wrong("is not above 0"));

    private static CodebookField Field(JsonNode node, IReadOnlyList<JsonNode> everywhere)
    {
        string name = node["name"].Text();
        if (name.Length == 0) throw node["name"].Wrong("is empty, expected the name of a column");
        string type = node.Find("type")?.Text() ?? "any";
        bool numeric = type is "integer" or "number";
        JsonNode? own = Own(node, s_fieldMembers), kinds = own?.Find("missing");

        var missing = new List<MissingCode>();
        foreach (JsonNode code in node.Find("missingValues")?.Items() ?? everywhere)
        {
            (string value, string? label) = ValueAndLabel(code);
            if (value.Length == 0) continue; // an empty cell always is missing
            missing.Add(new MissingCode(value, label, kinds?.Find(value) is { } reason ? Reason(reason) : MissingReason.Nonresponse));
        }
        foreach ((string value, JsonNode reason) in kinds?.Members() ?? [])
        {
            if (value.Length > 0 && missing.TrueForAll(code => code.Value != value))
                throw reason.Wrong("is the kind of a code that is not among the field's missingValues");
        }

        Categories? categories = null;
        bool ordered = node.Find("categoriesOrdered")?.Truth() ?? false;
        if (node.Find("categories") is { } listed)
        {
            Category[] levels = [.. listed.Items().Select(level => Level(level, numeric))];
            if (levels.GroupBy(l => l.Value).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw listed.Wrong($"has '{twice.Key}' twice");
            categories = levels.Length == 0 ? null : new Categories(levels, ordered);
        }
        Measure? measure = own?.Find("measure") is { } declared ? declared.Enum<Measure>()
            : categories is { Levels.Count: 2 } || type == "boolean" ? Measure.Binary
            : categories is null ? null
            : ordered ? Measure.Ordinal
            : Measure.Nominal;
        var field = new CodebookField(name)
        {
            Title = node.Find("title")?.Text() ?? "",
            Measure = measure,
            Categories = categories,
            Missing = missing,
            Bounds = numeric && node.Find("constraints") is { } constraints ? Bounds(constraints) : Imputation.Bounds.None,
            Universe = own?.Find("universe") is { } universe ? Rule(universe) : null,
            Derived = own?.Find("derived") is { } derived ? Rule(derived) : null,
            DerivedEvidence = own?.Find("derivedEvidence")?.Text() ?? "",
            Evidence = own?.Find("evidence")?.Text() ?? "",
        };
        if (field.Universe?.Columns.Contains(name) == true)
            throw node["imputation"]["universe"].Wrong($"reads '{name}' itself; a universe says by other columns who was asked");
        if (field.Derived?.Columns.Contains(name) == true)
            throw node["imputation"]["derived"].Wrong($"reads '{name}' itself; it says how the value follows from other columns");
        return field;
    }

    private static Bounds Bounds(JsonNode constraints)
    {
        double lower = constraints.Find("minimum") is { } minimum ? Bound(minimum) : double.NegativeInfinity,
            upper = constraints.Find("maximum") is { } maximum ? Bound(maximum) : double.PositiveInfinity;
        if (lower > upper) throw constraints["minimum"].Wrong($"is above the maximum, {upper.ToString("R", CultureInfo.InvariantCulture)}");
        return new Bounds(lower, upper);
    }

    /// <summary>A number; the standard allows it as text too.</summary>
    private static double Bound(JsonNode node) => node.IsText
        ? double.TryParse(node.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out double x) && double.IsFinite(x) ? x
            : throw node.Wrong($"is '{node.Text()}', expected a number")
        : node.Number();

    private static Category Level(JsonNode node, bool numeric)
    {
        (string value, string? label) = ValueAndLabel(node);
        return new Category(numeric && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) ? x : value,
            label);
    }

    /// <summary>A value that is a text, a number, or an object of a value and a label.</summary>
    private static (string Value, string? Label) ValueAndLabel(JsonNode node)
    {
        if (!node.IsObject) return (node.IsText ? node.Text() : node.Number().ToString("R", CultureInfo.InvariantCulture), null);
        (string value, _) = ValueAndLabel(node["value"]);
        return (value, node.Find("label")?.Text());
    }

    private static MissingReason Reason(JsonNode node) => node.Text() switch
    {
        "nonresponse" => MissingReason.Nonresponse,
        "structural" => MissingReason.NotAsked,
        var other => throw node.Wrong($"is '{other}', expected nonresponse or structural"),
    };

    private static SurveyRule Rule(JsonNode node)
    {
        try
        {
            return SurveyRule.Parse(node.Text());
        }
        catch (FormatException malformed)
        {
            throw node.Wrong($"is malformed. {malformed.Message.TrimEnd('.')}");
        }
    }

    /// <summary>What is said beyond the standard; null where nothing is.</summary>
    private static JsonNode? Own(JsonNode node, string[] members)
    {
        JsonNode? own = node.Find("imputation");
        foreach ((string name, JsonNode value) in own?.Members() ?? [])
            if (!members.Contains(name)) throw value.Wrong($"means nothing here; expected {string.Join(", ", members)}");
        return own;
    }
}
