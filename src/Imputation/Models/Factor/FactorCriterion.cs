namespace Imputation;

/// <summary>By what the number of factors is chosen.</summary>
public enum FactorCriterion
{
    /// <summary>The log density of hidden cells: a tenth of the observed cells is hidden, the model fitted to the others, and the hidden
    /// cells predicted.</summary>
    HiddenCells,

    /// <summary>The Bayesian information criterion (Schwarz 1978).</summary>
    Bic,
}
