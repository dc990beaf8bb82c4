using Imputation;
using MathNet.Numerics;

namespace Textbook;

/// <summary>Distributions of the parameters of a mixture: Dirichlet α of the weights; for each component a normal-gamma distribution of
/// mean and precision with β, m, a and b.</summary>
public sealed record Beliefs(double[] Alpha, double[] Beta, double[] Mean, double[] A, double[] B);

/// <summary>A variational mixture of normal distributions (Bishop 2006, §10.2), for one column.</summary>
/// <remarks>Its objective is not a likelihood but a bound of the evidence, which no step lowers: the driver checks it as any other. With
/// a small prior α components that are not needed end with the weight of the prior: the number of components is an answer.</remarks>
public sealed class VariationalMixture(double[] values, int components, double alpha0) : IEmModel<Beliefs>
{
    private const double Beta0 = 1, A0 = 1;

    private readonly double _m0 = values.Average();
    private readonly double _b0 = values.Average(x => (x - values.Average()) * (x - values.Average()));

    public Beliefs Initialize(EmStart start)
    {
        // Slices of the sorted values, or random ones.
        double[] sorted = [.. values.Order()];
        var random = new Random(start.Index);
        return Maximise([.. values.Select(x =>
        {
            var r = new double[components];
            r[start.Index > 0 ? random.Next(components) : Array.BinarySearch(sorted, x) is var i && i >= 0
                ? i * components / values.Length : 0] = 1;
            return r;
        })]);
    }

    public EmStep<Beliefs> Step(Beliefs q, CancellationToken cancellation)
    {
        double total = q.Alpha.Sum(), bound = 0;
        var responsibilities = new double[values.Length][];
        for (int n = 0; n < values.Length; n++)
        {
            double[] log = new double[components];
            for (int k = 0; k < components; k++)
            {
                double precision = q.A[k] / q.B[k], gap = values[n] - q.Mean[k];
                log[k] = SpecialFunctions.DiGamma(q.Alpha[k]) - SpecialFunctions.DiGamma(total)
                    + 0.5 * (SpecialFunctions.DiGamma(q.A[k]) - Math.Log(2 * Math.PI * q.B[k]) - precision * gap * gap - 1 / q.Beta[k]);
            }
            double largest = log.Max(), sum = log.Sum(l => Math.Exp(l - largest));
            bound += largest + Math.Log(sum);
            responsibilities[n] = Array.ConvertAll(log, l => Math.Exp(l - largest) / sum);
        }
        bound -= Divergence(q);
        return new EmStep<Beliefs>(Maximise(responsibilities), bound, bound);
    }

    public double Distance(Beliefs from, Beliefs to) => Enumerable.Range(0, components).Max(k =>
        Math.Max(Math.Abs(to.Alpha[k] - from.Alpha[k]) / values.Length, Math.Abs(to.Mean[k] - from.Mean[k]) / Math.Sqrt(_b0)));

    /// <summary>Kullback-Leibler divergence of the beliefs from the prior.</summary>
    private double Divergence(Beliefs q)
    {
        double total = q.Alpha.Sum(), sum = SpecialFunctions.GammaLn(total) - SpecialFunctions.GammaLn(components * alpha0);
        for (int k = 0; k < components; k++)
        {
            (double alpha, double beta, double m, double a, double b) = (q.Alpha[k], q.Beta[k], q.Mean[k], q.A[k], q.B[k]);
            sum += SpecialFunctions.GammaLn(alpha0) - SpecialFunctions.GammaLn(alpha)
                + (alpha - alpha0) * (SpecialFunctions.DiGamma(alpha) - SpecialFunctions.DiGamma(total));
            sum += 0.5 * (Beta0 * a / b * (m - _m0) * (m - _m0) + Beta0 / beta - Math.Log(Beta0 / beta) - 1);
            sum += (a - A0) * SpecialFunctions.DiGamma(a) - SpecialFunctions.GammaLn(a) + SpecialFunctions.GammaLn(A0)
                + A0 * (Math.Log(b) - Math.Log(_b0)) + a * (_b0 - b) / b;
        }
        return sum;
    }

    private Beliefs Maximise(double[][] r)
    {
        var q = new Beliefs(new double[components], new double[components], new double[components], new double[components],
            new double[components]);
        for (int k = 0; k < components; k++)
        {
            double n = r.Sum(x => x[k]), mean = n < 1e-200 ? _m0 : r.Zip(values, (x, v) => x[k] * v).Sum() / n,
                squares = r.Zip(values, (x, v) => x[k] * (v - mean) * (v - mean)).Sum();
            (q.Alpha[k], q.Beta[k], q.A[k]) = (alpha0 + n, Beta0 + n, A0 + 0.5 * n);
            q.Mean[k] = (Beta0 * _m0 + n * mean) / q.Beta[k];
            q.B[k] = _b0 + 0.5 * (squares + Beta0 * n / q.Beta[k] * (mean - _m0) * (mean - _m0));
        }
        return q;
    }

    public static EmFit<Beliefs> Fit(double[] values, int components, double alpha0, int starts = 10) => EmDriver.Fit(
        new VariationalMixture(values, components, alpha0), new EmOptions { Restarts = starts, Tolerance = 1e-8 });

    public static void Show()
    {
        double[] values = [.. OnlineEm.Stream(400, 3)];
        EmFit<Beliefs> fit = Fit(values, 6, 0.001);
        Console.WriteLine($"Six components for two: bound {fit.Objective:F4} after {fit.Trace.Count} steps, {fit.Outcome}.");
        foreach (int k in Enumerable.Range(0, 6).OrderByDescending(k => fit.Parameters.Alpha[k]))
            Console.WriteLine($"  weight {fit.Parameters.Alpha[k] / fit.Parameters.Alpha.Sum():F4}, mean {fit.Parameters.Mean[k]:F3}");
    }
}
