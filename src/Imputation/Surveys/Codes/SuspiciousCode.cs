namespace Imputation.Surveys.Codes;

/// <summary>A value that is separated from the others and looks like a missing-value code.</summary>
/// <param name="Value">The value; of dates, its day.</param>
/// <param name="Text">Its text in the data.</param>
/// <param name="Count">Number of its cells.</param>
/// <param name="Nearest">The nearest other value; NaN where there is none to compare with.</param>
internal sealed record SuspiciousCode(double Value, string Text, int Count, double Nearest);
