using Imputation.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Em;

/// <summary>The leading eigenvalues of the EM map's derivative at a point near a fixed one.</summary>
/// <remarks>The derivative is I − I_com⁻¹ I_obs (Dempster, Laird and Rubin 1977, §3): an eigenvalue is a fraction of missing information.
/// The largest is EM's linear rate. 1 means no information along that direction; above 1 the observed information is negative there and the
/// point is a saddle. They are found by Arnoldi's method with differences of the map: no derivative has to be written for a model.</remarks>
internal sealed class EmCurvature
{
    private const int MostSteps = 30;

    private readonly double _flatness;

    private EmCurvature(Leading leading, double flatness, int evaluations)
    {
        _flatness = flatness;
        Rate = leading.Rate;
        DeterminedRate = leading.Below;
        Direction = leading.Direction;
        Evaluations = evaluations;
    }

    /// <summary>The largest eigenvalue.</summary>
    public double Rate { get; }

    /// <summary>The largest eigenvalue that is below 1: the rate along what the data determine.</summary>
    public double DeterminedRate { get; }

    /// <summary>The direction of the largest eigenvalue, of unit length, in coordinates.</summary>
    public double[]? Direction { get; }

    /// <summary>Steps of the map spent.</summary>
    public int Evaluations { get; }

    /// <summary>Whether the objective curves upward along <see cref="Direction"/>.</summary>
    public bool IsSaddle => Rate > 1 + _flatness;

    /// <summary>Whether the objective is flat along <see cref="Direction"/>.</summary>
    public bool IsFlat => Math.Abs(Rate - 1) <= _flatness;

    /// <summary>Analyses the map about a point.</summary>
    /// <param name="map">The EM map in coordinates; null where a point has no image.</param>
    /// <param name="point">The point.</param>
    /// <param name="image">Its image.</param>
    public static EmCurvature Analyse(Func<double[], double[]?> map, double[] point, double[] image)
    {
        // What rounding does to an image: the change of it under a change of the point that is far too small to matter.
        // Where the parameters are nearly degenerate it is not small, and differences must be taken over longer steps.
        const double imperceptible = 1e-13;
        int evaluations = 1;
        double[]? again = Combine(map(Combine(point, imperceptible, RandomUnit(point.Length))!), -1, image);
        double noise = again is null ? imperceptible : Math.Max(imperceptible, Math.Sqrt(Dot.Product(again, again)));

        // Forward differences cost one step of the map each; where they find the rate close to 1 the question is 1 or not 1,
        // and central differences decide it.
        double forward = Math.Max(1e-6, Math.Sqrt(noise)), central = Math.Max(1e-4, Math.Cbrt(noise));
        double[]? Forward(double[] v)
        {
            evaluations++;
            return Combine(map(Combine(point, forward, v)!), -1, image, 1 / forward);
        }
        double[]? Central(double[] v)
        {
            evaluations += 2;
            double[]? ahead = map(Combine(point, central, v)!), behind = map(Combine(point, -central, v)!);
            return behind is null ? null : Combine(ahead, -1, behind, 0.5 / central);
        }
        double flatness = Math.Max(1e-6, 10 * (noise / central + central * central));
        Leading leading = Arnoldi(Forward, point.Length, flatness);
        if (leading.Rate > 0.999) leading = Arnoldi(Central, point.Length, flatness);
        return new EmCurvature(leading, flatness, evaluations);
    }

    /// <summary>The largest eigenvalue, the largest below 1, and the direction of the former.</summary>
    private readonly record struct Leading(double Rate, double Below, double[]? Direction);

    private static Leading Arnoldi(Func<double[], double[]?> derivative, int count, double flatness)
    {
        int most = Math.Min(count, MostSteps);
        var basis = new List<double[]> { RandomUnit(count) };
        var hessenberg = new double[most + 1, most];
        Leading best = default;
        for (int k = 0; k < most; k++)
        {
            if (derivative(basis[k]) is not { } w) break;
            for (int pass = 0; pass < 2; pass++) // twice is enough (Kahan; Parlett 1998)
            {
                for (int i = 0; i <= k; i++)
                {
                    double h = Dot.Product(basis[i], w);
                    hessenberg[i, k] += h;
                    AddScaled.To(w, -h, basis[i]);
                }
            }
            double rest = hessenberg[k + 1, k] = Math.Sqrt(Dot.Product(w, w));
            bool invariant = rest < 1e-7;

            Evd<double> eigen = Matrix<double>.Build.Dense(k + 1, k + 1, (i, j) => hessenberg[i, j]).Evd();
            double[] values = [.. eigen.EigenValues.Select(z => z.Real)];
            int top = Array.IndexOf(values, values.Max());
            double[] weights = [.. eigen.EigenVectors.Column(top)];
            double length = Math.Sqrt(Dot.Product(weights, weights));
            double residual = rest * Math.Abs(weights[k]) / length;
            var direction = new double[count];
            for (int i = 0; i <= k; i++) AddScaled.To(direction, weights[i] / length, basis[i]);
            double below = values.Where(x => x < 1 - flatness).DefaultIfEmpty(0).Max();
            best = new Leading(values[top], Math.Max(0, below), direction);

            // Good enough once the error in the rate is small against its distance from 1.
            double gap = Math.Abs(1 - values[top]);
            if (invariant || (k >= 2 && residual < Math.Max(0.003 * gap, flatness / 4))) break;
            for (int i = 0; i < w.Length; i++) w[i] /= rest;
            basis.Add(w);
        }
        return best;
    }

    private static double[] RandomUnit(int count)
    {
        var random = new Random(20190601);
        var v = new double[count];
        for (int i = 0; i < count; i++) v[i] = random.NextDouble() - 0.5;
        double length = Math.Sqrt(Dot.Product(v, v));
        for (int i = 0; i < count; i++) v[i] /= length;
        return v;
    }

    /// <summary>(a + factor · b) · scale.</summary>
    private static double[]? Combine(double[]? a, double factor, double[] b, double scale = 1)
    {
        if (a is null) return null;
        var sum = new double[a.Length];
        for (int i = 0; i < a.Length; i++) sum[i] = (a[i] + factor * b[i]) * scale;
        return sum;
    }
}
