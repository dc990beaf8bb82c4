namespace Imputation;

/// <summary>What one completed table gave for one quantity.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Variance">The square of its standard error.</param>
public readonly record struct Estimate(string Name, double Value, double Variance);
