using Imputation.Numerics.Distributions;
using Imputation.Numerics.Random;
using Imputation.Pooling;
using MathNet.Numerics.LinearAlgebra;

namespace Imputation.Tests.Pooling;

/// <summary>Several quantities together, and D1, D2 and D3: against the textbook, at their limits, and what is refused.</summary>
public class PoolSeveralTests
{
    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData(1, 2), InlineData(2, 2), InlineData(2, 3), InlineData(3, 5), InlineData(7, 3), InlineData(12, 20)]
    public void D1_MatchesTheTextbook(int k, int m)
    {
        (double[][] q, double[][,] u) = Inputs(k, m);
        double[] at = [.. Enumerable.Range(0, k).Select(j => 0.3 * j)];
        PooledVector pooled = Pool.Vectors(q, u);

        // Li, Raghunathan and Rubin (1991), by inverses and sums over outer products.
        Vector<double> mean = q.Select(Vector<double>.Build.DenseOfArray).Aggregate((a, b) => a + b) / m,
            delta = mean - Vector<double>.Build.DenseOfArray(at);
        Matrix<double> within = u.Select(Matrix<double>.Build.DenseOfArray).Aggregate((a, b) => a + b) / m;
        Matrix<double> between = q.Select(x => Vector<double>.Build.DenseOfArray(x) - mean).Select(d => d.OuterProduct(d))
            .Aggregate((a, b) => a + b) / (m - 1);
        double r = (1 + 1.0 / m) * (between * within.Inverse()).Trace() / k, t = k * (m - 1);
        double df = t > 4 ? 4 + (t - 4) * Math.Pow(1 + (1 - 2 / t) / r, 2) : 0.5 * t * (1 + 1.0 / k) * Math.Pow(1 + 1 / r, 2);

        PooledTest test = pooled.D1(at);
        Close(r, test.RelativeIncrease);
        Close(delta * within.Inverse() * delta / (k * (1 + r)), test.Statistic);
        Close(df, test.DenominatorDegreesOfFreedom);
        Assert.Equal(k, test.NumeratorDegreesOfFreedom);
        Assert.Equal(MathNet.Numerics.SpecialFunctions.BetaRegularized(df / 2, k / 2.0, df / (df + k * test.Statistic)), test.PValue, 1e-9);
        for (int j = 0; j < k; j++)
        {
            Close(mean[j], pooled.Estimates[j]);
            for (int l = 0; l < k; l++)
            {
                Assert.Equal(within[j, l], pooled.Within[j, l], 1e-12);
                Assert.Equal(between[j, l], pooled.Between[j, l], 1e-12);
                Assert.Equal(within[j, l] + (1 + 1.0 / m) * between[j, l], pooled.Total[j, l], 1e-12);
            }
        }
    }

    [Fact]
    public void D1_OfOneQuantity_IsTSquared()
    {
        (double[][] q, double[][,] u) = Inputs(4, 6);
        PooledVector pooled = Pool.Vectors(q, u, 40, names: ["a", "b", "c", "d"]);
        Close(Math.Pow(pooled["c"].Statistic(0.7), 2), pooled.D1(["c"], [0.7]).Statistic);
        Close(pooled["c"].RelativeIncrease, pooled.D1(["c"]).RelativeIncrease);
    }

    [Fact]
    public void D1_DoesNotDependOnOrderOrUnits()
    {
        (double[][] q, double[][,] u) = Inputs(3, 5);
        double[] unit = [1e-8, -7, 1e12];
        PooledTest one = Pool.Vectors(q, u, 25, names: ["a", "b", "c"]).D1(), turned = Pool.Vectors(q, u, 25, names: ["a", "b", "c"])
            .D1(["c", "a", "b"]);
        double[][,] scaled = [.. u.Select(v => Scale(v, unit))];
        PooledTest other = Pool.Vectors([.. q.Select(x => x.Select((value, j) => unit[j] * value).ToArray())], scaled, 25).D1();
        foreach (PooledTest test in (PooledTest[])[turned, other])
        {
            Close(one.Statistic, test.Statistic);
            Close(one.DenominatorDegreesOfFreedom, test.DenominatorDegreesOfFreedom);
            Close(one.PValue, test.PValue);
        }
    }

    /// <summary>Whatever the sizes: more than 0, not more than complete data would have, and the large sample's in the end.</summary>
    [Fact]
    public void D1_SmallSampleDegreesOfFreedom_StayWithinBounds()
    {
        foreach (int m in (int[])[2, 3, 5, 20])
        {
            foreach (int k in (int[])[1, 2, 3, 4, 5, 30])
            {
                foreach (double r in (double[])[0, 1e-12, 0.01, 0.5, 3, 100, 1e9])
                {
                    double last = 0;
                    foreach (double complete in (double[])[0.1, 1, 4, 5, 8, 10, 15, 20, 50, 1e3, 1e6, 1e12])
                    {
                        double df = DegreesOfFreedom.SmallSample(m, k, r, complete);
                        Assert.True(df > 0 && df <= complete && df >= last * (1 - 1e-9),
                            $"m {m}, k {k}, r {r}, complete {complete}: {df} after {last}");
                        last = df;
                    }
                    double large = DegreesOfFreedom.LargeSample(m, k, r);
                    if (large < 1e6) Assert.Equal(1, DegreesOfFreedom.SmallSample(m, k, r, 1e14) / large, 1e-3);
                    Assert.Equal(large, DegreesOfFreedom.SmallSample(m, k, r, Infinity));
                }
            }
        }
    }

    [Fact]
    public void D1_WithoutVarianceBetween_IsTheWaldTestOfCompleteData()
    {
        double[] q = [1, 2];
        double[,] u = { { 1, 0.5 }, { 0.5, 2 } };
        PooledTest large = Pool.Vectors([q, q, q], [u, u, u]).D1(), small = Pool.Vectors([q, q, q, q], [u, u, u, u], 30).D1();
        const double wald = (1 * 2.0 - 2 * 2 * 0.5 + 4 * 1) / (2 - 0.25);
        Close(wald / 2, large.Statistic);
        Assert.Equal((0.0, Infinity), (large.RelativeIncrease, large.DenominatorDegreesOfFreedom));
        Close(TailProbability.ChiSquared(wald, 2), large.PValue);
        Close(31.0 / 33 * 30, small.DenominatorDegreesOfFreedom);
    }

    [Fact]
    public void SingularCovariance_IsRefusedByName()
    {
        (double[][] q, double[][,] u) = Inputs(3, 4);
        foreach (double[,] v in u)
            for (int j = 0; j < 3; j++) v[2, j] = v[j, 2] = v[1, j] + v[0, j];
        foreach (double[,] v in u) v[2, 2] = v[2, 0] + v[2, 1];
        PooledVector pooled = Pool.Vectors(q, u, names: ["x", "y", "x + y"]);
        Refused("'x + y' is a combination of 'x', 'y'", () => pooled.D1());
        Refused("'x' is a combination of 'x + y', 'y'", () => pooled.D1(["x + y", "y", "x"]));
        Assert.True(double.IsFinite(pooled.D1(["x", "x + y"]).PValue));

        PooledVector fixedOne = Pool.Vectors([[1, 2], [1, 3]], [new double[,] { { 0, 0 }, { 0, 1 } }, new double[,] { { 0, 0 }, { 0, 1 } }],
            names: ["a", "<script>"]);
        Refused("'a' has the variance 0 in every imputation", () => fixedOne.D1());
        Assert.Equal(0, fixedOne["a"].StandardError);
    }

    [Fact]
    public void WrongVectors_AreRefusedWithTheReason()
    {
        double[,] u = { { 1, 0.1 }, { 0.1, 1 } };
        double[,] Changed(int j, int l, double value) { double[,] v = (double[,])u.Clone(); v[j, l] = value; return v; }
        string[] names = ["age", "bmi"];
        Refused("between-imputation variance cannot be estimated", () => Pool.Vectors([[1, 2]], [u]));
        Refused("There are 1 covariance matrices for 2", () => Pool.Vectors([[1, 2], [1, 2]], [u]));
        Refused("Imputation 2 has 1 estimates", () => Pool.Vectors([[1, 2], [1]], [u, u]));
        Refused("Imputation 2: the covariance matrix is 1 by 2", () => Pool.Vectors([[1, 2], [1, 2]], [u, new double[1, 2]]));
        Refused("Imputation 2: the estimate of 'bmi' is NaN", () => Pool.Vectors([[1, 2], [1, double.NaN]], [u, u], names: names));
        Refused("Imputation 1: the variance of 'age' is -1", () => Pool.Vectors([[1, 2], [1, 2]], [Changed(0, 0, -1), u], names: names));
        Refused("Imputation 2: the covariance of 'bmi' and 'age' is NaN",
            () => Pool.Vectors([[1, 2], [1, 2]], [u, Changed(1, 0, double.NaN)], names: names));
        Refused("is 0.2 on one side of the matrix and 0.1 on the other", () => Pool.Vectors([[1, 2], [1, 2]], [u, Changed(1, 0, 0.2)],
            names: names));
        Refused("inconsistent with the variances 1 and 1", () => Pool.Vectors([[1, 2], [1, 2]], [u, new double[,] { { 1, 2 }, { 2, 1 } }],
            names: names));
        Refused("Two estimates are named 'age'", () => Pool.Vectors([[1, 2], [1, 2]], [u, u], names: ["age", "age"]));
        Refused("1 names for 2", () => Pool.Vectors([[1, 2], [1, 2]], [u, u], names: ["age"]));
        Refused("are empty", () => Pool.Vectors([[], []], [new double[0, 0], new double[0, 0]]));
        PooledVector pooled = Pool.Vectors([[1, 2], [1, 2.5]], [u, u], names: names);
        Refused("no quantity 'hyp'; there are 'age', 'bmi'", () => pooled.D1(["hyp"]));
        Refused("named twice", () => pooled.D1(["age", "age"]));
        Refused("null value of 'bmi' is NaN", () => pooled.D1([0, double.NaN]));
        Refused("1 null values for 2", () => pooled.D1([0.0]));
        Refused("No quantity", () => pooled.D1([], []));
    }

    [Fact]
    public void D2_HasItsLimits()
    {
        PooledTest equal = Pool.D2([6, 6, 6], 3);
        Assert.Equal((2.0, 0.0, Infinity), (equal.Statistic, equal.RelativeIncrease, equal.DenominatorDegreesOfFreedom));
        Close(TailProbability.ChiSquared(6, 3), equal.PValue);
        PooledTest below = Pool.D2([0, 40], 2); // the statistics disagree so much that nothing is left
        Assert.True(below.Statistic < 0);
        Assert.Equal(1, below.PValue);
        Refused("Imputation 2: the statistic is -1", () => Pool.D2([3, -1], 2));
        Refused("Imputation 1: the statistic is NaN", () => Pool.D2([double.NaN, 1], 2));
        Refused("only 1 imputation", () => Pool.D2([3], 2));
        Refused("tested parameters is 0", () => Pool.D2([3, 4], 0));
    }

    [Fact]
    public void D3_HasItsLimits()
    {
        PooledTest equal = Pool.D3([6, 6, 6], [6, 6, 6], 3), negative = Pool.D3([6, 6, 6], [6.1, 6.1, 6.1], 3);
        Assert.Equal((2.0, 0.0, Infinity), (equal.Statistic, equal.RelativeIncrease, equal.DenominatorDegreesOfFreedom));
        Assert.Equal((0.0, Infinity), (negative.RelativeIncrease, negative.DenominatorDegreesOfFreedom));
        Close(6.1 / 3, negative.Statistic);
        PooledTest few = Pool.D3([5, 7], [4, 5], 2); // t = 2: r = 3/2 · 1.5, df = t (1 + 1/2)(1 + 1/r)² / 2
        Close(2.25, few.RelativeIncrease);
        Close(1.5 * Math.Pow(1 + 1 / 2.25, 2), few.DenominatorDegreesOfFreedom);
        Refused("Imputation 2: the likelihood ratio at the averaged estimates is NaN", () => Pool.D3([1, 2], [1, double.NaN], 1));
        Refused("3 likelihood ratios at averaged estimates for 2", () => Pool.D3([1, 2], [1, 2, 3], 1));
        Refused("only 1 imputation", () => Pool.D3([1], [1], 1));
    }

    private static (double[][] Estimates, double[][,] Covariances) Inputs(int k, int m)
    {
        double[][] q = [.. Enumerable.Range(0, m).Select(i => Enumerable.Range(0, k).Select(j => j + CounterRandom.Normal(3, i, j, 0))
            .ToArray())];
        return (q, [.. Enumerable.Range(0, m).Select(i =>
        {
            Matrix<double> a = Matrix<double>.Build.Dense(k + 3, k, (row, j) => CounterRandom.Normal(4, i, j, row + 1));
            double[,] u = (a.Transpose() * a).ToArray();
            for (int j = 0; j < k; j++)
                for (int l = 0; l < j; l++) u[l, j] = u[j, l];
            return u;
        })]);
    }

    private static double[,] Scale(double[,] matrix, double[] unit)
    {
        var scaled = new double[unit.Length, unit.Length];
        for (int j = 0; j < unit.Length; j++)
            for (int l = 0; l < unit.Length; l++) scaled[j, l] = unit[j] * unit[l] * matrix[j, l];
        return scaled;
    }

    private static void Close(double expected, double actual) =>
        Assert.True(expected == actual || Math.Abs(actual - expected) <= 1e-9 * Math.Abs(expected), $"{actual:R}, expected {expected:R}");

    private static void Refused(string message, Action action) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message);
}
