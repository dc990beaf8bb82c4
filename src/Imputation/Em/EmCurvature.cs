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
    private const double ForwardDifference = 1e-6;
    private const double CentralDifference = 1e-4;

    /// <summary>How far from 1 an eigenvalue must be to count as not 1.</summary>
    public const double Flatness = 1e-6;

    private EmCurvature(double rate, double rateBelowOne, double[]? direction, int evaluations)
    {
        Rate = rate;
        DeterminedRate = rateBelowOne;
        Direction = direction;
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
    public bool IsSaddle => Rate > 1 + Flatness;

    /// <summary>Whether the objective is flat along <see cref="Direction"/>.</summary>
    public bool IsFlat => Math.Abs(Rate - 1) <= Flatness;

    /// <summary>Analyses the map about a point.</summary>
    /// <param name="map">The EM map in coordinates; null where a point has no image.</param>
    /// <param name="point">The point.</param>
    /// <param name="image">Its image.</param>
    public static EmCurvature Analyse(Func<double[], double[]?> map, double[] point, double[] image)
    {
        // Forward differences cost one step of the map each; where they find the rate close to 1 the question is 1 or not 1,
        // and central differences, good to about 1e-8, decide it.
        int evaluations = 0;
        double[]? Forward(double[] v)
        {
            evaluations++;
            return Combine(map(Combine(point, ForwardDifference, v)!), -1, image, 1 / ForwardDifference);
        }
        double[]? Central(double[] v)
        {
            evaluations += 2;
            double[]? ahead = map(Combine(point, CentralDifference, v)!), behind = map(Combine(point, -CentralDifference, v)!);
            return behind is null ? null : Combine(ahead, -1, behind, 0.5 / CentralDifference);
        }
        (double rate, double below, double[]? direction) = Arnoldi(Forward, point.Length);
        if (rate > 0.999) (rate, below, direction) = Arnoldi(Central, point.Length);
        return new EmCurvature(rate, below, direction, evaluations);
    }

    private static (double Rate, double Below, double[]? Direction) Arnoldi(Func<double[], double[]?> derivative, int count)
    {
        int most = Math.Min(count, MostSteps);
        var basis = new List<double[]> { RandomUnit(count) };
        var hessenberg = new double[most + 1, most];
        (double, double, double[]?) best = (0, 0, null);
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
            double below = values.Where(x => x < 1 - Flatness).DefaultIfEmpty(0).Max();
            best = (values[top], Math.Max(0, below), direction);

            // Good enough once the error in the rate is small against its distance from 1.
            double gap = Math.Abs(1 - values[top]);
            if (invariant || (k >= 2 && residual < Math.Max(0.003 * gap, Flatness / 4))) break;
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
