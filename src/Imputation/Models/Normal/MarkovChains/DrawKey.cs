namespace Imputation.Models.Normal.MarkovChains;

/// <summary>What the random numbers of an iteration belong to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Iteration">The iteration, from 1; 0 is the start.</param>
internal readonly record struct DrawKey(ulong Seed, int Chain, int Iteration);
