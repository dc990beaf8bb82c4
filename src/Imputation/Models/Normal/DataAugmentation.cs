using System.Globalization;
using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Models.Normal;
using Imputation.Models.Normal.MarkovChains;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation;

/// <summary>Data augmentation: parameters of the normal model drawn from their posterior distribution given incomplete data.</summary>
/// <remarks>Tanner and Wong (1987); Schafer (1997), §5.4. Missing cells are drawn given the parameters, then parameters given the
/// completed rows, in turn. The prior is that of the fit; means have a flat one. A fit by maximum likelihood has no prior, which does
/// not mean a flat density of Σ: its draws are made under the usual noninformative prior |Σ|^(−(p+1)/2),
/// <see cref="CovariancePrior.Jeffreys"/>, as in SAS' PROC MI. A flat density of Σ, norm2's <c>prior = "uniform"</c>, is
/// <c>NormalPrior.InverseWishart(−(p + 1), 0)</c>.</remarks>
public static class DataAugmentation
{
    /// <summary>Degrees of freedom, beyond those that make a posterior distribution one, from which on its tails are of this
    /// world.</summary>
    private const int SpareRows = 2;

    /// <summary>Fits a table and draws.</summary>
    /// <param name="table">The data.</param>
    /// <param name="options">By default 20 draws from 4 chains.</param>
    /// <param name="model">How the model is fitted, and its prior.</param>
    /// <param name="run">Seed of random starts and of the chains, threads, and the receiver of progress reports on the fit.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <inheritdoc cref="Run(NormalFit, Table, DataAugmentationOptions, RunOptions, CancellationToken)"/>
    public static DataAugmentationResult Run(Table table, DataAugmentationOptions? options = null, NormalOptions? model = null,
        RunOptions? run = null, CancellationToken cancellation = default)
    {
        (options ?? DataAugmentationOptions.Default).Validate();
        ArgumentNullException.ThrowIfNull(table);
        NormalFit fit = NormalModel.Fit(table, model, run, cancellation, out GaussianData data);
        cancellation.ThrowIfCancellationRequested();
        return Run(fit, data, options ?? DataAugmentationOptions.Default, run ?? RunOptions.Default, cancellation);
    }

