using System.Globalization;
using Imputation.Files.Formats;

namespace Imputation.Files.Spss;

/// <summary>The dictionary of a system file as a codebook.</summary>
internal static class SpssCodebook
{
    public static Codebook Of(SpssDictionary dictionary) => new(dictionary.Variables.Select(v =>
        Field(v, isWeight: v.Name == dictionary.Weight)));

    private static CodebookField Field(SpssVariable variable, bool isWeight)
    {
        SpssValueLabel[] levels = [.. variable.ValueLabels.Where(l => !IsMissing(variable, l.Value))];
        // Labels of a scale name single points, such as 0 and 99; those of a variable without a level may be all there is.
        bool categorical = levels.Length > 1 && variable.Measure is SpssMeasure.Nominal or SpssMeasure.Ordinal;
        return new CodebookField(variable.Name)
        {
            Title = variable.Label,
            Measure = isWeight ? Measure.Weight
                : !categorical ? null
                // Of a scale, often only the ends have a label.
                : variable.Measure == SpssMeasure.Ordinal ? Measure.Ordinal
                : levels.Length == 2 ? Measure.Binary
                : Measure.Nominal,
            Categories = !categorical ? null
                : new Categories(levels.Select(l => new Category(l.Value, l.Label)), variable.Measure == SpssMeasure.Ordinal),
            Missing = [.. Codes(variable)],
        };
    }

    private static bool IsMissing(SpssVariable variable, object value) => value is double number ? variable.IsMissing(number)
        : variable.IsMissing((string)value);

    /// <summary>The single user-missing codes, and those within a range that have a label.</summary>
    private static IEnumerable<MissingCode> Codes(SpssVariable variable)
    {
        IEnumerable<object> single = variable.MissingRanges.Where(r => r.IsSingle).Select(r => (object)r.Low).Concat(variable.MissingTexts);
        IEnumerable<object> labelled = variable.ValueLabels.Select(l => l.Value).Where(v => IsMissing(variable, v));
        foreach (object value in single.Concat(labelled).Distinct())
        {
            string? label = variable.ValueLabels.FirstOrDefault(l => l.Value.Equals(value))?.Label;
            yield return new MissingCode(Convert.ToString(value, CultureInfo.InvariantCulture)!, label, MissingLabel.Reason(label));
        }
    }
}
