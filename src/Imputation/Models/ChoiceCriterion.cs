namespace Imputation;

/// <summary>What models are compared by.</summary>
public enum ChoiceCriterion
{
    /// <summary>The loss in predicting hidden cells, <see cref="ModelCandidate.Loss"/>: a tenth of the observed cells is hidden, in the
    /// patterns that the table has, from a fit of their own.</summary>
    HiddenCells,

    /// <summary>The Bayesian information criterion, <see cref="FitReport.Bic"/>; of models of the same columns.</summary>
    Bic,

    /// <summary>The integrated completed likelihood: BIC, and for mixtures twice the entropy of the rows' components besides.</summary>
    Icl,
}
