using System.Globalization;
using System.Text.Json;

namespace Imputation.Files.Json;

/// <summary>Writes codebooks; <see cref="CodebookReader"/> reads them.</summary>
internal static class CodebookWriter
{
    public static void WriteMembers(Utf8JsonWriter json, Codebook codebook)
    {
        json.WriteStartArray("fields");
        foreach (CodebookField field in codebook.Fields) Write(json, field);
        json.WriteEndArray();
        json.WriteString("fieldsMatch", "subset");
        string[] keys = [.. codebook.Fields.Where(f => f.Measure == Measure.Identifier).Select(f => f.Name)];
        if (keys.Length == 1) json.WriteString("primaryKey", keys[0]);
        if (codebook.Edits.Count == 0 && codebook.GroupMeans.Count == 0) return;
        json.WriteStartObject("imputation");
        if (codebook.Edits.Count > 0)
        {
            JsonText.Lines(json, "edits", codebook.Edits, (line, edit) =>
            {
                line.WriteStartObject();
                line.WriteString("name", edit.Name);
                line.WriteString("rule", edit.Rule.ToString());
                line.WriteEndObject();
            });
        }
        if (codebook.GroupMeans.Count > 0)
        {
            JsonText.Lines(json, "groupMeans", codebook.GroupMeans, (line, effect) =>
            {
                line.WriteStartObject();
                line.WriteString("group", effect.Key);
                line.WriteString("column", effect.Column);
                if (effect.Level is { } level) line.WriteString("level", level);
                line.WriteNumber("mean", effect.Mean);
                line.WriteNumber("ratio", effect.Ratio);
                line.WriteEndObject();
            });
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CodebookField field)
    {
        bool numeric = field.Categories?.Levels.All(l => l.Value is not string) ?? (field.Bounds.Any
            || field.Measure is Measure.Continuous or Measure.Count or Measure.Semicontinuous);
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        if (numeric) json.WriteString("type", "number");
        if (field.Title.Length > 0) json.WriteString("title", field.Title);
        if (field.Categories is { } categories)
        {
            JsonText.Lines(json, "categories", categories.Levels, (line, level) => Write(line, level.Value, level.Label));
            json.WriteBoolean("categoriesOrdered", categories.IsOrdered);
        }
        if (field.Missing.Count > 0)
        {
            JsonText.Lines(json, "missingValues", field.Missing.Select(m => new MissingCode(m.Value, m.Label)).Prepend(new MissingCode("")),
                (line, code) => Write(line, code.Value, code.Label));
        }
        if (field.Bounds.Any)
        {
            json.WriteStartObject("constraints");
            if (double.IsFinite(field.Bounds.Lower)) json.WriteNumber("minimum", field.Bounds.Lower);
            if (double.IsFinite(field.Bounds.Upper)) json.WriteNumber("maximum", field.Bounds.Upper);
            json.WriteEndObject();
        }
        if (field.Measure is not null || field.Universe is not null || field.Derived is not null || field.Evidence.Length > 0
            || field.Missing.Count > 0)
        {
            json.WriteStartObject("imputation");
            if (field.Measure is { } measure) json.WriteString("measure", JsonText.Of(measure));
            if (field.Universe is { } universe) json.WriteString("universe", universe.ToString());
            if (field.Derived is { } derived) json.WriteString("derived", derived.ToString());
            if (field.DerivedEvidence.Length > 0) json.WriteString("derivedEvidence", field.DerivedEvidence);
            if (field.Missing.Count > 0)
            {
                json.WriteStartObject("missing");
                foreach (MissingCode code in field.Missing)
                    json.WriteString(code.Value, code.Reason == MissingReason.NotAsked ? "structural" : "nonresponse");
                json.WriteEndObject();
            }
            if (field.Evidence.Length > 0) json.WriteString("evidence", field.Evidence);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter line, object value, string? label)
    {
        if (label is not null)
        {
            line.WriteStartObject();
            line.WritePropertyName("value");
        }
        if (value is double number) line.WriteNumberValue(number);
        else if (value is long whole) line.WriteNumberValue(whole);
        else line.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
        if (label is null) return;
        line.WriteString("label", label);
        line.WriteEndObject();
    }
}
