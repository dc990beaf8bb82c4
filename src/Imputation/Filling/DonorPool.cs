using System.Globalization;
using Imputation.Models;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The observed cells of each column with their predictions from the other cells of their rows, sorted: donors for predictive mean
/// matching.</summary>
/// <remarks>Type-1 matching (Little 1988; van Buuren 2018, §3.4.2): donors are predicted under the point estimate, missing cells
/// under drawn parameters, so a pool serves every imputation. The prediction of an observed cell leaves that cell out
/// (<see cref="ICellPredictor"/>).</remarks>
internal sealed class DonorPool
{
    /// <summary>The count of draws that keys a match, away from those of draws from the distribution.</summary>
    private const int MatchDraw = 1 << 20;

    private readonly Donors?[] _columns; // by index in the model; null where nothing is missing
    private readonly int _count;

    private DonorPool(Donors?[] columns, int count)
    {
        _columns = columns;
        _count = count;
    }

    /// <summary>The columns that have no more donors than were requested: every donor is then equally likely for every cell.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get
        {
            Donors[] few = [.. _columns.OfType<Donors>().Where(d => d.Rows.Length <= _count)];
            if (few.Length == 0) return [];
            string[] names = [.. few.Select(d => d.Column.Name)];
            string have = few.Length == 1 ? $"'{names[0]}' has {Rows(few[0])}"
                : $"{TextFormat.Names(names)} have no more than {Rows(few.MaxBy(d => d.Rows.Length)!)}";
            return
            [
                new Finding(FindingSeverity.Warning, "few-donors",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{have} as donors, and {_count} donors are requested: any of these values is taken, regardless of the rest "
                            + $"of the row, and the filled values lose the correlation of "
                            + $"{(few.Length == 1 ? "the column" : "these columns")} with others."),
                    names, "Use fewer donors, such as 5; if a column has hardly more observed values than that, fill it without matching."),
            ];
        }
    }

    private static string Rows(Donors donors) => string.Create(CultureInfo.InvariantCulture,
        $"{donors.Rows.Length} {(donors.Rows.Length == 1 ? "row" : "rows")}");

    /// <summary>Donors of one column, by their predictions in the units of the data.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Predictions">Ascending.</param>
    /// <param name="Rows">Their rows (from 0).</param>
    private sealed record Donors(NumericColumn Column, double[] Predictions, int[] Rows);

    /// <summary>The donors that a table has, predicted under a fit.</summary>
    /// <param name="fit">The point estimate.</param>
    /// <param name="frame">Its columns in the table.</param>
    /// <param name="options">Number of donors; a value outside of a column's bounds, or one that rounding would change, is no
    /// donor.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The model has no usable covariance of the table's columns, or cannot predict observed
    /// cells.</exception>
    public static DonorPool From(FittedModel fit, ModelFrame frame, FillOptions options, int threads,
        CancellationToken cancellation)
    {
        var pool = new Donors?[fit.Columns.Count];
        Column[] columns = frame.Columns;
        if (columns.All(c => c.MissingCount == 0)) return new DonorPool(pool, options.Donors);

        int p = columns.Length;
        MissingPatterns patterns = frame.Patterns;
        IConditional conditional = fit.Over(frame);
        double[]?[] predictions = [.. columns.Select(c => c.MissingCount == 0 || c is not NumericColumn { Categories: null } ? null
            : new double[c.Count])];
        var parallel = ParallelWork.Options(threads, cancellation);
        ParallelWork.For(patterns.Count, parallel, () => (Predictor: conditional.Predictor() ?? throw NoPredictor(fit), Row: new double[p]),
            (k, work) =>
        {
            MissingPattern pattern = patterns[k];
            if (pattern.Observed.Length == 0) return work;
            if (!work.Predictor.Begin(pattern.Observed, pattern.Missing))
                throw new ImputationDataException($"The model's covariance of "
                    + $"{TextFormat.Names(pattern.Observed.Select(j => columns[j].Name))} could not be factored; fit it with a "
                    + "ridge prior.");
            foreach (int row in pattern.Rows)
            {
                foreach (int j in pattern.Observed) work.Row[j] = frame.Matrix[row, j];
                work.Predictor.Given(work.Row);
                foreach (int j in pattern.Observed)
                    if (predictions[j] is { } target) target[row] = work.Predictor.LeavingOut(j);
            }
            return work;
        });

        ParallelWork.For(p, parallel, j =>
        {
            if (predictions[j] is not { } predicted) return;
            var column = (NumericColumn)columns[j];
            CellRule rule = CellRule.For(column, options);
            int[] observed = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row) && !double.IsNaN(predicted[row]))];
            int[] rows = Array.FindAll(observed, row => rule.Allows(column.Array[row]));
            if (rows.Length == 0) rows = observed; // the rule then changes the filled value
            double[] sorted = Array.ConvertAll(rows, row => predicted[row]);
            Array.Sort(sorted, rows);
            pool[frame.Keys[j]] = new Donors(column, sorted, rows);
        });
        return new DonorPool(pool, options.Donors);
    }

    private static ImputationDataException NoPredictor(FittedModel fit) =>
        new($"The model '{fit.ModelName}' cannot predict observed cells, which predictive mean matching needs; fill with draws instead.");

    /// <summary>A value from one of the donors whose predictions are nearest, each as likely as any other; of those equally far in
    /// the last place each is as likely too. The prediction itself and row −1 where there is no donor.</summary>
    /// <param name="column">Index of the column in the model.</param>
    /// <param name="row">Row of the missing cell, which keys the choice.</param>
    /// <param name="prediction">Its prediction.</param>
    /// <param name="seed">Seed of the choice.</param>
    public (double Value, int Row) Match(int column, long row, double prediction, ulong seed)
    {
        if (_columns[column] is not { Rows.Length: > 0 } donors) return (prediction, -1);
        double u = CounterRandom.Uniform(seed, row, column, MatchDraw);
        int chosen = donors.Rows[Choose(donors.Predictions, prediction, _count, u)];
        return (donors.Column.Array[chosen], chosen);
    }

    /// <summary>Index of one of the nearest of sorted numbers.</summary>
    /// <param name="sorted">The numbers, ascending; at least one.</param>
    /// <param name="x">The value to which they are nearest.</param>
    /// <param name="count">Number of nearest donors.</param>
    /// <param name="u">Between 0 and 1: which of them.</param>
    internal static int Choose(ReadOnlySpan<double> sorted, double x, int count, double u)
    {
        int n = sorted.Length, middle = First(sorted, 0, n, a => a >= x);
        count = Math.Min(count, n);
        int left = middle, right = middle;
        while (right - left < count)
        {
            if (left > 0 && (right == n || x - sorted[left - 1] <= sorted[right] - x)) left--;
            else right++;
        }
        double far = Math.Max(left < middle ? x - sorted[left] : 0, right > middle ? sorted[right - 1] - x : 0);
        bool tied = (left > 0 && x - sorted[left - 1] <= far) || (right < n && sorted[right] - x <= far);
        if (!tied) return left + (int)(u * count);

        // Some are nearer than the furthest taken; of those as far as it there are more than places.
        int from = First(sorted, 0, middle, a => x - a <= far), inner = First(sorted, from, middle, a => x - a < far);
        int outer = First(sorted, middle, n, a => a - x >= far), to = First(sorted, outer, n, a => a - x > far);
        double place = u * count;
        int near = outer - inner;
        if (place < near) return inner + (int)place;
        int among = inner - from + (to - outer), pick = Math.Min(among - 1, (int)((place - near) / (count - near) * among));
        return pick < inner - from ? from + pick : outer + pick - (inner - from);
    }

    /// <summary>The first index from which on a condition holds.</summary>
    private static int First(ReadOnlySpan<double> sorted, int from, int to, Func<double, bool> holds)
    {
        while (from < to)
        {
            int middle = (from + to) / 2;
            if (holds(sorted[middle])) to = middle;
            else from = middle + 1;
        }
        return from;
    }
}
