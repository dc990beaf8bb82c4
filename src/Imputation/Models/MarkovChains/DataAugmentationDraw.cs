namespace Imputation;

/// <summary>Parameters drawn from their posterior distribution: what one imputation is made with.</summary>
/// <param name="Index">k, from 0.</param>
/// <param name="Chain">The chain it belongs to, from 0: k modulo the number of chains.</param>
/// <param name="Iteration">The iteration of that chain, from 1: burn-in + ⌊k / chains⌋ · thinning.</param>
/// <param name="Mean">p means, in the units of the data.</param>
/// <param name="Covariance">p × p, symmetric, in the units of the data.</param>
public sealed record DataAugmentationDraw(int Index, int Chain, int Iteration, IReadOnlyList<double> Mean, double[,] Covariance);
