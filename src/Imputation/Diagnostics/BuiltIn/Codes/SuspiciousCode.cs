namespace Imputation.Diagnostics.BuiltIn.Codes;

/// <summary>A value that stands apart and looks like a code for missing.</summary>
/// <param name="Value">The value; of dates, its day.</param>
/// <param name="Text">How it stands in the data.</param>
/// <param name="Count">Number of its cells.</param>
/// <param name="Nearest">The nearest other value; NaN where there is none to compare with.</param>
internal sealed record SuspiciousCode(double Value, string Text, int Count, double Nearest);
