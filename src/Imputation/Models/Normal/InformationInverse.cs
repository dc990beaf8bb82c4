using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>The inverse of the observed information in <see cref="InformationCoordinates"/>, along the directions that the data
/// determine, and the directions that they do not.</summary>
internal sealed class InformationInverse
{
    /// <summary>Information as a share of what complete data would have, up to which it counts as none: estimates are exact to 1e-6 of a
    /// standard deviation, and so is the information.</summary>
    public const double NoInformation = 1e-5;

    /// <summary>Share of a function's squared gradient along a direction without information up to which the function counts as
    /// determined.</summary>
    private const double NegligibleShare = 1e-8;

    private InformationInverse(double[] inverse, IReadOnlyList<(double Value, double[] Vector)> lowest)
    {
        Inverse = inverse;
        Worst = lowest[0];
        Undetermined = [.. lowest.Where(pair => pair.Value < NoInformation)];
    }

    /// <summary>C, q × q, both triangles: 0 along undetermined directions.</summary>
    public double[] Inverse { get; }

    /// <summary>The smallest eigenvalue of the information, and its direction: 1 less the largest fraction of missing
    /// information.</summary>
    public (double Value, double[] Vector) Worst { get; }

    /// <summary>Eigenvalues that are not above 0 to rounding, and their directions.</summary>
    public IReadOnlyList<(double Value, double[] Vector)> Undetermined { get; }

    /// <summary>Inverts.</summary>
    /// <param name="information">q × q, both triangles; overwritten.</param>
    /// <param name="q">Order.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    public static InformationInverse Of(double[] information, int q, CancellationToken cancellation)
    {
        var diagonal = new double[q];
        for (int i = 0; i < q; i++) diagonal[i] = information[i * q + i];
        void Restore(double shift)
        {
            for (int i = 0; i < q; i++)
            {
                information[i * q + i] = diagonal[i] + shift;
                for (int j = 0; j < i; j++) information[i * q + j] = information[j * q + i];
            }
        }

        // The factorisation needs only the lower triangle, which is restored from the upper one.
        double shift = 0;
        while (!Cholesky.Factor(information, q, q, 1e-11))
        {
            cancellation.ThrowIfCancellationRequested();
            Restore(shift = shift == 0 ? 1e-9 : 10 * shift);
        }
        cancellation.ThrowIfCancellationRequested();
        var lowest = SmallEigenvalues.Below(information, q, shift, NoInformation, cancellation);
        (double Value, double[] Vector)[] undetermined = [.. lowest.Where(pair => pair.Value < NoInformation)];
        if (undetermined.Length > 0 || shift > 0)
        {
            // Such a direction is given an eigenvalue of 1, which is then subtracted from the inverse.
            Restore(0);
            foreach ((double value, double[] vector) in undetermined)
                for (int i = 0; i < q; i++) AddScaled.To(information.AsSpan(i * q, i + 1), (1 - value) * vector[i], vector);
            while (!Cholesky.Factor(information, q, q)) Restore(shift *= 10); // not met: what is left has no eigenvalue below the limit
        }
        var inverse = new double[q * q];
        Cholesky.Invert(information, q, q, inverse);
        foreach ((_, double[] vector) in undetermined)
            for (int i = 0; i < q; i++) AddScaled.To(inverse.AsSpan(i * q, q), -vector[i], vector);
        return new InformationInverse(inverse, lowest);
    }

    /// <summary>gᵀCg.</summary>
    public double Variance(ReadOnlySpan<double> gradient)
    {
        double sum = 0;
        for (int i = 0; i < gradient.Length; i++) sum += gradient[i] * Dot.Product(Inverse.AsSpan(i * gradient.Length, gradient.Length),
            gradient);
        return sum;
    }

    /// <summary>gᵀCh.</summary>
    public double Covariance(ReadOnlySpan<double> g, ReadOnlySpan<double> h)
    {
        double sum = 0;
        for (int i = 0; i < g.Length; i++) sum += g[i] * Dot.Product(Inverse.AsSpan(i * g.Length, g.Length), h);
        return sum;
    }

    /// <summary>Whether a function is determined, from its derivatives along <see cref="Undetermined"/> and its complete-data variance, the
    /// squared length of its gradient.</summary>
    /// <returns>1 where it is, +∞ where the objective is flat along it, NaN where it curves upward: what to multiply its variance
    /// with.</returns>
    public double Determined(Func<int, double> along, double completeVariance)
    {
        double flat = 0, upward = 0;
        for (int k = 0; k < Undetermined.Count; k++)
        {
            double share = along(k);
            if (Undetermined[k].Value < -NoInformation) upward += share * share;
            else flat += share * share;
        }
        return upward > NegligibleShare * completeVariance ? double.NaN
            : flat > NegligibleShare * completeVariance ? double.PositiveInfinity : 1;
    }
}
