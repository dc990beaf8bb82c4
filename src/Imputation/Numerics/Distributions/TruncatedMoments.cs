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

    /// <summary>About the centre an interval this wide has a mass and a variance of which the textbook formula keeps 12 digits.</summary>
    private const double WideWidth = 0.25;

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

    /// <summary>Moments of Z given α &lt; Z ≤ β.</summary>
    /// <param name="alpha">Lower end; may be −∞.</param>
    /// <param name="beta">Upper end, above the lower; may be +∞.</param>
    /// <returns>log P(α &lt; Z ≤ β), the mean and the variance.</returns>
    public static (double LogMass, double Mean, double Variance) Of(double alpha, double beta)
    {
        (double mean, double variance) = Moments(alpha, beta);
        return (LogMass(alpha, beta), mean, variance);
    }

    /// <summary>The same without the mass.</summary>
    public static (double Mean, double Variance) Moments(double alpha, double beta)
    {
        // The mirrored interval where this one is mostly on the left.
        if (alpha + beta < 0 || double.IsNegativeInfinity(alpha) && !double.IsPositiveInfinity(beta))
        {
            (double mean, double variance) = Moments(-beta, -alpha);
            return (-mean, variance);
        }
        if (double.IsNegativeInfinity(alpha)) return (0, 1);
        if (double.IsPositiveInfinity(beta) || (alpha > 0 && 0.5 * (beta - alpha) * (beta + alpha) > Negligible)) return Above(alpha);
        if (IsCentral(alpha, beta)) return Between(alpha, beta);
        (_, double first, double second) = Quadrature(alpha, beta);
        return (first, second);
    }

    /// <summary>log P(α &lt; Z ≤ β).</summary>
    public static double LogMass(double alpha, double beta)
    {
        if (alpha + beta < 0 || double.IsNegativeInfinity(alpha) && !double.IsPositiveInfinity(beta))
            return LogMass(-beta, -alpha);
        if (double.IsNegativeInfinity(alpha)) return 0;
        if (double.IsPositiveInfinity(beta) || (alpha > 0 && 0.5 * (beta - alpha) * (beta + alpha) > Negligible)) return LogTail(alpha);
        return IsCentral(alpha, beta)
            ? Math.Log(1 - TruncatedNormal.Cumulative(alpha) - TruncatedNormal.Cumulative(-beta))
            : Quadrature(alpha, beta).LogMass;
    }

    /// <summary>Whether the textbook formula does: nothing cancels where the interval is wide and has much of the mass.</summary>
    private static bool IsCentral(double alpha, double beta) => alpha < 1 && beta - alpha > WideWidth;

    /// <summary>log Q(α).</summary>
    private static double LogTail(double alpha)
    {
        if (alpha < -1) return Log1p(-TruncatedNormal.Cumulative(alpha));
        return alpha < Tail ? Math.Log(TruncatedNormal.Cumulative(-alpha))
            : -0.5 * alpha * alpha - LogRootTwoPi - Math.Log(alpha + 1 / (alpha + Fraction(alpha)));
    }

    /// <summary>β = ∞: mean h = φ(α)/Q(α), variance 1 − h(h − α).</summary>
    private static (double, double) Above(double alpha)
    {
        if (alpha < Tail)
        {
            double hazard = Density(alpha) / TruncatedNormal.Cumulative(-alpha);
            return (hazard, 1 - hazard * (hazard - alpha));
        }
        // h = α + δ with δ = 1/(α + c); then 1 − hδ = δ(c − δ), in which nothing cancels.
        double c = Fraction(alpha), delta = 1 / (alpha + c);
        return (alpha + delta, delta * (c - delta));
    }

    /// <summary>c = 2/(α + 3/(α + 4/(α + …))), from the continued fraction φ/Q = α + 1/(α + 2/(α + …)) (Abramowitz and Stegun 1964,
    /// 26.2.14).</summary>
    private static double Fraction(double alpha)
    {
        double tail = 0;
        for (int k = Math.Clamp((int)(800 / (alpha * alpha)) + 16, 16, 66); k >= 2; k--) tail = k / (alpha + tail);
        return tail;
    }

    /// <summary>A wide interval about the centre: the textbook formula.</summary>
    private static (double, double) Between(double alpha, double beta)
    {
        double mass = 1 - TruncatedNormal.Cumulative(alpha) - TruncatedNormal.Cumulative(-beta);
        double low = Density(alpha), high = Density(beta), mean = (low - high) / mass;
        return (mean, 1 + (alpha * low - beta * high) / mass - mean * mean);
    }

    /// <summary>Gauss-Legendre in panels. The density is taken relative to its largest value, and the variance about the mean, so that only
    /// positive numbers are added.</summary>
    private static (double LogMass, double Mean, double Variance) Quadrature(double alpha, double beta)
    {
        double peak = Math.Clamp(0, alpha, beta); // where the density is largest
        double width = beta - alpha, fall = Math.Max(Math.Abs(alpha), Math.Abs(beta)) * width;
        int panels = (int)Math.Clamp(Math.Ceiling(Math.Max(width / PanelWidth, fall / PanelFall)), 1, 12);
        double half = 0.5 * width / panels;

        // With z = α + t: weights of t, and of t².
        double mass = 0, first = 0, second = 0;
        for (int k = 0; k < panels; k++)
        {
            double middle = (2 * k + 1) * half;
            for (int i = 0; i < s_nodes.Length; i++)
            {
                double right = middle + half * s_nodes[i], left = middle - half * s_nodes[i];
                double a = s_weights[i] * Relative(alpha + right, peak), b = s_weights[i] * Relative(alpha + left, peak);
                mass += a + b;
                // about the middle of the interval, where the mean of a narrow one is
                double u = right - 0.5 * width, v = left - 0.5 * width;
                first += a * u + b * v;
                second += a * u * u + b * v * v;
            }
        }
        double shift = first / mass, variance = second / mass - shift * shift;
        return (Math.Log(half * mass) - 0.5 * peak * peak - LogRootTwoPi, alpha + 0.5 * width + shift, variance);
    }

    /// <summary>φ(z)/φ(peak).</summary>
    private static double Relative(double z, double peak) => Math.Exp(-0.5 * (z - peak) * (z + peak));

    private static double Density(double z) => InverseRootTwoPi * Math.Exp(-0.5 * z * z);

    private static double Log1p(double u) => Math.Abs(u) > 0.1 ? Math.Log(1 + u) : TailProbability.Log1p(u);
}
