using Imputation.Diagnostics;
using Imputation.Diagnostics.BuiltIn.Filling;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>How often the 95 % limits of filled cells hold the values that were taken out, those of overimputation the hidden ones, and
/// those of full-information slopes the population's. The same on any number of threads.</summary>
/// <param name="Shape">Shape of the samples.</param>
/// <param name="Sets">Number of samples.</param>
/// <param name="Ledger">Filled cells.</param>
/// <param name="Plain">The same cells by ± 1.96 conditional standard deviations.</param>
/// <param name="Overimputation">Hidden cells.</param>
/// <param name="Slopes">Slopes of x0 on x1 and x2, from fits without a prior that converged.</param>
/// <param name="PlainSlopes">The same by ± 1.96 standard errors.</param>
/// <param name="AllSlopes">Slopes of x0 on all other columns.</param>
internal sealed record PredictionStudy(PredictionShape Shape, int Sets, Tally Ledger, Tally Plain, Tally Overimputation, Tally Slopes,
    Tally PlainSlopes, Tally AllSlopes)
{
    private const double Normal95 = 1.959963984540054;

    /// <summary>Draws samples and counts.</summary>
    /// <param name="sets">Number of samples.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="overimpute">Whether to overimpute, which takes most of the time.</param>
    public static PredictionStudy Run(int sets, ulong seed, PredictionShape shape, int threads = 0, bool overimpute = true)
    {
        var parts = new PredictionStudy[sets];
        ParallelWork.For(sets, ParallelWork.Options(threads), k => parts[k] = One(PredictionSample.Draw(seed, k, shape),
            CounterRandom.Derive(seed, k, 2), shape, overimpute));
        Tally Sum(Func<PredictionStudy, Tally> of) => parts.Aggregate(default(Tally), (sum, part) => sum.Plus(of(part)));
        return new PredictionStudy(shape, sets, Sum(p => p.Ledger), Sum(p => p.Plain), Sum(p => p.Overimputation), Sum(p => p.Slopes),
            Sum(p => p.PlainSlopes), Sum(p => p.AllSlopes));
    }

    private static PredictionStudy One(PredictionSample sample, ulong seed, PredictionShape shape, bool overimpute)
    {
        var run = new RunOptions { Threads = 1, Seed = seed };
        Tally ledger = default, plain = default, hidden = default;
        ImputationResult done = sample.Table.Impute(run: run);
        foreach (ImputedCell cell in done.Cells)
        {
            double truth = sample.Truth[cell.Row - 1, done.Fit.IndexOf(cell.Column)];
            ledger = ledger.With(cell.Lower, cell.Upper, truth);
            plain = plain.With(cell.Value - Normal95 * cell.StandardDeviation, cell.Value + Normal95 * cell.StandardDeviation, truth);
        }
        if (overimpute)
        {
            var context = new DiagnosticContext(sample.Table, run: run);
            if (GaussianRows.Of(context.Fit, context.Table, [.. Enumerable.Range(0, shape.Rows)]) is { } rows)
                foreach (PredictedCell cell in new PredictedCells(context, rows).Cells)
                    hidden = hidden.With(cell.Mean - cell.HalfWidths.Of95, cell.Mean + cell.HalfWidths.Of95, cell.Truth);
        }
        (Tally slopes, Tally plainSlopes) = Regress(sample.Table, shape, [1, 2], run);
        (Tally all, _) = Regress(sample.Table, shape, [.. Enumerable.Range(1, shape.Columns - 1)], run);
        return new PredictionStudy(shape, 1, ledger, plain, hidden, slopes, plainSlopes, all);
    }

    private static (Tally Limits, Tally Plain) Regress(Table table, PredictionShape shape, int[] predictors, RunOptions run)
    {
        NormalFit fit = NormalModel.Fit(table, run: run);
        Tally limits = default, plain = default;
        if (fit.Report.Outcome != EmOutcome.Converged) return (limits, plain);
        NormalRegression regression = fit.Regress("x0 ~ " + string.Join(" + ", predictors.Select(j => $"x{j}")));
        foreach ((RegressionCoefficient slope, double truth) in regression.Coefficients.Skip(1).Zip(shape.Slopes(predictors)))
        {
            limits = limits.With(slope.Lower, slope.Upper, truth);
            plain = plain.With(slope.Estimate - Normal95 * slope.StandardError, slope.Estimate + Normal95 * slope.StandardError, truth);
        }
        return (limits, plain);
    }
}

/// <summary>How intervals did.</summary>
/// <param name="Count">Intervals.</param>
/// <param name="Covered">Those that hold the truth.</param>
/// <param name="None">Cases without an interval, because the data say too little.</param>
/// <param name="Width">Sum of the widths.</param>
internal readonly record struct Tally(long Count, long Covered, long None, double Width)
{
    /// <summary>Share of the intervals that hold the truth.</summary>
    public double Coverage => (double)Covered / Count;

    /// <summary>With one interval more.</summary>
    public Tally With(double lower, double upper, double truth) => !double.IsFinite(upper - lower) ? this with { None = None + 1 }
        : new Tally(Count + 1, Covered + (lower <= truth && truth <= upper ? 1 : 0), None, Width + upper - lower);

    /// <summary>With others.</summary>
    public Tally Plus(Tally other) => new(Count + other.Count, Covered + other.Covered, None + other.None, Width + other.Width);
}
