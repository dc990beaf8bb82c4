namespace Imputation;

/// <summary>A predictor that a regression has no coefficient for.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="ExplainedBy">The predictors before it of which it is a combination; empty where it is constant.</param>
public sealed record DroppedPredictor(string Name, string Reason, IReadOnlyList<string> ExplainedBy);
