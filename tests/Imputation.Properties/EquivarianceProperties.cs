using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Properties;

/// <summary>Changing the data in a way whose effect on the answer is known changes the answer in that way.</summary>
public class EquivarianceProperties
{
    private static readonly NormalOptions s_tight = new() { Tolerance = 1e-9 };

    private static readonly RunOptions s_run = new() { Threads = 1 };

    /// <summary>Both fits are within about 1e-9 of the maximum; 1e-7 leaves room for the estimate of that distance.</summary>
    private const double Near = 1e-7;

    [Holds(typeof(Gentle))]
    public void PermutingRows_ChangesNothing(DataCase c)
    {
        double[,] values = c.Values();
        int[] order = Shuffled(c.Rows, c.Seed);
        NormalFit a = Fit(values), b = Fit(Rearranged(values, order, Identity(c.Columns)));
        AssertSame(a, Parameters(b), b.Report.LogLikelihood);
    }

    [Holds(typeof(Gentle))]
    public void PermutingColumns_PermutesTheAnswer(DataCase c)
    {
        double[,] values = c.Values();
        int[] order = Shuffled(c.Columns, c.Seed);
        NormalFit a = Fit(values), b = Fit(Rearranged(values, Identity(c.Rows), order));
        int[] back = [.. Enumerable.Range(0, c.Columns).Select(j => Array.IndexOf(order, j))];
        AssertSame(a, new NaiveParameters([.. back.Select(j => b.Mean[j])], NaiveMatrix.Part(b.Covariance.ToArray(), back, back)),
            b.Report.LogLikelihood);
    }

    /// <summary>x → a + b x: the log-likelihood changes by −log|b| for each observed cell.</summary>
    [Holds(typeof(Gentle))]
    public void ShiftingAndRescaling_ShiftsAndRescalesTheAnswer(DataCase c)
    {
        double[,] values = c.Values(), moved = c.Values();
        var random = new Random(c.Seed);
        double[] b = [.. Enumerable.Range(0, c.Columns).Select(_ => Math.Pow(10, random.NextDouble() * 20 - 8) * (random.Next(2) * 2 - 1))];
        double[] shift = [.. b.Select(scale => scale * (random.NextDouble() - 0.5) * 1000)];
        double jacobian = 0;
        for (int row = 0; row < c.Rows; row++)
        {
            for (int j = 0; j < c.Columns; j++)
            {
                moved[row, j] = shift[j] + b[j] * values[row, j];
                if (!double.IsNaN(values[row, j])) jacobian -= Math.Log(Math.Abs(b[j]));
            }
        }
        NormalFit plain = Fit(values), scaled = Fit(moved);
        var back = new NaiveParameters([.. scaled.Mean.Select((m, j) => (m - shift[j]) / b[j])], scaled.Covariance.ToArray());
        for (int j = 0; j < c.Columns; j++)
            for (int k = 0; k < c.Columns; k++) back.Covariance[j, k] /= b[j] * b[k];
        AssertSame(plain, back, scaled.Report.LogLikelihood - jacobian, scale: Math.Abs(scaled.Report.LogLikelihood));
    }

