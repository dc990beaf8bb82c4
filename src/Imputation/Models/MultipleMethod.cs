namespace Imputation;

/// <summary>Where the parameters of each imputation come from. Without new ones each time, imputations would all agree on what the data do
/// not say.</summary>
public enum MultipleMethod
{
    /// <summary>The estimate from a resample of the rows (Honaker and King 2010).</summary>
    BootstrapEm,

    /// <summary>A draw from the posterior distribution, by a Markov chain that draws missing cells and parameters by turns (Schafer 1997,
    /// §5.4).</summary>
    DataAugmentation,
}
