namespace Imputation.Models.LatentNormal;

/// <summary>A category whose levels have an order, or with two levels: the latent variable lies between two thresholds.</summary>
/// <param name="levels">The levels' texts.</param>
/// <param name="thresholds">Ascending; one fewer than levels.</param>
/// <param name="ordered">Whether the order means something; otherwise there are two levels that occur.</param>
internal sealed class OrderedMargin(string[] levels, double[] thresholds, bool ordered) : Margin, ILevels
{
    internal const string Name = "ordered";

    private readonly double[] _lower = [double.NegativeInfinity, .. thresholds];
    private readonly double[] _upper = [.. thresholds, double.PositiveInfinity];

    /// <inheritdoc/>
    public IReadOnlyList<string> Levels => levels;

    /// <inheritdoc/>
    public bool IsOrdered => ordered;

    /// <summary>The thresholds.</summary>
    public IReadOnlyList<double> Thresholds => thresholds;

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override bool IsScaleFree => thresholds.Length == 1;

    /// <inheritdoc/>
    public override void Read(double cell, Span<LatentCell> latents) => latents[0] = cell >= 0 && cell < levels.Length
        ? new LatentCell(_lower[(int)cell], _upper[(int)cell]) : LatentCell.Missing;

    /// <inheritdoc/>
    /// <remarks>The median level: of those that fit, the one with the least expected distance. Of two levels the median is the more
    /// probable.</remarks>
    public override double Fill(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation) => Value(mean[0]);

    /// <inheritdoc/>
    public override double Deviation(double mean, double deviation) => double.NaN;

    /// <inheritdoc/>
    public override double Value(double latent)
    {
        int level = 0;
        while (level < thresholds.Length && latent > thresholds[level]) level++;
        return level;
    }

    /// <inheritdoc/>
    public override double Crps(double mean, double deviation, double value) => double.NaN;

    /// <inheritdoc/>
    public override int LevelCount => levels.Length;

    /// <inheritdoc/>
    public override void Probabilities(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, Span<double> target) =>
        LevelMath.Intervals(_lower, _upper, mean[0], deviation[0], target);

    /// <inheritdoc/>
    public override IEnumerable<(string Name, object Value)> Parameters =>
        [("levels", levels), ("order", ordered ? "ordered" : "none"), ("thresholds", thresholds)];
}
