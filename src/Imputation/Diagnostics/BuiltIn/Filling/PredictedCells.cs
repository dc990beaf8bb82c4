using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>A hidden cell and what was predicted for it.</summary>
/// <param name="Row">Index among the given rows.</param>
/// <param name="Column">Index among the given columns.</param>
/// <param name="Truth">True value of the hidden cell.</param>
/// <param name="Mean">Conditional mean, given what of the row was not hidden.</param>
/// <param name="Deviation">Conditional standard deviation.</param>
/// <param name="HalfWidths">Half the width of its prediction intervals, as the ledger's.</param>
/// <param name="ColumnMean">Mean of the column's cells that were not hidden.</param>
/// <param name="Score">CRPS of the prediction.</param>
/// <param name="ColumnScore">CRPS of the distribution of the column's cells that were not hidden.</param>
internal readonly record struct PredictedCell(int Row, int Column, double Truth, double Mean, double Deviation,
    IntervalWidths HalfWidths, double ColumnMean, double Score, double ColumnScore)
{
    /// <summary>Whether the true value is within this distance of the mean.</summary>
    public bool IsWithin(double halfWidth) => Math.Abs(Truth - Mean) <= halfWidth;
}

/// <summary>Half the width of central prediction intervals.</summary>
/// <param name="Of50">Of the 50 % interval.</param>
/// <param name="Of80">Of the 80 % interval.</param>
/// <param name="Of95">Of the 95 % interval.</param>
internal readonly record struct IntervalWidths(double Of50, double Of80, double Of95)
{
    /// <summary>Of Student's t with a scale.</summary>
    public static IntervalWidths Of(PredictiveSpread spread) => new(spread.HalfWidth(0.5), spread.HalfWidth(0.8), spread.HalfWidth(0.95));

    /// <summary>The same distribution on another scale.</summary>
    public IntervalWidths Times(double factor) => new(Of50 * factor, Of80 * factor, Of95 * factor);
}

/// <summary>Predicts hidden cells, in turns: those of a part of the rows each time, from a model fitted without them.</summary>
internal sealed class PredictedCells
{
    /// <summary>FoldCount that the rows are dealt into.</summary>
    public const int FoldCount = 5;

    /// <summary>Multiplications of EM for all turns, and for one of them, up to which the model is fitted again.</summary>
    private const double AllTurns = 1e9, OneTurn = 5e9;

    /// <summary>Iterations of a fit without hidden cells.</summary>
    private const int MostIterations = 1000;

    private readonly DiagnosticContext _context;
    private readonly IncompleteMatrix _matrix;
    private readonly int[][] _hidden;
    private readonly RelationRow[] _relations;
    private readonly List<PredictedCell> _cells = [];

    /// <param name="context">The context.</param>
    /// <param name="fitted">The fit to all cells, over the given rows.</param>
    public PredictedCells(DiagnosticContext context, GaussianRows fitted)
    {
        _context = context;
        _matrix = fitted.Matrix;
        _hidden = HoldoutCells.Choose(fitted.Matrix, fitted.Patterns, context.RunOptions.Seed);
        _relations = [.. context.Fit.Report.Relations.Where(r => r.Columns.All(_matrix.ColumnNames.Contains))
            .Select(r => RelationRow.From(r, [.. _matrix.ColumnNames]))];
        double cost = Math.Max(30.0, context.Fit.Report.EStepCount) * _matrix.RowCount * _matrix.ColumnCount * _matrix.ColumnCount;
        bool own = context.Fit.Report.RowCount == context.Table.RowCount;
        Turns = own && cost > AllTurns / FoldCount ? 1 : FoldCount;
        if (!own || cost > OneTurn) Turns = 0;
        for (int turn = 0; turn < Math.Max(1, Turns); turn++) Take(turn, Turns > 0);
    }

    /// <summary>The hidden cells, by row and column within each turn.</summary>
    public IReadOnlyList<PredictedCell> Cells => _cells;

    /// <summary>Folds whose cells were hidden one after the other with a fit for each: all, one, or 0 where all were hidden at once and the
    /// fit to all cells was used.</summary>
    public int Turns { get; }

    /// <summary>Turns in which the fit without the hidden cells had no maximum, or none that could be found, so that the fit to all cells
    /// was used.</summary>
    public int FixedTurns { get; private set; }

    /// <summary>Hidden cells that are left out, because the estimates leave too little for an interval.</summary>
    public int WithoutIntervalCount { get; private set; }

    private void Take(int turn, bool again)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        int n = _matrix.RowCount, p = _matrix.ColumnCount;
        bool[] taken = [.. Enumerable.Range(0, n).Select(row => _hidden[row].Length > 0
            && (!again || (int)(CounterRandom.Uniform(_context.RunOptions.Seed, row, 3, 0) * FoldCount) == turn))];
        if (!taken.Contains(true)) return;
        double[][] columns = [.. Enumerable.Range(0, p).Select(j => _matrix.Column(j).ToArray())];
        for (int row = 0; row < n; row++)
            if (taken[row]) foreach (int j in _hidden[row]) columns[j][row] = double.NaN;
        var table = new Table(columns.Select((values, j) => NumericColumn.Create(_matrix.ColumnNames[j], ColumnKind.Number, values)));

