namespace Imputation;

/// <summary>What the components' covariances have in common.</summary>
public enum MixtureShape
{
    /// <summary>Every component has a covariance of its own.</summary>
    Full,

    /// <summary>All components have the same covariance.</summary>
    Tied,

    /// <summary>Every component has variances of its own; within a component columns are independent.</summary>
    Diagonal,

    /// <summary>Every component has one variance, the same for all columns: it depends on the units of the columns.</summary>
    Spherical,
}
