using Imputation.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Em;

/// <summary>The leading eigenvalues of the EM map's derivative at a point near a fixed one.</summary>
/// <remarks>The derivative is J = I − I_com⁻¹ I_obs (Dempster, Laird and Rubin 1977, §3): an eigenvalue is a fraction of missing information.
/// The largest is EM's linear rate. 1 means no information along that direction; above 1 the observed information is negative there and the
/// point is a saddle. They are found by Lanczos' method with differences of the map, J being symmetric in <see cref="IEmCoordinates{T}"/>
/// about the point: no derivative has to be written for a model.</remarks>
internal sealed class EmCurvature
{
    private const int FewestSteps = 8;
    private const int MostSteps = 30;

    private readonly double _flatness;
    private readonly List<double[]> _basis;
    private readonly double[] _values;
    private readonly Matrix<double> _vectors;

    private EmCurvature(List<double[]> basis, Evd<double> eigen, double flatness)
    {
        _basis = basis;
        _values = [.. eigen.EigenValues.Select(z => z.Real)];
        _vectors = eigen.EigenVectors;
        _flatness = flatness;
        Rate = _values.Max();
        DeterminedRate = Math.Max(0, _values.Where(x => x < 1 - flatness).DefaultIfEmpty(0).Max());
        Direction = Combination(Array.IndexOf(_values, Rate));
    }

    /// <summary>The largest eigenvalue.</summary>
    public double Rate { get; }

    /// <summary>The largest eigenvalue that is below 1: the rate along what the data determine.</summary>
    public double DeterminedRate { get; }

    /// <summary>The direction of the largest eigenvalue, of unit length, in coordinates about the point.</summary>
    public double[] Direction { get; }

    /// <summary>Whether the objective seems to curve upward along <see cref="Direction"/>.</summary>
    public bool IsSaddle => Rate > 1 + _flatness;

    /// <summary>Whether the objective is flat along <see cref="Direction"/>.</summary>
    public bool IsFlat => Math.Abs(Rate - 1) <= _flatness;

    /// <summary>Largest coordinate of (I − J)⁻¹ f, the way that is left after a step f: exact in the space that was looked at,
    /// at the largest rate outside of it. Directions that the data do not determine do not count.</summary>
    public double Remaining(double[] step)
    {
        (double[] inside, double[] outside) = Solved(step);
        double largest = 0;
        for (int i = 0; i < step.Length; i++) largest = Math.Max(largest, Math.Abs(inside[i]) + Math.Abs(outside[i]) / (1 - DeterminedRate));
        return largest;
    }

    /// <summary>(I − J)⁻¹ of the part of a step in the space that was looked at, but for flat directions; and the part outside of it.</summary>
    private (double[] Inside, double[] Outside) Solved(double[] step)
    {
        double[] outside = (double[])step.Clone(), inside = new double[step.Length];
        double[] shares = [.. _basis.Select(v => Dot.Product(v, step))];
        for (int i = 0; i < shares.Length; i++) AddScaled.To(outside, -shares[i], _basis[i]);
        for (int k = 0; k < shares.Length; k++)
        {
            if (_values[k] >= 1 - _flatness) continue;
            double share = 0;
            for (int i = 0; i < shares.Length; i++) share += _vectors[i, k] * shares[i];
            AddScaled.To(inside, share / (1 - _values[k]), Combination(k));
        }
        return (inside, outside);
    }

