namespace Imputation.Files.Formats;

/// <summary>What the label of a code says about an answer that is not there.</summary>
internal static class MissingLabel
{
    /// <summary>Words that say that there is no answer because there was no question.</summary>
    private static readonly string[] s_notAsked = ["not applicable", "inapplicable", "does not apply", "not asked", "skipped", "inap",
        "iap", "legitimate skip", "valid skip", "not in universe", "n.i.u.", "niu"];

    /// <summary>Beginnings of labels that say that the question was not answered, for codes that nobody declared missing.</summary>
    private static readonly string[] s_unanswered = ["don't know", "don\u2019t know", "dont know", "do not know", "not known", "unknown",
        "refuse", "declined", "prefer not", "no answer", "not answered", "no response", "missing", "not stated", "not reported", "n/a",
        "niu"];

    /// <summary>The reason that the label of a code for missing gives; nonresponse where it gives none.</summary>
    public static MissingReason Reason(string? label) => label is not null && SaysNotAsked(label) ? MissingReason.NotAsked
        : MissingReason.Nonresponse;

    /// <summary>Whether the label of a code that is not declared missing suggests that it is.</summary>
    public static bool Suggests(string? label) => label is not null
        && (s_notAsked.Any(word => word.Length > 4 && label.Contains(word, StringComparison.OrdinalIgnoreCase)) // not Diaper
            || s_unanswered.Any(word => label.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private static bool SaysNotAsked(string label) => s_notAsked.Any(word => label.Contains(word, StringComparison.OrdinalIgnoreCase));
}