    [Holds(typeof(Gentle))]
    public void CompleteData_GiveSampleMoments_InOneStep(DataCase c)
    {
        double[,] values = (c with { Missing = 0, EmptyRows = false }).Values();
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values));
        Assert.Equal((FitMethod.Complete, EmOutcome.Converged), (fit.Report.Method, fit.Report.Outcome));
        Assert.InRange(fit.Report.IterationCount, 0, 1);
        NaiveParameters moments = NaiveNormal.EmStep(values, NaiveNormal.Start(values)); // with nothing missing, one M-step
        Assert.InRange(NaiveNormal.Distance(Parameters(fit), moments), 0, 1e-12);
    }

    [Holds(typeof(Gentle))]
    public void AcceleratedAndPlain_Agree(DataCase c)
    {
        NormalFit a = Fit(c.Values()), b = NormalModel.Fit(c.Matrix(), s_tight with { Accelerate = false }, s_run);
        Assert.Equal(EmOutcome.Converged, b.Report.Outcome);
        AssertSame(a, Parameters(b), b.Report.LogLikelihood);
    }

    [Holds(typeof(Monotone))]
    public void MonotoneClosedForm_IsWhereEmEnds(DataCase c)
    {
        double[,] values = c.Values();
        NormalFit fit = Fit(values);
        Assert.NotEqual(FitMethod.Iterated, fit.Report.Method);
        NaiveParameters naive = NaiveNormal.Fit(values, tolerance: 1e-11);
        AssertSame(fit, naive, NaiveNormal.LogLikelihood(values, naive));
    }

    /// <summary>Few masks make well-filled patterns, a mask per row makes patterns of one row: both ways of the E-step are taken.</summary>
    [Holds(typeof(Gentle))]
    public void Estimates_AreWhereNaiveEmEnds(DataCase c)
    {
        double[,] values = c.Values();
        NaiveParameters naive = NaiveNormal.Fit(values, tolerance: 1e-11);
        AssertSame(Fit(values), naive, NaiveNormal.LogLikelihood(values, naive));
    }

    [Holds(typeof(Gentle))]
    public void PosteriorModes_AreWhereNaiveEmEnds(DataCase c)
    {
        double[,] values = c.Values();
        foreach ((CovariancePrior prior, NaivePrior naive) in new[]
        {
            (CovariancePrior.Ridge(2), NaiveNormal.Ridge(values, 2)),
            (CovariancePrior.Jeffreys, NaiveNormal.Jeffreys(values)),
            (CovariancePrior.InverseWishart(5, NaiveMatrix.Identity(c.Columns)), new NaivePrior(5, NaiveMatrix.Identity(c.Columns))),
        })
        {
            NormalFit fit = NormalModel.Fit(c.Matrix(), s_tight with { Prior = prior }, s_run);
            if (prior.Kind == CovariancePriorKind.Jeffreys && fit.Report.Outcome == EmOutcome.Unbounded)
            {
                // |Σ|^(−(p+1)/2) can outweigh few complete rows: then there is no mode, and Σ must show it.
                Assert.InRange(SmallestPivot(fit.Covariance.ToArray()), 0, 1e-6);
                continue;
            }
            Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
            NaiveParameters mode = NaiveNormal.Fit(values, naive, tolerance: 1e-11);
            AssertSame(fit, mode, NaiveNormal.LogLikelihood(values, mode), firstOrder: true);
        }
    }

    /// <summary>At whatever parameters a fit ends, its log-likelihood is theirs: wherever rounding lets a naive evaluation be
    /// trusted.</summary>
    [Holds(typeof(Wild))]
    public void LogLikelihood_IsThatOfANaiveEvaluation(FitCase c)
    {
        double[,] values = c.Data.Values();
        if (!FitCase.CanBeModelled(values)) return;
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), c.Options(), c.Run());
        int[] modelled = [.. fit.Columns.Select(name => Array.IndexOf(c.Data.Names, name))];
        var at = new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray());
        if (SmallestPivot(at.Covariance) < 1e-5) return; // all but singular: the digits of μ and Σ no longer carry the likelihood
        double naive = NaiveNormal.LogLikelihood(NaiveMatrix.Part(values, Identity(c.Data.Rows), modelled), at);
        Assert.Equal(naive, fit.Report.LogLikelihood, 1e-7 * Math.Max(1, Math.Abs(naive)));
    }

    private static NormalFit Fit(double[,] values)
    {
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), s_tight, s_run);
        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        return fit;
    }

    private static NaiveParameters Parameters(NormalFit fit) => new(fit.Mean.ToArray(), fit.Covariance.ToArray());

    /// <param name="scale">Size of the terms that the log-likelihood was computed from, where larger than itself.</param>
    /// <param name="firstOrder">Not at a maximum of the likelihood, where it changes in proportion to the distance.</param>
    private static void AssertSame(NormalFit fit, NaiveParameters other, double logLikelihood, double scale = 0, bool firstOrder = false)
    {
        Assert.InRange(NaiveNormal.Distance(other, Parameters(fit)), 0, Near);
        scale = Math.Max(Math.Max(1, scale), Math.Abs(fit.Report.LogLikelihood));
        Assert.Equal(fit.Report.LogLikelihood, logLikelihood, (firstOrder ? 1e-6 : 1e-10) * scale);
    }

    /// <summary>Smallest squared pivot of the correlation matrix's Cholesky factor: the least share of a column that those before leave
    /// unexplained.</summary>
    private static double SmallestPivot(double[,] covariance)
    {
        int p = covariance.GetLength(0);
        var correlation = new double[p, p];
        for (int j = 0; j < p; j++)
            for (int k = 0; k < p; k++) correlation[j, k] = j == k ? 1 : covariance[j, k] / Math.Sqrt(covariance[j, j] * covariance[k, k]);
        try
        {
            double[,] l = NaiveMatrix.Cholesky(correlation);
            return Enumerable.Range(0, p).Min(j => l[j, j] * l[j, j]);
        }
        catch (ArithmeticException)
        {
            return 0;
        }
    }

    private static int[] Identity(int count) => [.. Enumerable.Range(0, count)];

    private static int[] Shuffled(int count, int seed)
    {
        int[] order = Identity(count);
        new Random(seed).Shuffle(order);
        return order;
    }

    private static double[,] Rearranged(double[,] values, int[] rows, int[] columns) => NaiveMatrix.Part(values, rows, columns);
}
