namespace Imputation.Models.Gaussian;

/// <summary>The conditional means of a normal model as regressions on the observed columns, in the units of the data.</summary>
internal sealed class ConditionalMeans
{
    private readonly GaussianMoments.Standard _standard;
    private readonly GaussianParameters _parameters;

    private ConditionalMeans(GaussianMoments.Standard standard, GaussianParameters parameters) =>
        (_standard, _parameters) = (standard, parameters);

    /// <summary>Those of a fitted model; null where it is not a normal one, or its covariance is not positive definite.</summary>
    public static ConditionalMeans? Of(FittedModel model)
    {
        if (model.ModelName != "normal" || model.Moments is not { } moments) return null;
        GaussianMoments.Standard standard = GaussianMoments.Of(moments).Standardised;
        return standard.Parameters is { } parameters ? new ConditionalMeans(standard, parameters) : null;
    }

    /// <summary>Means of the columns.</summary>
    public IReadOnlyList<double> Mean => _standard.Center;

    /// <summary>B, |M| × |O|: E[x_M | x_O] = μ_M + B (x_O − μ_O); null where Σ_OO cannot be factored.</summary>
    public double[,]? Coefficients(int[] observed, int[] missing)
    {
        var coefficients = new double[missing.Length, observed.Length];
        if (observed.Length == 0 || missing.Length == 0) return coefficients;
        var conditional = new GaussianConditional(_parameters.Count);
        if (!conditional.Compute(_parameters, observed, missing)) return null;
        for (int a = 0; a < missing.Length; a++)
            for (int b = 0; b < observed.Length; b++)
                coefficients[a, b] = conditional.Coefficients[a * observed.Length + b] * _standard.Scale[missing[a]]
                    / _standard.Scale[observed[b]];
        return coefficients;
    }
}