    /// <summary>Analyses the map about a point, which is 0 in its coordinates.</summary>
    /// <param name="map">The EM map in coordinates; null where a point has no image.</param>
    /// <param name="image">The image of 0.</param>
    /// <returns>Null where the map cannot be differentiated: the point is next to the degenerate.</returns>
    public static EmCurvature? Analyse(Func<double[], double[]?> map, double[] image)
    {
        // What rounding does to an image: the change of it under a change of the point that is far too small to matter.
        // Where the parameters are nearly degenerate it is not small, and differences must be taken over longer steps.
        const double imperceptible = 1e-13;
        double[]? again = Scaled(map(Scaled(RandomUnit(image.Length), imperceptible)!), 1, image);
        double noise = again is null ? imperceptible : Math.Max(imperceptible, Math.Sqrt(Dot.Product(again, again)));

        // Forward differences cost one step of the map each; where they find the rate close to 1 the question is 1 or not 1,
        // and central differences decide it.
        double forward = Math.Max(1e-6, Math.Sqrt(noise)), central = Math.Max(1e-4, Math.Cbrt(noise));
        double[]? Forward(double[] v) => Scaled(map(Scaled(v, forward)!), 1 / forward, image);
        double[]? Central(double[] v)
        {
            double[]? behind = map(Scaled(v, -central)!);
            return behind is null ? null : Scaled(map(Scaled(v, central)!), 0.5 / central, behind);
        }
        double flatness = Math.Max(1e-6, 10 * (noise / central + central * central));
        if (Lanczos(Forward, image.Length, flatness) is not var (basis, eigen)) return null;
        if (eigen.EigenValues.Max(z => z.Real) > 0.999 && Lanczos(Central, image.Length, flatness) is var (finer, better)) (basis, eigen) = (finer, better);
        return new EmCurvature(basis, eigen, flatness);
    }

    private static (List<double[]> Basis, Evd<double> Eigen)? Lanczos(Func<double[], double[]?> derivative, int count, double flatness)
    {
        int most = Math.Min(count, MostSteps);
        var basis = new List<double[]> { RandomUnit(count) };
        var projected = new double[most + 1, most];
        Evd<double>? eigen = null;
        for (int k = 0; k < most; k++)
        {
            if (derivative(basis[k]) is not { } w)
            {
                if (eigen is null) return null;
                basis.RemoveAt(k);
                break;
            }
            for (int pass = 0; pass < 2; pass++) // twice is enough to keep the basis orthogonal (Kahan; Parlett 1998)
            {
                for (int i = 0; i <= k; i++)
                {
                    double h = Dot.Product(basis[i], w);
                    projected[i, k] += h;
                    AddScaled.To(w, -h, basis[i]);
                }
            }
            double rest = projected[k + 1, k] = Math.Sqrt(Dot.Product(w, w));
            eigen = Matrix<double>.Build.Dense(k + 1, k + 1, (i, j) => 0.5 * (projected[i, j] + projected[j, i])).Evd(Symmetricity.Symmetric);
            double[] values = [.. eigen.EigenValues.Select(z => z.Real)];
            int top = Array.IndexOf(values, values.Max());
            double residual = rest * Math.Abs(eigen.EigenVectors[k, top]), gap = Math.Abs(1 - values[top]);

            // The error of a symmetric matrix's eigenvalue goes with the square of the residual: a tenth of the gap to 1 leaves it a hundredth of that gap.
            bool settled = k + 1 >= FewestSteps && residual < Math.Max(0.1 * gap, flatness / 4);
            if (settled || rest < 1e-7 || k + 1 == most) break;
            basis.Add(Scaled(w, 1 / rest)!);
        }
        return (basis, eigen!);
    }

    private double[] Combination(int k)
    {
        var direction = new double[_basis[0].Length];
        for (int i = 0; i < _basis.Count; i++) AddScaled.To(direction, _vectors[i, k], _basis[i]);
        return direction;
    }

    private static double[] RandomUnit(int count)
    {
        var random = new Random(20190601);
        var v = new double[count];
        for (int i = 0; i < count; i++) v[i] = random.NextDouble() - 0.5;
        return Scaled(v, 1 / Math.Sqrt(Dot.Product(v, v)))!;
    }

    /// <summary>(a − b) · scale, b being 0 by default.</summary>
    private static double[]? Scaled(double[]? a, double scale, double[]? b = null) =>
        a is null ? null : [.. a.Select((x, i) => (x - (b is null ? 0 : b[i])) * scale)];
}
