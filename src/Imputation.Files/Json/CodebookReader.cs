using System.Globalization;

namespace Imputation.Files.Json;

/// <summary>Reads codebooks: Frictionless Table Schema v2 with one property of our own, <c>imputation</c>.</summary>
internal static class CodebookReader
{
    private static readonly string[] s_fieldMembers = ["measure", "universe", "missing", "derived", "evidence"];
    private static readonly string[] s_tableMembers = ["edits", "derived", "weight"];

    public static Codebook Read(JsonNode root)
    {
        if (!root.IsObject || !root.Has("fields"))
            throw root.Wrong("is not a codebook: it has no 'fields'; codebooks are Table Schemas, and impute codebook proposes one");
        JsonNode? own = root.Has("imputation") ? Known(root["imputation"], s_tableMembers) : null;
        IReadOnlyList<JsonNode> everywhere = root.Has("missingValues") ? root["missingValues"].Items() : [];
        var keys = new HashSet<string>(!root.Has("primaryKey") ? [] : root["primaryKey"].IsArray ? root["primaryKey"].Texts()
            : [root["primaryKey"].Text()]);
        string? weight = own is { } table && table.Has("weight") ? table["weight"].Text() : null;
        Dictionary<string, SurveyRule> derived = own is { } t && t.Has("derived")
            ? t["derived"].Members().ToDictionary(m => m.Name, m => Rule(m.Value)) : [];

        var fields = new List<CodebookField>();
        foreach (JsonNode node in root["fields"].Items())
        {
            CodebookField field = Field(node, everywhere);
            if (fields.Any(f =>
                f.Name == field.Name)) throw node["name"].Wrong($"is '{field.Name}', as of an earlier field; names must differ");
            if (field.Measure is null && keys.Contains(field.Name)) field = field with { Measure = Measure.Identifier };
            if (field.Name == weight) field = field with { Measure = Measure.Weight };
            if (derived.Remove(field.Name, out SurveyRule? rule)) field = field with { Derived = rule };
            fields.Add(field);
        }
        if (derived.Keys.FirstOrDefault() is { } stray) throw root["imputation"]["derived"].Wrong($"derives '{stray}', which is no field");
        CodebookEdit[] edits = own is { } o && o.Has("edits")
            ? [.. o["edits"].Items().Select(e => new CodebookEdit(e["name"].Text(), Rule(e["rule"])))] : [];
        return new Codebook(fields, edits);
    }

    private static CodebookField Field(JsonNode node, IReadOnlyList<JsonNode> everywhere)
    {
        string name = node["name"].Text();
        if (name.Length == 0) throw node["name"].Wrong("is empty, expected the name of a column");
        string type = node.Has("type") ? node["type"].Text() : "any";
        bool numeric = type is "integer" or "number";
        JsonNode? own = node.Has("imputation") ? Known(node["imputation"], s_fieldMembers) : null;
        JsonNode? kinds = own is { } m && m.Has("missing") ? m["missing"] : null;

        var missing = new List<MissingCode>();
        foreach (JsonNode code in node.Has("missingValues") ? node["missingValues"].Items() : everywhere)
        {
            (string value, string? label) = ValueAndLabel(code);
            if (value.Length == 0) continue; // an empty cell always is missing
            missing.Add(new MissingCode(value, label, kinds is { } k && k.Has(value) ? Reason(k[value]) : MissingReason.Nonresponse));
        }
        foreach ((string value, JsonNode reason) in kinds?.Members() ?? [])
        {
            if (value.Length > 0 && missing.TrueForAll(code => code.Value != value))
                throw reason.Wrong("is the kind of a code that is not among the field's missingValues");
        }

        Categories? categories = null;
        bool ordered = node.Has("categoriesOrdered") && node["categoriesOrdered"].Truth();
        if (node.Has("categories"))
        {
            Category[] levels = [.. node["categories"].Items().Select(level => Level(level, numeric))];
            if (levels.GroupBy(l => l.Value).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw node["categories"].Wrong($"has '{twice.Key}' twice");
            categories = levels.Length == 0 ? null : new Categories(levels, ordered);
        }
        Measure? measure = own is { } i && i.Has("measure") ? i["measure"].Enum<Measure>()
            : categories is { Levels.Count: 2 } || type == "boolean" ? Measure.Binary
            : categories is null ? null
            : ordered ? Measure.Ordinal
            : Measure.Nominal;
        JsonNode? constraints = node.Has("constraints") ? node["constraints"] : null;
        var field = new CodebookField(name)
        {
            Title = node.Has("title") ? node["title"].Text() : "",
            Measure = measure,
            Categories = categories,
            Missing = missing,
            Bounds = numeric && constraints is { } c ? Bounds(c) : Imputation.Bounds.None,
            Universe = own is { } u && u.Has("universe") ? Rule(u["universe"]) : null,
            Derived = own is { } d && d.Has("derived") ? Rule(d["derived"]) : null,
            Evidence = own is { } e && e.Has("evidence") ? e["evidence"].Text() : "",
        };
        if (field.Universe?.Columns.Contains(name) == true)
            throw node["imputation"]["universe"].Wrong($"reads '{name}' itself; a universe says by other columns who was asked");
        return field;
    }

    private static Bounds Bounds(JsonNode constraints)
    {
        double lower = constraints.Has("minimum") ? Bound(constraints["minimum"]) : double.NegativeInfinity,
            upper = constraints.Has("maximum") ? Bound(constraints["maximum"]) : double.PositiveInfinity;
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
        return (value, node.Has("label") ? node["label"].Text() : null);
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

    private static JsonNode Known(JsonNode node, string[] members)
    {
        foreach ((string name, JsonNode value) in node.Members())
            if (!members.Contains(name)) throw value.Wrong($"means nothing here; expected {string.Join(", ", members)}");
        return node;
    }
}
