namespace Imputation;

/// <summary>How one start ended.</summary>
/// <param name="Start">Index of the start, from 0; 0 is the deterministic one. A saddle on the way has two ends, so an index can occur
/// twice.</param>
/// <param name="Objective">Objective at the end.</param>
/// <param name="LogLikelihood">Log-likelihood at the end.</param>
/// <param name="Outcome">How the run ended.</param>
/// <param name="IterationCount">Iterations done.</param>
/// <param name="EStepCount">E-steps spent, those for certifying the end included.</param>
/// <param name="EndPoint">Index of the end point reached, among the distinct ones; null where the run did not converge.</param>
public sealed record EmRun(
    int Start, double Objective, double LogLikelihood, EmOutcome Outcome, int IterationCount, int EStepCount, int? EndPoint);
