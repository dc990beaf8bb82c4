using System.Numerics;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Complete data give the sample's moments, whatever its condition; compared with exact rational arithmetic.</summary>
public class CompleteDataTests
{
    [Fact]
    public void SampleMoments_ToTheLastDigits_HoweverCloseToSingular()
    {
        for (int set = 0; set < 300; set++)
        {
            var random = new Random(set);
            int p = 2 + random.Next(4), n = p + 2 + random.Next(40);
            // One column is a combination of the others and of a noise of 1e-1 to 1e-8 of their size; some sets lie far from 0.
            double noise = Math.Pow(10, -1 - 7 * random.NextDouble()), offset = set % 3 == 0 ? 1000 * random.NextDouble() : 0;
            var x = new double[n, p];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < p - 1; j++) x[i, p - 1] += (j + 1) * (x[i, j] = offset + random.NextDouble() - 0.5);
                x[i, p - 1] += noise * (random.NextDouble() - 0.5);
            }
            NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(x), new NormalOptions
            {
                Prior = set % 2 == 0 ? CovariancePrior.None : CovariancePrior.Auto,
            });
            (double[] mean, double[,] covariance, double logLikelihood) = Exact(x);

            Assert.Equal((EmOutcome.Converged, FitMethod.Complete, CovariancePriorKind.None),
                (fit.Report.Outcome, fit.Report.Method, fit.Report.Prior.Kind));
            for (int i = 0; i < p; i++)
            {
                double deviation = Math.Sqrt(covariance[i, i]);
                Assert.Equal(mean[i], fit.Mean[i], 1e-15 * (deviation + Math.Abs(mean[i])) * 4);
                for (int j = 0; j < p; j++)
                    Assert.InRange(Math.Abs(fit.Covariance[i, j] - covariance[i, j]) / (deviation * Math.Sqrt(covariance[j, j])), 0, 1e-14);
            }
            // The pivots have the rounding error of the reflections, relative to a residual of `noise`.
            Assert.InRange(Math.Abs(fit.Report.LogLikelihood - logLikelihood), 0, n * (1e-13 + 1e-14 / noise));
        }
    }

    [Fact]
    public void ARelationThatHoldsToRounding_IsSingular_AndOneThatDoesNot_IsNotCalledExact()
    {
        var random = new Random(7);
        var x = new double[60, 3];
        for (int i = 0; i < 60; i++)
        {
            x[i, 0] = random.NextDouble();
            x[i, 1] = random.NextDouble();
            x[i, 2] = x[i, 0] + x[i, 1];
        }
        NormalFit exact = NormalModel.Fit(Table.FromArray(["a", "b", "total"], x));
        Assert.Equal(double.PositiveInfinity, exact.Report.LogLikelihood);
        Assert.Equal(0, Assert.Single(exact.Report.Relations).Unexplained);
        Assert.Contains("total = a + b holds exactly in all 60 rows", Finding(exact, "linear-relation"), StringComparison.Ordinal);

        for (int i = 0; i < 60; i++) x[i, 2] += 1e-6 * (random.NextDouble() - 0.5);
        NormalFit near = NormalModel.Fit(Table.FromArray(["a", "b", "total"], x));
        Assert.True(double.IsFinite(near.Report.LogLikelihood));
        Assert.InRange(Assert.Single(near.Report.Relations).Unexplained, 1e-14, 1e-11);
        string text = Finding(near, "near-linear-relation");
        Assert.Contains("cannot be distinguished from an exact relation in double precision (R² = 1 − ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("exactly", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unbounded", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ANearRelationInIncompleteData_IsNotCalledUnbounded()
    {
        var random = new Random(3);
        var x = new double[80, 3];
        for (int i = 0; i < 80; i++)
        {
            x[i, 0] = random.NextDouble();
            x[i, 1] = x[i, 0] + 1e-6 * random.NextDouble();
            x[i, 2] = random.NextDouble();
            if (i % 4 == 1) x[i, i % 3] = double.NaN;
        }
        Table table = Table.FromArray(["a", "b", "c"], x);
        NormalFit fit = NormalModel.Fit(table);
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        string text = Finding(fit, "near-singular");
        Assert.Contains("cannot be distinguished from a singular one in double precision", text, StringComparison.Ordinal);
        Assert.DoesNotContain(fit.Report.Findings, f => f.Sentence.Contains("exactly", StringComparison.Ordinal)
            || f.Sentence.Contains("unbounded", StringComparison.Ordinal) || f.Advice.Contains("unbounded", StringComparison.Ordinal));
        Assert.Equal(EmOutcome.Converged, NormalModel.Fit(table, new NormalOptions { Prior = CovariancePrior.Auto }).Report.Outcome);
    }

    [Fact]
    public void ASingularModel_PredictsUnderARidge_AndSaysSo()
    {
        double[,] x = { { 1, 2, 3, 1 }, { 2, 5, 7, 0 }, { 4, 1, 5, 2 }, { 3, 3, 6, 4 }, { 7, 2, 9, 1 }, { 5, 5, 10, 2 } };
        const double none = double.NaN;
        double[,] y = { { 1, 2, none, 1 }, { none, none, 9, 3 }, { none, none, none, none } };
        string[] names = ["a", "b", "c", "d"];
        ImputationResult done = NormalModel.Fit(Table.FromArray(names, x)).Impute(Table.FromArray(names, y),
            new FillOptions { Method = FillMethod.Mean });
        Assert.Contains(done.Findings, f => f.Code == "singular-model");
        double[] a = Values("a"), b = Values("b"), c = Values("c");
        for (int i = 0; i < 3; i++) Assert.Equal(c[i], a[i] + b[i], 1e-9);
        Assert.Equal(22.0 / 6, a[2], 1e-12);

        double[] Values(string name) => ((NumericColumn)done.Table[name]).Values.ToArray();
    }

    [Fact]
    public void EndsAlongAFlatDirection_AreOneEnd()
    {
        ReferenceCase apart = ReferenceCase.Degenerate("never_jointly_observed");
        NormalFit fit = NormalModel.Fit(apart.Matrix, new NormalOptions { Restarts = 8 }, new RunOptions { Seed = 5 });
        Assert.True(fit.Report.Runs.Count(r => r.Outcome == EmOutcome.Converged) > 1);
        Assert.Single(fit.Report.EndPoints);
        Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "several-maxima");
    }

    private static string Finding(NormalFit fit, string code) => Assert.Single(fit.Report.Findings, f => f.Code == code).Sentence;

    /// <summary>Mean, covariance with divisor n, and the maximum of the log-likelihood, from integers: every double is one times a power
    /// of 2.</summary>
    private static (double[] Mean, double[,] Covariance, double LogLikelihood) Exact(double[,] x)
    {
        const int shift = 80; // the smallest number here has no bit below 2⁻⁸⁰
        int n = x.GetLength(0), p = x.GetLength(1);
        var whole = new BigInteger[n, p];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < p; j++) whole[i, j] = Whole(x[i, j], shift);
        var sum = new BigInteger[p];
        var products = new BigInteger[p, p]; // n² times the covariance
        for (int j = 0; j < p; j++)
            for (int i = 0; i < n; i++) sum[j] += whole[i, j];
        for (int a = 0; a < p; a++)
        {
            for (int b = 0; b < p; b++)
            {
                for (int i = 0; i < n; i++) products[a, b] += whole[i, a] * whole[i, b];
                products[a, b] = n * products[a, b] - sum[a] * sum[b];
            }
        }
        double unit = Math.ScaleB(1, -shift);
        double[] mean = [.. sum.Select(s => Ratio(s, n) * unit)];
        var covariance = new double[p, p];
        for (int a = 0; a < p; a++)
            for (int b = 0; b < p; b++) covariance[a, b] = Ratio(products[a, b], (BigInteger)n * n) * unit * unit;

        // Bareiss: elimination in integers; the last pivot is the determinant.
        BigInteger before = 1;
        for (int k = 0; k < p - 1; k++)
        {
            for (int i = k + 1; i < p; i++)
                for (int j = k + 1; j < p; j++)
                    products[i, j] = (products[i, j] * products[k, k] - products[i, k] * products[k, j]) / before;
            before = products[k, k];
        }
        double logDeterminant = BigInteger.Log(products[p - 1, p - 1]) - 2 * p * (Math.Log(n) + shift * Math.Log(2));
        return (mean, covariance, -0.5 * n * (p * Math.Log(2 * Math.PI) + logDeterminant + p));
    }

    private static BigInteger Whole(double value, int shift)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1075;
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        Assert.True(exponent + shift >= 0);
        return value == 0 ? 0 : (bits < 0 ? -mantissa : mantissa) << (exponent + shift);
    }

    /// <summary>a / b, correct to 60 bits.</summary>
    private static double Ratio(BigInteger a, BigInteger b)
    {
        int shift = Math.Max(0, 70 - (int)(BigInteger.Abs(a).GetBitLength() - b.GetBitLength()));
        return Math.ScaleB((double)((a << shift) / b), -shift);
    }
}
