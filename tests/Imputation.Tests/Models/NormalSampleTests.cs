using Imputation.Em;
using Imputation.Em.Certificate;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Large fits start from a sample of the rows and take their certificate from it; where they end must not depend on
/// that.</summary>
public class NormalSampleTests
{
    private const int Rows = 60_000, Columns = 16;

    private static readonly Lazy<IncompleteMatrix> s_usual = new(() => Made(Rows, Columns, together: 1)),
        s_slow = new(() => Made(Rows, Columns, together: 0.02));

    [Fact]
    public void Fit_EndsWherePlainEmEnds_InFewerEvaluations()
    {
        Assert.NotNull(Model(s_usual.Value).Subsample);
        NormalFit fit = NormalModel.Fit(s_usual.Value), plain = NormalModel.Fit(s_usual.Value, new NormalOptions { Accelerate = false });

        Assert.Equal((EmOutcome.Converged, EmOutcome.Converged), (fit.Report.Outcome, plain.Report.Outcome));
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray()),
            new NaiveParameters(plain.Mean.ToArray(), plain.Covariance.ToArray())), 0, 2 * EmOptions.DefaultTolerance);
        Assert.InRange(fit.Report.LogLikelihood / plain.Report.LogLikelihood, 1 - 1e-12, 1 + 1e-12);
        Assert.InRange(fit.Report.EStepCount, 1, plain.Report.EStepCount - 1);
    }

    /// <summary>1 − rate, which is what the distance that remains goes with, within the tenth that a fit's rate is allowed anyhow; a sample
    /// errs upward.</summary>
    [Fact]
    public void Sample_SavesEvaluations_AndTellsTheRate()
    {
        NormalEm model = Model(s_usual.Value);
        EmFit<GaussianParameters> with = EmDriver.Fit(model, new EmOptions()), without = EmDriver.Fit(new Unsampled(model),
            new EmOptions());

        Assert.Equal((EmOutcome.Converged, EmOutcome.Converged), (with.Outcome, without.Outcome));
        Assert.InRange(model.Distance(without.Parameters, with.Parameters), 0, 2 * EmOptions.DefaultTolerance);
        Assert.InRange(with.EStepCount, 1, without.EStepCount - 1);
        Assert.InRange((1 - with.ConvergenceRate) / (1 - without.ConvergenceRate), 0.9, 1.01);
        // the sample's own, found a little way off
        Assert.Equal(with.ConvergenceRate, RateAt(with.Parameters, model, model.Subsample!.Model), 1e-5);
    }

    /// <summary>Nearer to 1 than 0.9 the rate is for all data to tell. The two fits end a tolerance apart, and differences leave 1e-6 or
    /// so.</summary>
    [Fact]
    public void Certificate_ComesFromAllData_WhereTheRateIsHigh()
    {
        NormalEm model = Model(s_slow.Value);
        EmFit<GaussianParameters> with = EmDriver.Fit(model, new EmOptions()), without = EmDriver.Fit(new Unsampled(model),
            new EmOptions());

        Assert.Equal((EmOutcome.Converged, EmOutcome.Converged), (with.Outcome, without.Outcome));
        Assert.InRange(with.ConvergenceRate, 0.9, 0.999);
        Assert.Equal(without.ConvergenceRate, with.ConvergenceRate, 1e-5);
        // so the sample's would have been seen
        Assert.InRange(Math.Abs(RateAt(with.Parameters, model, model.Subsample!.Model) - with.ConvergenceRate), 1e-4, 0.02);
        Assert.InRange(model.Distance(without.Parameters, with.Parameters), 0, 2 * EmOptions.DefaultTolerance);
        Assert.InRange(with.LogLikelihood / without.LogLikelihood, 1 - 1e-12, 1 + 1e-12);
    }

    [Fact]
    public void Fit_GivesTheSameBits_OnAnyNumberOfThreads()
    {
        NormalFit one = NormalModel.Fit(s_usual.Value, run: new RunOptions { Threads = 1 }),
            two = NormalModel.Fit(s_usual.Value, run: new RunOptions { Threads = 2 });
        Assert.Equal(one.Mean, two.Mean);
        Assert.Equal(one.Covariance, two.Covariance);
        Assert.Equal(one.Report.Trace, two.Report.Trace);
        Assert.Equal(one.Report.Runs, two.Report.Runs);
        Assert.Equal((one.Report.LogLikelihood, one.Report.ConvergenceRate, one.Report.EstimatedDistance, one.Report.ScoreNorm),
            (two.Report.LogLikelihood, two.Report.ConvergenceRate, two.Report.EstimatedDistance, two.Report.ScoreNorm));
    }

    /// <summary>A ridge worth as many rows as there are changes the rate by far more than the sample may; against a sample
    /// of a seventh, worth as much, it would be another prior.</summary>
    [Fact]
    public void Prior_WeighsAgainstASample_AsAgainstAllData()
    {
        var prior = CovariancePrior.Ridge(Rows);
        NormalEm model = Model(s_usual.Value, prior);
        GaussianParameters mode = EmDriver.Fit(model, new EmOptions()).Parameters;
        double rate = RateAt(mode, model, model), noPrior = RateAt(mode, Model(s_usual.Value), Model(s_usual.Value));
        Assert.InRange(rate, 0.05, noPrior - 0.05);
        Assert.InRange(RateAt(mode, model, model.Subsample!.Model), rate - 0.02, rate + 0.02);
    }

    [Fact]
    public void Sample_IsOfRowsAsTheyAre_InTheirOrder_OnTheScaleOfAll()
    {
        GaussianData data = GaussianData.From(s_usual.Value), sample = data.Subsample!;
        Assert.Equal((data.Center, data.Scale), (sample.Center, sample.Scale));
        Assert.Equal(8192, sample.Matrix.RowCount);
        Assert.Equal(Enumerable.Range(0, Columns).Select(j => sample.Matrix.Column(j).ToArray().Where(x => !double.IsNaN(x)).Count() * 1.0),
            sample.ObservedWeights);
        int at = -1;
        for (int row = 0; row < sample.Matrix.RowCount; row++)
        {
            at += 1 + data.Matrix.Column(0)[(at + 1)..].IndexOf(sample.Matrix[row, 0]); // observed in every row, and another number in each
            for (int j = 0; j < Columns; j++) Assert.Equal(data.Matrix[at, j], sample.Matrix[row, j]);
        }
        Assert.InRange(at, Rows * 0.9, Rows); // from the whole of it
    }

    [Fact]
    public void SmallOrCheapData_HaveNoSample()
    {
        Assert.Null(GaussianData.From(Made(8_000, Columns, together: 1)).Subsample); // no more rows than a sample would have
        Assert.Null(GaussianData.From(Made(Rows, 2, together: 1)).Subsample); // two columns cost nothing
    }

    /// <summary>Complete data are fitted in closed form; a sample would lead away from it.</summary>
    [Fact]
    public void KnownMaximum_IsWhereTheFitStarts_WithoutASample()
    {
        var data = GaussianData.From(s_usual.Value);
        var scaled = ScaledPrior.From(CovariancePrior.None, data);
        GaussianParameters known = EmDriver.Fit(new NormalEm(data, scaled), new EmOptions()).Parameters;
        var model = new NormalEm(data, scaled, known: known);
        Assert.Null(model.Subsample);
        Assert.Single(EmDriver.Fit(model, new EmOptions()).Trace);
    }

    private static NormalEm Model(IncompleteMatrix matrix, CovariancePrior? prior = null)
    {
        var data = GaussianData.From(matrix);
        return new NormalEm(data, ScaledPrior.From(prior ?? CovariancePrior.None, data));
    }

    /// <summary>Largest eigenvalue of a model's map at a point.</summary>
    private static double RateAt(GaussianParameters at, NormalEm coordinates, IEmModel<GaussianParameters> model)
    {
        double[] Written(GaussianParameters point)
        {
            var written = new double[coordinates.CoordinateCount];
            coordinates.Write(at, point, written);
            return written;
        }
        return EmCurvature.Analyse(x => Written(model.Step(coordinates.Read(at, x)!, default).Next),
            Written(model.Step(at, default).Next))!.Rate;
    }

    /// <summary>Two factors and noise. The first column is there always, and the larger it is the likelier the others are missing: a fifth
    /// of all.
    /// The last two are seen together in a share of the rows in which they could be.</summary>
    private static IncompleteMatrix Made(int n, int p, double together)
    {
        var random = new Random(20_240_601);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] columns = [.. Enumerable.Range(0, p).Select(_ => new double[n])];
        for (int row = 0; row < n; row++)
        {
            double f = Normal(), g = Normal();
            for (int j = 0; j < p; j++)
            {
                double x = 10 * j + (1 + j % 3) * (0.7 * f + 0.1 * (j % 5) * g + 0.6 * Normal());
                bool missing = j > 0 && random.NextDouble() < 0.43 / (1 + Math.Exp(-columns[0][row]));
                columns[j][row] = missing ? double.NaN : x;
            }
            if (random.NextDouble() >= together && !double.IsNaN(columns[p - 2][row] + columns[p - 1][row]))
                columns[p - 1 - random.Next(2)][row] = double.NaN;
        }
        return IncompleteMatrix.FromColumns([.. columns.Select((values, j) => NumericColumn.Create($"x{j + 1}", ColumnKind.Number,
            values))]);
    }

    /// <summary>The same model, keeping its sample to itself.</summary>
    private sealed class Unsampled(NormalEm model) : IEmModel<GaussianParameters>, IEmCoordinates<GaussianParameters>
    {
        public int CoordinateCount => model.CoordinateCount;
        public GaussianParameters Initialize(EmStart start) => model.Initialize(start);
        public EmStep<GaussianParameters> Step(GaussianParameters current, CancellationToken cancellation) =>
            model.Step(current, cancellation);
        public double Distance(GaussianParameters from, GaussianParameters to) => model.Distance(from, to);
        public void Write(GaussianParameters origin, GaussianParameters point, Span<double> coordinates) =>
            model.Write(origin, point, coordinates);
        public GaussianParameters? Read(GaussianParameters origin, ReadOnlySpan<double> coordinates) => model.Read(origin, coordinates);
    }
}
