using System.Globalization;
using Imputation.Data;

namespace Imputation.Files.Codebooks;

/// <summary>Codes that are numbers.</summary>
internal static class CodeNumber
{
    /// <summary>A plain number, with a sign or without, that is written the usual way; null for any other text.</summary>
    public static double? Of(string code) => double.TryParse(code, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
        CultureInfo.InvariantCulture, out double x) && double.IsFinite(x) ? x : null;

    /// <summary>The number that a code is, where it is written as numbers are: 1, but not 01.</summary>
    public static double? Canonical(string code) => Of(code) is { } x && RuleText.Number(x) == code ? x : null;
}