    /// <summary>Draws about a fit.</summary>
    /// <remarks>The first chain starts at the fit's estimates, the others about them, twice as far as the posterior distribution
    /// reaches. Draw k is that of chain k modulo the number of chains at iteration burn-in + ⌊k / chains⌋ · thinning: it does not
    /// depend on how many draws are made.</remarks>
    /// <param name="fit">The fit.</param>
    /// <param name="table">The table that was fitted.</param>
    /// <param name="options">By default 20 draws from 4 chains.</param>
    /// <param name="run">Seed of the chains, and threads.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The posterior distribution is not proper: columns that determine each other, pairs
    /// never observed together, or too few rows, and no prior that compensates. The message names the columns and what to
    /// do.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a table without the columns of the fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DataAugmentationResult Run(NormalFit fit, Table table, DataAugmentationOptions? options = null,
        RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(table);
        options ??= DataAugmentationOptions.Default;
        options.Validate();
        run ??= RunOptions.Default;
        run.Validate();
        RefuseUnusable(fit);
        NumericColumn[] columns = [.. fit.Columns.Select(name => Column(table, name))];
        return Run(fit, GaussianData.From(IncompleteMatrix.FromColumns(columns), run.Threads), options, run, cancellation);
    }

    /// <summary>The same with the data made ready for the fit.</summary>
    internal static DataAugmentationResult Run(NormalFit fit, GaussianData data, DataAugmentationOptions options,
        RunOptions run, CancellationToken cancellation)
    {
        options.Validate();
        GaussianParameters estimate = Start(fit, data);
        var augmented = DataAugmentationData.From(data, fit.Report.Prior, run.Threads);
        SlowestDirection? worst = data.MissingCellWeight == 0 ? null : SlowestDirection.Find(data, fit.Report.Prior, estimate,
            run.Threads, cancellation);
        double rate = double.IsNaN(fit.Report.ConvergenceRate) && worst is not null ? worst.Rate : fit.Report.ConvergenceRate;
        var schedule = new DataAugmentationSchedule(options, rate);
        var recorder = new DataAugmentationRecorder(data.Matrix.ColumnNames, data.Center, data.Scale, schedule,
            worst is null ? null : worst.Of);
        Chains(fit, augmented, estimate, schedule, recorder, run, cancellation);
        return recorder.Result(fit.Report.Prior, DataAugmentationData.PriorFor(fit.Report.Prior), rate, run.Threads);
    }

    /// <summary>The estimates on the standardised scale, where the first chain starts.</summary>
    /// <exception cref="ImputationDataException">Nothing can be drawn: no estimates, or a posterior distribution that is not
    /// proper.</exception>
    internal static GaussianParameters Start(NormalFit fit, GaussianData data)
    {
        RefuseUnusable(fit);
        RefuseImproper(fit, data);
        return Estimate(fit, data);
    }

    private static void Chains(NormalFit fit, DataAugmentationData data, GaussianParameters estimate, DataAugmentationSchedule schedule,
        DataAugmentationRecorder recorder, RunOptions run, CancellationToken cancellation)
    {
        // A thread for each chain need not wait for others; the remaining threads share the rows of a chain.
        int threads = run.Threads == 0 ? Environment.ProcessorCount : run.Threads;
        int inside = Math.Max(1, (threads + schedule.Chains - 1) / schedule.Chains);
        double startRows = schedule.StartRows(data.RowCount, data.ColumnCount);
        ParallelWork.For(schedule.Chains, ParallelWork.Options(threads), c =>
        {
            var chain = new DataAugmentationChain(data, inside);
            GaussianParameters at = c == 0 ? estimate : chain.Disperse(estimate, startRows, new DrawKey(run.Seed, c, 0)) ?? estimate;
            for (int t = 1; t <= schedule.IterationCount; t++)
            {
                cancellation.ThrowIfCancellationRequested();
                at = chain.Step(at, new DrawKey(run.Seed, c, t)) ?? throw Singular(fit, data, at, c, t);
                recorder.Record(c, t, at);
            }
        });
    }

    private static NumericColumn Column(Table table, string name) =>
        table.TryGetModelled(name, out Column? column) && column is NumericColumn numeric
            ? numeric
            : throw new ArgumentException($"The table has no numeric column '{name}', which the fit has; expected the table that "
                + "was fitted.", nameof(table));

    private static GaussianParameters Estimate(NormalFit fit, GaussianData data) => data.Standardised(fit.Moments.Mean,
        fit.Moments.Covariance)
        ?? throw new ImputationDataException($"The fitted covariance of {TextFormat.Names(fit.Columns)} is singular: some of these "
            + $"columns are combinations of others. {Advice}");

    private const string Advice = "Leave out one of these columns, or fit with a ridge prior (ridge:1, or auto for the weakest "
        + "that helps).";

    private static string FewRowsAdvice(int n, int p) =>
        string.Create(CultureInfo.InvariantCulture, $"Leave out columns, or fit with a ridge prior worth more rows (such as "
            + $"ridge:{Math.Max(1, p + 1 + SpareRows - n)}).");

    private static void RefuseUnusable(NormalFit fit)
    {
        if (fit.Report.Outcome != EmOutcome.Unbounded) return;
        Finding? why = fit.Report.Findings.FirstOrDefault(f => f.Severity == FindingSeverity.Problem);
        throw new ImputationDataException(why is null
            ? $"Nothing can be drawn: the likelihood had no maximum. {Advice}"
            : $"Nothing can be drawn. {why}", why?.Columns.FirstOrDefault());
    }

    /// <summary>Without cross-products of the prior the data alone must make the posterior distribution one.</summary>
    private static void RefuseImproper(NormalFit fit, GaussianData data)
    {
        int n = data.RowCount, p = data.ColumnCount;
        var prior = ScaledPrior.From(DataAugmentationData.PriorFor(fit.Report.Prior), data);
        double degreesOfFreedom = DataAugmentationData.DegreesOfFreedomOf(prior, data);
        if (!(degreesOfFreedom > p - 1))
        {
            throw new ImputationDataException(string.Create(CultureInfo.InvariantCulture,
                $"{n} rows with something observed for {p} columns: the posterior distribution of the covariance has "
                    + $"{degreesOfFreedom:0.###} degrees of freedom; expected more than {p - 1}. {FewRowsAdvice(n, p)}"));
        }
        bool informative = Array.Exists(prior.CrossProducts, x => x != 0);
        if (informative || fit.Report.Prior.Kind == CovariancePriorKind.InverseWishart) return;
        if (fit.Report.Relations.Count > 0)
            throw new ImputationDataException($"Nothing can be drawn: {fit.Report.Relations[0].Holds}, and the posterior "
                + $"distribution of the covariance is not proper. {Advice}", fit.Report.Relations[0].Columns[^1]);
        if (data.Patterns.NeverObservedTogether() is [(int first, int second), ..])
        {
            string[] names = [fit.Columns[first], fit.Columns[second]];
            throw new ImputationDataException($"Nothing can be drawn: {TextFormat.Names(names)} are never observed together, their "
                + $"partial correlation is not identified, and under the prior |Σ|^(−(p+1)/2) it drifts to ±1. {Advice}",
                names[1]);
        }
    }

    /// <summary>Next to no degrees of freedom make a posterior distribution that is one, and has tails that no computer follows.</summary>
    private static ImputationDataException Singular(NormalFit fit, DataAugmentationData data, GaussianParameters at, int chain,
        int iteration)
    {
        int n = data.RowCount, p = data.ColumnCount;
        if (data.DegreesOfFreedom < p + SpareRows)
        {
            return new ImputationDataException(string.Create(CultureInfo.InvariantCulture,
                $"The covariance drawn in iteration {iteration} of chain {chain + 1} is singular: {n} rows with something observed "
                    + $"are too few for {p} columns. {FewRowsAdvice(n, p)}"));
        }
        double[] weights = [.. RelationFinder.NullSpace(at, 0)[0].Select(Math.Abs)];
        double largest = weights.Max();
        string[] names = [.. fit.Columns.Where((_, j) => weights[j] > 0.1 * largest)];
        return new ImputationDataException(string.Create(CultureInfo.InvariantCulture,
            $"The covariance drawn in iteration {iteration} of chain {chain + 1} is singular: {TextFormat.Names(names)} are nearly "
                + $"collinear. {Advice}"), names[0]);
    }
}
