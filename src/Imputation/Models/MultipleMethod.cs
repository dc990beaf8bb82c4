namespace Imputation;

/// <summary>Source of the parameters of each imputation. With the same parameters each time, imputations would ignore the uncertainty
/// of the estimates.</summary>
public enum MultipleMethod
{
    /// <summary>The estimate from a resample of the rows (Honaker and King 2010).</summary>
    BootstrapEm,

    /// <summary>A draw from the posterior distribution, by a Markov chain that draws missing cells and parameters by turns (Schafer 1997,
    /// §5.4).</summary>
    DataAugmentation,
}
