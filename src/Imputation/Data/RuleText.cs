using System.Globalization;

namespace Imputation.Data;

/// <summary>Names and constants as rules write them.</summary>
internal static class RuleText
{
    /// <summary>A column's name, in backquotes where it is no plain word.</summary>
    public static string Name(string column) => column.Length > 0 && (char.IsLetter(column[0]) || column[0] == '_')
        && column.All(c => char.IsLetterOrDigit(c) || c is '_' or '.')
        && column.ToLowerInvariant() is not ("and" or "or" or "not" or "in" or "missing" or "true" or "false") ? column : $"`{column}`";

    /// <summary>A text in the quotes that it does not contain.</summary>
    public static string Quoted(string text) => text.Contains('\'') ? $"\"{text}\"" : $"'{text}'";

    /// <summary>A number.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
