using Imputation.Numerics.Distributions;

namespace Imputation.Models.LatentNormal;

/// <summary>A category of three or more levels without order: a latent variable for each asks whether it is this level, and the
/// probabilities are scaled so that they add up to 1.</summary>
/// <remarks>Rare levels share one latent variable and its probability, by how often each occurs; a level that never occurred has that of
/// half a count.</remarks>
/// <param name="levels">The levels' texts.</param>
/// <param name="latentOf">The latent variable of each level; −1 for one that never occurred.</param>
/// <param name="shares">The level's share of its latent variable's probability; of one that never occurred, its probability.</param>
/// <param name="thresholds">One for each latent variable: above it lies the level.</param>
internal sealed class NominalMargin(string[] levels, int[] latentOf, double[] shares, double[] thresholds) : Margin, ILevels
{
    internal const string Name = "nominal";

    private readonly double _seen = 1 - shares.Where((_, k) => latentOf[k] < 0).Sum();

    /// <inheritdoc/>
    public IReadOnlyList<string> Levels => levels;

    /// <inheritdoc/>
    public bool IsOrdered => false;

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override int LatentCount => thresholds.Length;

    /// <inheritdoc/>
    public override bool IsScaleFree => true;

    /// <summary>The latent variable of a level.</summary>
    public int LatentOf(int level) => latentOf[level];

    /// <summary>The threshold of a latent variable.</summary>
    public double Threshold(int latent) => thresholds[latent];

    /// <inheritdoc/>
    public override void Read(double cell, Span<LatentCell> latents)
    {
        int own = cell >= 0 && cell < levels.Length ? latentOf[(int)cell] : -1;
        for (int k = 0; k < thresholds.Length; k++)
            latents[k] = own < 0 ? LatentCell.Missing : k == own ? new LatentCell(thresholds[k], double.PositiveInfinity)
                : new LatentCell(double.NegativeInfinity, thresholds[k]);
    }

    /// <inheritdoc/>
    public override double Fill(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation)
    {
        Span<double> p = levels.Length <= 128 ? stackalloc double[levels.Length] : new double[levels.Length];
        Probabilities(mean, deviation, p);
        int best = 0;
        for (int k = 1; k < p.Length; k++)
            if (p[k] > p[best]) best = k;
        return best;
    }

    /// <inheritdoc/>
    public override double Deviation(double mean, double deviation) => double.NaN;

    /// <inheritdoc/>
    public override double Value(double latent) => double.NaN;

    /// <inheritdoc/>
    public override double Crps(double mean, double deviation, double value) => double.NaN;

    /// <inheritdoc/>
    public override int LevelCount => levels.Length;

    /// <inheritdoc/>
    public override void Probabilities(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, Span<double> target)
    {
        double sum = 0;
        Span<double> own = thresholds.Length <= 128 ? stackalloc double[thresholds.Length] : new double[thresholds.Length];
        for (int k = 0; k < own.Length; k++)
            sum += own[k] = Math.Max(TruncatedNormal.Cumulative((mean[k] - thresholds[k]) / deviation[k]), 1e-300);
        for (int k = 0; k < levels.Length; k++) target[k] = latentOf[k] < 0 ? shares[k] : _seen * shares[k] * own[latentOf[k]] / sum;
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, object Value)> Parameters =>
    [
        ("levels", levels), ("latents", Array.ConvertAll(latentOf, k => (double)k)), ("shares", shares), ("thresholds", thresholds),
    ];
}
