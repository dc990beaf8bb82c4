namespace Imputation.Reports;

/// <summary>The memory of a run, and whether the rows were in it.</summary>
/// <param name="LimitBytes">The memory, in bytes, within which rows were read in batches; null where all were in memory.</param>
/// <param name="PeakBytes">The most memory that the process had until now, in bytes; null where that is not known.</param>
public sealed record RunMemory(long? LimitBytes, long? PeakBytes);
