namespace Imputation;

/// <summary>The estimate of one quantity from one completed table.</summary>
/// <param name="Name">Name of the quantity.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Variance">The square of its standard error.</param>
public readonly record struct Estimate(string Name, double Value, double Variance);
