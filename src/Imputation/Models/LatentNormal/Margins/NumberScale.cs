namespace Imputation;

/// <summary>The scale on which numbers enter the latent normal model.</summary>
public enum NumberScale
{
    /// <summary>Their own scale where they look normal, normal scores where they are skewed, heavy-tailed, heaped or few.</summary>
    Auto,

    /// <summary>Their own scale: with no category in the table this is the multivariate normal model.</summary>
    Identity,

    /// <summary>Normal scores, and intervals of them for values that many cells share.</summary>
    Scores,
}
