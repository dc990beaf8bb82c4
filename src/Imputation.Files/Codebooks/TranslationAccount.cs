using Imputation.Text;

namespace Imputation.Files.Codebooks;

/// <summary>What was not translated when a codebook of another format was read, as findings.</summary>
internal sealed class TranslationAccount
{
    /// <summary>Where a person can say what the other format could not, as the end of a sentence.</summary>
    public const string There = "in a Table Schema; impute codebook writes this codebook as one, to be edited.";

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<(string Text, string Reason, bool IsFilled), List<string>> _universes = [];

    /// <summary>The findings; the warnings first.</summary>
    public IReadOnlyList<Finding> Findings => [.. _universes.Select(u => Universe(u.Key.Text, u.Key.Reason, u.Key.IsFilled, u.Value))
        .Concat(_findings).OrderByDescending(f => f.Severity)];

    /// <summary>Adds what is merely not used.</summary>
    public void Note(string code, string sentence, IReadOnlyList<string> columns, string advice = "") =>
        _findings.Add(new Finding(FindingSeverity.Note, code, sentence, columns, advice));

    /// <summary>Adds what changes the filling.</summary>
    public void Warn(string code, string sentence, IReadOnlyList<string> columns, string advice = "") =>
        _findings.Add(new Finding(FindingSeverity.Warning, code, sentence, columns, advice));

    /// <summary>Adds a rule that was not translated, once for all fields that have it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The rule as it stands in the file.</param>
    /// <param name="reason">Why not.</param>
    /// <param name="isFilled">Whether cells of the field are filled.</param>
    public void Untranslated(string field, string text, string reason, bool isFilled)
    {
        (string, string, bool) key = (text, reason, isFilled);
        if (!_universes.TryGetValue(key, out List<string>? fields)) _universes.Add(key, fields = []);
        fields.Add(field);
    }

    /// <summary>A text of the file as one line.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Finding Universe(string text, string reason, bool isFilled, List<string> fields) => new(
        isFilled ? FindingSeverity.Warning : FindingSeverity.Note, "codebook-universe-untranslated",
        $"Who was asked {TextFormat.Names(fields)} was not translated: {reason}. It is: {TextFormat.Cut(text, 1000)}"
            + (isFilled ? ". Empty cells of people who were not asked may be filled." : "."), fields,
        isFilled ? $"Declare the universe {There}" : "");
}