        int[] rows = [.. Enumerable.Range(0, n)];
        FittedModel? fit = again ? Fit(table) : null;
        GaussianRows? fitted = fit is null ? null : GaussianRows.Of(fit, table, rows);
        if (again && fitted is null) FixedTurns++;
        if (fitted is null) fitted = GaussianRows.Of(fit = _context.Fit, table, rows);
        if (fitted is not null) Predict(fit!, fitted, taken, columns);
    }

    /// <summary>The model without the hidden cells, under the prior that the fit to all cells came to; null where it has none.</summary>
    private FittedModel? Fit(Table table)
    {
        try
        {
            // The table has been read: nothing of that need be done again.
            FittedModel fit = (_context.Options.Model.Settled(_context.Fit) with
            {
                Columns = new ColumnSelection { Include = [.. table.Columns.Select(c => c.Name)] },
                Restarts = 1,
                MaxIterations = Math.Min(MostIterations, _context.Options.Model.MaxIterations),
            }).Prepare(table, _context.RunOptions with { Progress = null, Forecast = null }, _context.Cancellation).Model;
            return fit.Report.Outcome is EmOutcome.Converged or EmOutcome.MaxIterations or EmOutcome.Stalled ? fit : null;
        }
        catch (Exception none) when (none is ImputationDataException or ArgumentException)
        {
            return null; // too little is left, or the prior is made for other columns
        }
    }

    private void Predict(FittedModel fit, GaussianRows fitted, bool[] taken, double[][] visible)
    {
        int p = fitted.Parameters.Count;
        // a column may have left the model
        int[] at = [.. fitted.Matrix.ColumnNames.Select(name => Array.IndexOf([.. _matrix.ColumnNames], name))];
        int[] keys = [.. fitted.Matrix.ColumnNames.Select(fit.IndexOf)];
        IPredictionErrors? errors = fit.PredictionErrors(
            Enumerable.Range(0, taken.Length).Sum(row => taken[row] ? _hidden[row].Length : 0L));
        var units = new Dictionary<double, IntervalWidths>(); // by degrees of freedom
        IntervalWidths Widths(double deviation, IPatternErrors? pattern, int a, ReadOnlySpan<double> observed)
        {
            double degrees = pattern is null || deviation == 0 ? double.PositiveInfinity : pattern.DegreesOfFreedom(a);
            if (!units.TryGetValue(degrees, out IntervalWidths unit))
                units[degrees] = unit = IntervalWidths.Of(new PredictiveSpread(1, degrees));
            return unit.Times(pattern is null || deviation == 0 ? deviation : deviation * pattern.Factor(a, observed));
        }
        var baselines = new (double Mean, Func<double, double> Score)?[_matrix.ColumnCount];
        (double Mean, Func<double, double> Score) Baseline(int column)
        {
            if (baselines[column] is { } known) return known;
            double[] values = [.. visible[column].Where(x => !double.IsNaN(x))];
            double origin = values[0];
            baselines[column] = (origin + values.Average(x => x - origin), Crps.Empirical(values));
            return baselines[column]!.Value;
        }
        var conditional = new GaussianConditional(p);
        var d = new double[p];
        foreach (MissingPattern pattern in fitted.Patterns)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            int[] observed = pattern.Observed, missing = pattern.Missing;
            if (observed.Length == 0 || missing.Length == 0 || !AnyTaken(pattern.Rows, taken)) continue;
            if (!conditional.Compute(fitted.Parameters, observed, missing)) continue;
            int[] determined = _relations.Length == 0 ? [] : [.. RelationRow.SolveFor(_relations, [.. missing.Select(j => at[j])])
                .Determined.Select(r => r.Column)];
            IPatternErrors? uncertainty = errors?.For(Array.ConvertAll(observed, j => keys[j]), Array.ConvertAll(missing, j => keys[j]));
            foreach (int row in pattern.Rows)
            {
                if (!taken[row]) continue;
                for (int b = 0; b < observed.Length; b++) d[b] = fitted.Deviation(row, observed[b]);
                for (int a = 0; a < missing.Length; a++)
                {
                    int j = missing[a], column = at[j];
                    if (!_hidden[row].Contains(column) || determined.Contains(column)) continue;
                    double mean = fitted.Center[j] + fitted.Scale[j] * Dot.Product(conditional.Coefficients.Slice(a * observed.Length,
                        observed.Length), d.AsSpan(0, observed.Length));
                    double deviation = fitted.Scale[j] * Math.Sqrt(Math.Max(0, conditional.Covariance[a * missing.Length + a])),
                        truth = _matrix[row, column];
                    IntervalWidths widths = Widths(deviation, uncertainty, a, d);
                    if (!double.IsFinite(widths.Of95))
                    {
                        WithoutIntervalCount++;
                        continue;
                    }
                    (double columnMean, Func<double, double> score) = Baseline(column);
                    _cells.Add(new PredictedCell(row, column, truth, mean, deviation, widths, columnMean,
                        Crps.Normal(mean, deviation, truth), score(truth)));
                }
            }
        }
    }

    private static bool AnyTaken(ReadOnlySpan<int> rows, bool[] taken)
    {
        foreach (int row in rows)
            if (taken[row]) return true;
        return false;
    }
}
