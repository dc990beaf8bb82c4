namespace Imputation.Numerics.Distributions;

/// <summary>Mass, mean and variance of the standard normal distribution cut to an interval, to nearly full relative accuracy
/// everywhere.</summary>
/// <remarks>With φ, Φ and Q = 1 − Φ (Johnson, Kotz and Balakrishnan 1994, §13.10.1):
/// <code>
/// mean = (φ(α) − φ(β)) / (Φ(β) − Φ(α))      variance = 1 + (αφ(α) − βφ(β)) / (Φ(β) − Φ(α)) − mean²
/// </code>
/// These cancel in the tails and in narrow intervals. There the continued fraction of Mills' ratio Q/φ, or quadrature about the middle of
/// the interval, takes over.</remarks>
internal static class TruncatedMoments
{
    private const double LogRootTwoPi = 0.9189385332046728, InverseRootTwoPi = 0.3989422804014327;

    /// <summary>From here on a one-sided tail goes by the continued fraction.</summary>
    private const double Tail = 4;

    /// <summary>Part of the mass, as a logarithm, beyond which a second end does not matter.</summary>
    private const double Negligible = 40;

    /// <summary>An interval this wide that begins before this point has a mass and a variance of which the textbook formula keeps 12
    /// digits.</summary>
    private const double WideWidth = 0.25, MostCentral = 3;

    /// <summary>An interval this wide in both the distribution's and the density's own scale is one panel of the quadrature.</summary>
    private const double PanelWidth = 1.5, PanelFall = 8;

    // Gauss-Legendre, 20 points: the positive half.
    private static readonly double[] s_nodes =
    [
        0.0765265211334973, 0.2277858511416451, 0.3737060887154195, 0.5108670019508271, 0.6360536807265150,
        0.7463319064601508, 0.8391169718222188, 0.9122344282513259, 0.9639719272779138, 0.9931285991850949,
    ];

    private static readonly double[] s_weights =
    [
        0.1527533871307258, 0.1491729864726037, 0.1420961093183820, 0.1316886384491766, 0.1181945319615184,
        0.1019301198172404, 0.0832767415767048, 0.0626720483341091, 0.0406014298003869, 0.0176140071391521,
    ];

    // 6 points: their error is below 1e-15 where the logarithm of the density changes by no more than this.
    private const double FewWidth = 0.5, FewFall = 1;

    private static readonly double[] s_fewNodes = [0.2386191860831969, 0.6612093864662645, 0.9324695142031521];

    private static readonly double[] s_fewWeights = [0.4679139345726910, 0.3607615730481386, 0.1713244923791704];

    /// <summary>Moments of Z given α &lt; Z ≤ β.</summary>
    /// <param name="alpha">Lower end; may be −∞.</param>
    /// <param name="beta">Upper end, above the lower; may be +∞.</param>
    /// <returns>log P(α &lt; Z ≤ β), the mean and the variance.</returns>
    public static (double LogMass, double Mean, double Variance) Of(double alpha, double beta)
    {
        Part(alpha, beta, out _, out _, out double mean, out double variance);
        return (LogMass(alpha, beta), mean, variance);
    }

    /// <summary>The same without the mass.</summary>
    public static (double Mean, double Variance) Moments(double alpha, double beta)
    {
        Part(alpha, beta, out _, out _, out double mean, out double variance);
        return (mean, variance);
    }

    /// <summary>The moments with the mass as a product, for those who want the logarithm of many at once.</summary>
    /// <param name="alpha">Lower end; may be −∞.</param>
    /// <param name="beta">Upper end, above the lower; may be +∞.</param>
    /// <param name="mass">P(α &lt; Z ≤ β)/s, neither very small nor large unless the interval is narrow.</param>
    /// <param name="logScale">log s.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="variance">The variance.</param>
    public static void Part(double alpha, double beta, out double mass, out double logScale, out double mean, out double variance)
    {
        if (!(alpha + beta < 0))
        {
            RightPart(alpha, beta, out mass, out logScale, out mean, out variance);
            return;
        }
        // The mirrored interval where this one is mostly on the left.
        RightPart(-beta, -alpha, out mass, out logScale, out mean, out variance);
        mean = -mean;
    }

    private static void RightPart(double alpha, double beta, out double mass, out double logScale, out double mean, out double variance)
    {
        if (double.IsNegativeInfinity(alpha)) (mass, logScale, mean, variance) = (1, 0, 0, 1);
        else if (double.IsPositiveInfinity(beta) || (alpha > 0 && 0.5 * (beta - alpha) * (beta + alpha) > Negligible))
            Above(alpha, out mass, out logScale, out mean, out variance);
        else if (alpha < MostCentral && beta - alpha > WideWidth) Between(alpha, beta, out mass, out logScale, out mean, out variance);
        else Quadrature(alpha, beta, out mass, out logScale, out mean, out variance);
    }

