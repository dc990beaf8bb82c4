namespace Imputation.Models.LatentNormal;

/// <summary>A number that is itself normal: the latent variable is the number, standardised.</summary>
/// <param name="center">Mean of the observed cells.</param>
/// <param name="scale">Their standard deviation, divisor n.</param>
internal sealed class IdentityMargin(double center, double scale) : Margin
{
    internal const string Name = "identity";

    /// <summary>Mean of the observed cells.</summary>
    public double Center => center;

    /// <summary>Their standard deviation.</summary>
    public double Scale => scale;

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override bool IsIdentity => true;

    /// <inheritdoc/>
    public override double LogJacobian => -Math.Log(scale);

    /// <inheritdoc/>
    public override void Read(double cell, Span<LatentCell> latents) => latents[0] = LatentCell.Point((cell - center) / scale);

    /// <inheritdoc/>
    public override double Fill(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation) => Value(mean[0]);

    /// <inheritdoc/>
    public override double Deviation(double mean, double deviation) => scale * deviation;

    /// <inheritdoc/>
    public override double Value(double latent) => center + scale * latent;

    /// <inheritdoc/>
    public override double Crps(double mean, double deviation, double value) =>
        Statistics.Crps.Normal(Value(mean), scale * deviation, value);

    /// <inheritdoc/>
    public override (double Lower, double Upper) Limits(Bounds bounds) =>
        ((bounds.Lower - center) / scale, (bounds.Upper - center) / scale);

    /// <inheritdoc/>
    public override IEnumerable<(string Name, object Value)> Parameters => [("location", new[] { center, scale })];
}
