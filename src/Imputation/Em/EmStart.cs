namespace Imputation;

/// <summary>The requested start of a model.</summary>
/// <param name="Index">0 is the model's deterministic start; any other is random.</param>
/// <param name="Seed">Seed of a random start; the same index and seed give the same start.</param>
public readonly record struct EmStart(int Index, ulong Seed)
{
    /// <summary>The deterministic start.</summary>
    public static EmStart Deterministic { get; } = new(0, 0);
}