    /// <summary>log P(α &lt; Z ≤ β).</summary>
    public static double LogMass(double alpha, double beta)
    {
        if (alpha + beta < 0) return LogMass(-beta, -alpha);
        // Nearly 1: by what is missing to 1.
        if (alpha < -1 && double.IsPositiveInfinity(beta)) return Log1p(-Density(alpha) * MillsRatio.Of(-alpha));
        RightPart(alpha, beta, out double mass, out double logScale, out _, out _);
        return Math.Log(mass) + logScale;
    }

    /// <summary>β = ∞: mean h = φ(α)/Q(α), variance 1 − h(h − α).</summary>
    private static void Above(double alpha, out double mass, out double logScale, out double mean, out double variance)
    {
        if (alpha < 0)
        {
            double density = Density(alpha);
            mass = 1 - density * MillsRatio.Of(-alpha);
            logScale = 0;
            mean = density / mass;
            variance = 1 - mean * (mean - alpha);
            return;
        }
        logScale = -0.5 * alpha * alpha - LogRootTwoPi; // log φ(α)
        if (alpha < Tail)
        {
            mass = MillsRatio.Of(alpha);
            mean = 1 / mass;
            variance = 1 - mean * (mean - alpha);
            return;
        }
        // h = α + δ with δ = 1/(α + c); then 1 − hδ = δ(c − δ), in which nothing cancels.
        double c = MillsRatio.Fraction(alpha), delta = 1 / (alpha + c);
        mean = alpha + delta;
        mass = 1 / mean;
        variance = delta * (c - delta);
    }

    /// <summary>A wide interval about the centre: the textbook formula.</summary>
    private static void Between(double alpha, double beta, out double mass, out double logScale, out double mean, out double variance)
    {
        if (alpha < 0)
        {
            double low = Density(alpha), high = Density(beta);
            mass = 1 - low * MillsRatio.Of(-alpha) - high * MillsRatio.Of(beta);
            logScale = 0;
            mean = (low - high) / mass;
            variance = 1 + (alpha * low - beta * high) / mass - mean * mean;
            return;
        }
        // Everything over φ(α).
        double relative = Math.Exp(-0.5 * (beta - alpha) * (beta + alpha));
        mass = MillsRatio.Of(alpha) - relative * MillsRatio.Of(beta);
        logScale = -0.5 * alpha * alpha - LogRootTwoPi;
        mean = (1 - relative) / mass;
        variance = 1 + (alpha - beta * relative) / mass - mean * mean;
    }

    /// <summary>Gauss-Legendre in panels. The density is taken relative to its largest value, and the variance about the mean, so that only
    /// positive numbers are added.</summary>
    private static void Quadrature(double alpha, double beta, out double mass, out double logScale, out double mean, out double variance)
    {
        double peak = Math.Clamp(0, alpha, beta); // where the density is largest
        double width = beta - alpha, fall = Math.Max(Math.Abs(alpha), Math.Abs(beta)) * width;
        int panels = (int)Math.Clamp(Math.Ceiling(Math.Max(width / PanelWidth, fall / PanelFall)), 1, 12);
        double half = 0.5 * width / panels;
        // A density that is nearly straight takes few points.
        bool few = width <= FewWidth && fall <= FewFall;
        double[] nodes = few ? s_fewNodes : s_nodes, weights = few ? s_fewWeights : s_weights;

        // With z = α + t: weights of t, and of t².
        double sum = 0, first = 0, second = 0;
        for (int k = 0; k < panels; k++)
        {
            double middle = (2 * k + 1) * half;
            for (int i = 0; i < nodes.Length; i++)
            {
                double right = middle + half * nodes[i], left = middle - half * nodes[i];
                double a = weights[i] * Relative(alpha + right, peak), b = weights[i] * Relative(alpha + left, peak);
                sum += a + b;
                // about the middle of the interval, where the mean of a narrow one is
                double u = right - 0.5 * width, v = left - 0.5 * width;
                first += a * u + b * v;
                second += a * u * u + b * v * v;
            }
        }
        double shift = first / sum;
        mass = half * sum;
        logScale = -0.5 * peak * peak - LogRootTwoPi;
        mean = alpha + 0.5 * width + shift;
        variance = second / sum - shift * shift;
    }

    /// <summary>φ(z)/φ(peak).</summary>
    private static double Relative(double z, double peak) => Math.Exp(-0.5 * (z - peak) * (z + peak));

    private static double Density(double z) => InverseRootTwoPi * Math.Exp(-0.5 * z * z);

    private static double Log1p(double u) => Math.Abs(u) > 0.1 ? Math.Log(1 + u) : TailProbability.Log1p(u);
}
