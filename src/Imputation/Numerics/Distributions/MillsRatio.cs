namespace Imputation.Numerics.Distributions;

/// <summary>Mills' ratio of the standard normal distribution, Q(x)/φ(x) for x ≥ 0, to nearly full relative accuracy.</summary>
/// <remarks>Below <see cref="End"/> by Taylor polynomials about the middles of short segments: no exponential, one table look-up. The ratio
/// solves R' = xR − 1, which gives a Taylor polynomial from the value at its middle, and, a segment further down, the next value; downwards
/// errors shrink. Above by the continued fraction (Abramowitz and Stegun 1964, 26.2.14).</remarks>
internal static class MillsRatio
{
    private const double End = 8, PerUnit = 8;

    /// <summary>The first term left out is below 1e-17 of the ratio.</summary>
    private const int TermCount = 11;

    private static readonly double[] s_terms = Table();

    /// <summary>Q(x)/φ(x).</summary>
    /// <param name="x">At least 0.</param>
    public static double Of(double x)
    {
        if (!(x < End)) return 1 / (x + 1 / (x + Fraction(x)));
        int segment = (int)(x * PerUnit);
        ReadOnlySpan<double> a = s_terms.AsSpan(segment * TermCount, TermCount);
        // Pairs of terms, which do not wait for each other.
        double t = x - (segment + 0.5) / PerUnit, t2 = t * t, t4 = t2 * t2;
        double low = a[0] + a[1] * t + (a[2] + a[3] * t) * t2, middle = a[4] + a[5] * t + (a[6] + a[7] * t) * t2;
        return low + (middle + (a[8] + a[9] * t + a[10] * t2) * t4) * t4;
    }

    /// <summary>c = 2/(x + 3/(x + 4/(x + …))), from the continued fraction φ/Q = x + 1/(x + c); full accuracy from x = 4 on.</summary>
    public static double Fraction(double x)
    {
        double tail = 0;
        for (int k = Math.Clamp((int)(800 / (x * x)) + 16, 16, 66); k >= 2; k--) tail = k / (x + tail);
        return tail;
    }

    private static double[] Table()
    {
        int segments = (int)(End * PerUnit);
        var terms = new double[segments * TermCount];
        double x = End, value = 1 / (End + 1 / (End + Fraction(End)));
        for (int segment = segments - 1; segment >= 0; segment--)
        {
            // From the upper end to the middle, and on to the lower end.
            double[] a = Terms(x, value);
            x -= 0.5 / PerUnit;
            a = Terms(x, Sum(a, -0.5 / PerUnit));
            a.CopyTo(terms, segment * TermCount);
            x -= 0.5 / PerUnit;
            value = Sum(a, -0.5 / PerUnit);
        }
        return terms;
    }

    /// <summary>Taylor terms about x from R(x): a₁ = x a₀ − 1, (n + 1)a_(n+1) = x aₙ + a_(n−1).</summary>
    private static double[] Terms(double x, double value)
    {
        var a = new double[TermCount];
        (a[0], a[1]) = (value, x * value - 1);
        for (int n = 1; n + 1 < TermCount; n++) a[n + 1] = (x * a[n] + a[n - 1]) / (n + 1);
        return a;
    }

    private static double Sum(double[] a, double t)
    {
        double sum = 0;
        for (int n = a.Length - 1; n >= 0; n--) sum = sum * t + a[n];
        return sum;
    }
}
