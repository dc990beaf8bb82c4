namespace Imputation.Models.LatentNormal;

/// <summary>What a cell says of a latent normal variable: its value, an interval that it lies in, or nothing.</summary>
/// <param name="Lower">Lower end of the interval, or the value; NaN where nothing is known.</param>
/// <param name="Upper">Upper end; equal to <paramref name="Lower"/> for a value.</param>
internal readonly record struct LatentCell(double Lower, double Upper)
{
    /// <summary>Nothing is known.</summary>
    public static LatentCell Missing { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether nothing is known.</summary>
    public bool IsMissing => double.IsNaN(Lower);

    /// <summary>Whether the value is known.</summary>
    public bool IsPoint => Lower == Upper;

    /// <summary>The value is known.</summary>
    public static LatentCell Point(double value) => new(value, value);
}

/// <summary>The link between a column and its latent normal variables: what a cell says of them, and what they say of a missing
/// cell.</summary>
/// <remarks>Cells are numbers; of a category, indices of its levels in the model. Means and standard deviations are those of the latent
/// variables given the row.</remarks>
internal abstract class Margin
{
    /// <summary>The kind's name in model files.</summary>
    public abstract string Kind { get; }

    /// <summary>Number of latent variables.</summary>
    public virtual int LatentCount => 1;

    /// <summary>Whether the scale of the latent variables cannot be seen in the data: one threshold each. Their variance is then
    /// 1.</summary>
    public virtual bool IsScaleFree => false;

    /// <summary>Whether the latent variable is the number itself, but for units.</summary>
    public virtual bool IsIdentity => false;

    /// <summary>What a cell says of each latent variable.</summary>
    public abstract void Read(double cell, Span<LatentCell> latents);

    /// <summary>Logarithm of the derivative of the latent value by the cell's, at a cell that gives a value on the scale of the data; 0
    /// where the margin has no density of its own.</summary>
    public virtual double LogJacobian => 0;

    /// <summary>The single value that fills a missing cell.</summary>
    public abstract double Fill(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation);

    /// <summary>Standard deviation of the cell; NaN for a category.</summary>
    public abstract double Deviation(double mean, double deviation);

    /// <summary>Quantile of the cell; NaN for a category without order.</summary>
    /// <param name="latent">The same quantile of the latent variable.</param>
    public abstract double Value(double latent);

    /// <summary>Continuous ranked probability score against a value; NaN for a category.</summary>
    public abstract double Crps(double mean, double deviation, double value);

    /// <summary>Number of values that have probabilities; 0 for a margin with points.</summary>
    public virtual int LevelCount => 0;

    /// <summary>The cell of a level.</summary>
    public virtual double LevelValue(int level) => level;

    /// <summary>Probabilities of the levels.</summary>
    public virtual void Probabilities(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, Span<double> target) { }

    /// <summary>The latent interval that is the same as an interval of cells: the limits of a truncated draw.</summary>
    public virtual (double Lower, double Upper) Limits(Bounds bounds) => (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The parameters, as model files keep them.</summary>
    public abstract IEnumerable<(string Name, object Value)> Parameters { get; }
}
