namespace Imputation.Benchmarks.Report;

/// <summary>What is compared.</summary>
internal enum Quantity
{
    Seconds,
    PartSeconds,
    Evaluations,
    PeakBytes,
}
