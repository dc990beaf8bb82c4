using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>Fits the multivariate normal model to partially observed data by EM, all rows used.</summary>
public static class NormalModel
{
    /// <summary>Iterations in which EM has to settle under a ridge that <see cref="CovariancePrior.Auto"/> tries. Where it takes
    /// more, as it does with fewer rows than columns and next to no prior, the answer is decided by neither data nor prior.</summary>
    private const int LadderIterations = 500;

    /// <summary>Fits the columns of a table that <see cref="ModelOptions.Columns"/> selects.</summary>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/> and
    /// <see cref="FitReport.Findings"/>.</remarks>
    /// <param name="table">The data; rows with nothing observed carry no information and are counted, not used.</param>
    /// <param name="options">By default maximum likelihood from one start.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static NormalFit Fit(Table table, NormalOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Fit(table, options, run, cancellation, out GaussianData _);
    }

    /// <summary>The same, and the data as they were made ready.</summary>
    internal static NormalFit Fit(Table table, NormalOptions? options, RunOptions? run, CancellationToken cancellation,
        out GaussianData data)
    {
        options ??= NormalOptions.Default;
        options.Validate();
        run ??= RunOptions.Default;
        run.Validate();
        TableEncoder.RequireRows(table);
        (IncompleteMatrix? matrix, IReadOnlyList<ColumnUse> dispositions) = TableEncoder.Encode(table, options.Columns);
        if (matrix is null) throw new ImputationDataException(NothingToModel(table, dispositions));

        GaussianWork.ThrowIfTooWide(matrix);
        data = GaussianData.From(matrix, run.Threads);
        if (table.RowWeights is { } weights) data = data.Weighted(weights, run.Threads);
        return FitData(data, dispositions, options, run, cancellation);
    }

    /// <summary>Fits data that are made ready.</summary>
    internal static NormalFit FitData(GaussianData data, IReadOnlyList<ColumnUse> dispositions, NormalOptions options, RunOptions run,
        CancellationToken cancellation)
    {
        run.Forecast?.Report(GaussianWork.Forecast(data, run.Threads));
        var identifiability = new NormalIdentifiability(data, dispositions);
        (Solution solution, Finding? choice) = options.Prior.Kind == CovariancePriorKind.Auto
            ? Auto(data, identifiability, options, run, cancellation)
            : (Solve(data, options.Prior, options, run, cancellation), null);
        return Assemble(data, dispositions, identifiability, solution, choice, run.Threads);
    }

    /// <summary>Fits all columns of a matrix. Columns with fewer than two distinct values leave the model, as those of a table
    /// do.</summary>
    /// <inheritdoc cref="Fit(Table, NormalOptions, RunOptions, CancellationToken)"/>
    public static NormalFit Fit(IncompleteMatrix matrix, NormalOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Fit(new Table(matrix.Columns), options, run, cancellation);
    }

    /// <summary>Fits columns of rows that are known by their statistics only, such as rows counted in parts on several machines.</summary>
    /// <remarks>The maximum is that of the rows, to rounding. What needs the rows themselves is left out, and a finding says so: exact
    /// relations, implausible predictions, standard errors. Random starts differ from those of the rows.</remarks>
    /// <param name="statistics">The statistics; every column that varies is modelled, unless <see cref="ModelOptions.Columns"/> selects
    /// among them.</param>
    /// <param name="options">By default maximum likelihood from one start.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, a column name that the statistics do not have, or a column of
    /// weights.</exception>
    public static NormalFit Fit(PatternStatistics statistics, NormalOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        options ??= NormalOptions.Default;
        options.Validate();
        run ??= RunOptions.Default;
        run.Validate();
        if (options.Weight is not null)
            throw new ArgumentException($"Statistics count each row once; rows cannot be weighted by '{options.Weight}' any more.",
                nameof(options));
        if (statistics.RowCount == 0) throw new ImputationDataException("The statistics have no rows; there is nothing to fit.");
        IReadOnlyList<ColumnUse> uses = StatisticsUses.Of(statistics, options.Columns);
        string[] modelled = [.. uses.Where(use => use.Role == ColumnRole.Modelled).Select(use => use.Name)];
        if (modelled.Length == 0) throw TableEncoder.NothingToModel(uses, "column of numbers");
        GaussianWork.ThrowIfTooWide(modelled.Length);
        PatternStatistics used = modelled.Length == uses.Count ? statistics : statistics.Select(modelled);
        return FitData(GaussianData.From(used, run.Threads), uses, options, run, cancellation);
    }

    /// <summary>Fits columns of rows that come in batches: a table that does not fit into memory, or several files.</summary>
    /// <remarks>The maximum is that of the rows, to rounding. The rows are read once, and again where a linear relation among columns is
    /// checked or a column varies in late rows only. Standard errors, and how they widen predictions, need rows in memory.</remarks>
    /// <param name="rows">The rows.</param>
    /// <param name="options">By default maximum likelihood from one start.</param>
    /// <param name="stream">How much memory the rows may take, and where those go that it does not hold.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled; rows that cannot be read; or they do not fit
    /// into memory, and there is no scratch.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the rows do not have.</exception>
    public static NormalFit Fit(IRowSource rows, NormalOptions? options = null, StreamOptions? stream = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        NormalOptions given = options ?? NormalOptions.Default;
        given.Validate();
        stream ??= StreamOptions.Default;
        stream.Validate();
        RunOptions how = run ?? RunOptions.Default;
        how.Validate();
        return new StreamedFit(rows, given, stream, how, cancellation).Run((data, uses) => FitData(data, uses, given, how, cancellation));
    }

    /// <summary>A fitted model as the multivariate normal that it is.</summary>
    /// <exception cref="ArgumentException">It is another model.</exception>
    public static NormalFit AsNormal(this FittedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as NormalFit ?? throw new ArgumentException($"The model is '{model.ModelName}', not '{NormalFit.Name}'.",
            nameof(model));
    }

    /// <summary>One prior's fit, on the standardised scale.</summary>
    private sealed record Solution(CovariancePrior Prior, FitMethod Path, EmFit<GaussianParameters> Fit, double ScoreNorm);

    private static Solution Solve(GaussianData data, CovariancePrior prior, NormalOptions options, RunOptions run,
        CancellationToken cancellation)
    {
        var scaled = ScaledPrior.From(prior, data);
        FitMethod path = FitMethod.Iterated;
        GaussianParameters? known = null;
        if (data.MissingCellWeight == 0)
        {
            // Of complete data one step from anywhere gives the maximum, under any prior.
            var once = new NormalEm(data, scaled, run.Threads);
            EmStep<GaussianParameters> step = once.Step(once.Initialize(EmStart.Deterministic), cancellation);
            if (prior.Kind == CovariancePriorKind.None && data is { HasRows: true, RowWeights: null } && CompleteFit.IsNeeded(step))
                return new Solution(prior, FitMethod.Complete, CompleteFit.Solve(data), ScoreNorm: 0);
            (known, path) = step.Degenerate ? (null, path) : (step.Next, FitMethod.Complete);
        }
        else if (prior.Kind == CovariancePriorKind.None && MonotoneFit.Solve(data) is { } closed)
        {
            (known, path) = (closed, FitMethod.Monotone);
        }
        var model = new NormalEm(data, scaled, run.Threads, known);
        EmFit<GaussianParameters> fit = EmDriver.Fit(model, options, run, cancellation);
        // the same where the step was degenerate
        double scoreNorm = ReferenceEquals(fit.Next, fit.Parameters) ? double.NaN : model.ScoreNorm(fit.Parameters, fit.Next);
        return new Solution(prior, path, fit, scoreNorm);
    }

    /// <summary>Maximum likelihood where it has one well-determined answer, otherwise the weakest ridge under which there is one; of tables
    /// with few rows for their columns the ridge that predicts hidden cells best.</summary>
    private static (Solution, Finding?) Auto(GaussianData data, NormalIdentifiability identifiability, NormalOptions options,
        RunOptions run, CancellationToken cancellation)
    {
        // A ridge under which EM does not settle within a budget decides too little; a stronger one is tried, and where none settles the
        // first is kept.
        bool IsPlausible(Solution solution) => solution.Fit.Outcome != EmOutcome.Converged || data.MissingCellWeight == 0
            || PredictiveReach.WhyImplausible(data, solution.Fit.Parameters, data.Parallel) is null;
        if (data.MissingCellWeight == 0 && data.HasRows) return (Solve(data, CovariancePrior.None, options, run, cancellation), null);
        NormalOptions budget = options with { MaxIterations = Math.Min(options.MaxIterations, LadderIterations) };
        string? reason = identifiability.WhyNoUniqueMaximum;
        bool few = data.RowCount < 3 * data.ColumnCount;
        RidgeCandidate[] tried = RidgeSelection.IsNeeded(data) ? [.. RidgeSelection.Try(data, run, cancellation)] : [];
        double best = tried.Length == 0 ? 0 : tried.MaxBy(t => t.Score).DegreesOfFreedom;
        bool held = best > RidgeSelection.Weakest;
        if (held) reason ??= $"{data.RowCount} rows are few for {data.ColumnCount} columns";
        if (reason is null)
        {
            Solution plain = Solve(data, CovariancePrior.None, few ? budget : options, run, cancellation);
            if (plain.Fit.Outcome == EmOutcome.Unbounded)
            {
                identifiability.Learn(plain.Fit.Parameters, limit: 1e-8);
                reason = identifiability.WhyNoUniqueMaximum ?? identifiability.WhyUnbounded(plain.Fit);
            }
            else if (plain.Fit.FlatDirections.Count > 0) reason = "the data do not identify all parameters";
            else if (!Settles(plain.Fit) && (plain.Fit.Outcome == EmOutcome.Stalled || (plain.Fit.Outcome == EmOutcome.MaxIterations
                && options.MaxIterations >= LadderIterations)))
                reason = "some parameters are weakly identified, so EM does not converge";
            else if (!IsPlausible(plain)) reason = "some parameters are weakly identified: cells would be filled with implausible values";
            else return (plain, null);
        }

        Solution? chosen = null;
        double weakest = held ? best : data.RowCount > data.ColumnCount ? 0 : 1;
        foreach (double df in RidgeLadder.From(weakest))
        {
            Solution rung = Solve(data, CovariancePrior.Ridge(df), budget, run, cancellation);
            chosen ??= rung;
            if (rung.Fit.Outcome == EmOutcome.Cancelled) break;
            if (!Settles(rung.Fit) || rung.Fit.FlatDirections.Count > 0 || !IsPlausible(rung)) continue;
            chosen = rung;
            break;
        }
        // Remaining relations are visible in the fit: along them only the ridge keeps the variance from 0. A ridge that is there to predict
        // is too strong to see them by.
        if (!held) identifiability.Learn(chosen!.Fit.Parameters, limit: Math.Min(0.1, 100 * chosen.Prior.DegreesOfFreedom / data.RowCount));
        return (chosen!, Chosen(reason!, chosen!.Prior, held ? tried : []));
    }

    private static Finding Chosen(string reason, CovariancePrior prior, RidgeCandidate[] tried)
    {
        const string Otherwise = "Leave out a column that is a combination of others, or choose the prior yourself.";
        if (tried.Length == 0)
            return new Finding(FindingSeverity.Warning, "prior-chosen", $"Because {reason}, the covariance was estimated under a ridge "
                + $"prior, {prior}: correlations are shrunk slightly towards 0, and the prior determines what the data do not identify.",
                [], Otherwise);
        return new Finding(FindingSeverity.Warning, "prior-by-hidden-cells", $"Because {reason}, the covariance was estimated under the "
            + $"ridge prior that predicts hidden cells best, {prior}: correlations are shrunk towards 0.", [], Otherwise)
        {
            Evidence = "mean log density of a hidden cell: " + string.Join(", ", tried.Select(t => FormattableString.Invariant(
                $"{CovariancePrior.Ridge(t.DegreesOfFreedom)} {t.Score:F3}"))),
        };
    }

    /// <summary>The same columns fitted under another prior, starting at the estimates of a fit.</summary>
    internal static NormalFit Refit(NormalFit fit, GaussianData data, CovariancePrior prior, RunOptions run, CancellationToken cancellation)
    {
        GaussianParameters? start = data.Standardised(fit.Moments.Mean, fit.Moments.Covariance);
        EmFit<GaussianParameters> refit = EmDriver.Fit(new NormalEm(data, ScaledPrior.From(prior, data), run.Threads, start),
            NormalOptions.Default, run, cancellation);
        return new NormalFit(data.MeanOf(refit.Parameters), data.CovarianceOf(refit.Parameters))
        {
            Columns = fit.Columns,
            Report = fit.Report with { Prior = prior, Outcome = refit.Outcome, ConvergenceRate = Math.Max(0, refit.ConvergenceRate) },
        };
    }

    /// <summary>Whether a fit is at its maximum, also if the requested tolerance is smaller than floating point can reach.</summary>
    private static bool Settles(EmFit<GaussianParameters> fit) =>
        fit.Outcome == EmOutcome.Converged || (fit.Outcome is EmOutcome.Stalled or EmOutcome.MaxIterations
            && fit.EstimatedDistance <= EmOptions.DefaultTolerance);

    private static NormalFit Assemble(GaussianData data, IReadOnlyList<ColumnUse> dispositions, NormalIdentifiability identifiability,
        Solution solution, Finding? choice, int threads)
    {
        EmFit<GaussianParameters> fit = solution.Fit;
        bool complete = solution.Path == FitMethod.Complete;
        if (fit.Outcome == EmOutcome.Unbounded) identifiability.Learn(fit.Parameters, limit: 1e-8);
        IReadOnlyList<Finding> findings = identifiability.Report(fit, solution.Prior);
        IReadOnlyList<LinearRelation> relations = [.. identifiability.Relations];
        var collinear = relations.SelectMany(r => r.Columns).ToHashSet();
        int p = data.ColumnCount;
        IReadOnlyList<ColumnUse> uses = [.. dispositions.Select(d => d.Role == ColumnRole.Modelled && collinear.Contains(d.Name)
            ? d with { Role = ColumnRole.Collinear, Note = string.Join("; ", relations.Where(r => r.Columns.Contains(d.Name))) } : d)];
        return new NormalFit(data.MeanOf(fit.Parameters), data.CovarianceOf(fit.Parameters))
        {
            Data = data is { HasRows: true, RowWeights: null } ? data.Matrix : null,
            IsOfStatistics = !data.HasRows,
            IsWeighted = data.RowWeights is not null,
            Threads = threads,
            Columns = data.ColumnNames,
            Report = FitReport.Of(fit, Cells(data), uses, p + p * (p + 1) / 2, solution.Prior,
                choice is null ? findings : [choice, .. findings]).With(data.Patterns) with
            {
                Method = solution.Path,
                // with complete data there is nothing to iterate; any finding is rounding
                ConvergenceRate = complete ? 0 : Math.Max(0, fit.ConvergenceRate),
                ScoreNorm = solution.ScoreNorm,
                EndPoints = [.. fit.EndPoints.Select(e => new NormalEndPoint(data.ColumnNames, data.MeanOf(e.Parameters),
                    data.CovarianceOf(e.Parameters), e.Objective, e.LogLikelihood, e.StartCount))],
                Relations = relations,
            },
        };
    }

    private static CellCounts Cells(GaussianData data)
    {
        if (data.HasRows) return CellCounts.Of(data.Matrix.Columns);
        var observed = (long)data.ObservedCellWeight;
        return new CellCounts(data.TotalRowCount, observed, data.TotalRowCount * data.ColumnCount - observed);
    }

    private static string NothingToModel(Table table, IReadOnlyList<ColumnUse> dispositions)
    {
        if (table.RowCount == 1) return "The table has one row; a variance needs at least two different values in a column.";
        if (dispositions.All(d => d.Role == ColumnRole.NothingObserved))
            return "Every cell of the table is missing; nothing can be estimated.";
        return "No column can be modelled: " + string.Join("; ", dispositions.Take(20).Select(d => $"'{d.Name}' is {Describe(d)}"))
            + ". Expected at least one numeric column with two different values.";
    }

    /// <summary>Why a column is not modelled, as the end of 'it is'.</summary>
    internal static string Describe(ColumnUse disposition) => disposition.Role switch
    {
        ColumnRole.Constant => "constant",
        ColumnRole.NothingObserved => "empty",
        ColumnRole.Identifier => "an identifier",
        ColumnRole.Excluded => "excluded",
        ColumnRole.Weight => "a weight",
        ColumnRole.Group => "a group key",
        _ => "not numeric",
    };
}
