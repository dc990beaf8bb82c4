namespace Imputation.Models.MarkovChains;

/// <summary>The key that determines the random numbers of an iteration.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Chain">The chain, from 0.</param>
/// <param name="Iteration">The iteration, from 1; 0 is the start.</param>
internal readonly record struct DrawKey(ulong Seed, int Chain, int Iteration);
