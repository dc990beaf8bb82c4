namespace Imputation;

/// <summary>The variance that factors leave to each column.</summary>
public enum FactorNoise
{
    /// <summary>A uniqueness for each column, as in factor analysis. Rescaling a column does not change the model.</summary>
    PerColumn,

    /// <summary>The same variance σ² for all columns in the units of the data, as in probabilistic PCA (Tipping and Bishop 1999): for
    /// columns of one kind, such as ratings. The model depends on the columns' units.</summary>
    Equal,
}
