using System.Globalization;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The observed cells of each column with their predictions from the other cells of their rows, sorted: donors for predictive mean matching.</summary>
/// <remarks>Type-1 matching (Little 1988; van Buuren 2018, §3.4.2): donors are predicted under the point estimate, missing cells under drawn parameters,
/// so a pool serves every imputation. With K = Σ⁻¹ and d the row less μ, its missing part replaced by the conditional mean, the prediction of
/// observed cell j leaves j out: d_j − (K d)_j / P_jj, P = Σ_OO⁻¹ having the diagonal K_jj − K_jM K_MM⁻¹ K_Mj.</remarks>
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

    /// <summary>The columns that have no more donors than are asked for, in each of which every donor is as likely as any other for every cell.</summary>
    public IReadOnlyList<Finding> Findings
    {
        get
        {
            Donors[] few = [.. _columns.OfType<Donors>().Where(d => d.Rows.Length <= _count)];
            if (few.Length == 0) return [];
            string[] names = [.. few.Select(d => d.Column.Name)];
            string have = few.Length == 1 ? $"'{names[0]}' has {Rows(few[0])}" : $"{TextFormat.Names(names)} have no more than {Rows(few.MaxBy(d => d.Rows.Length)!)}";
            return
            [
                new Finding(FindingSeverity.Warning, "few-donors",
                    string.Create(CultureInfo.InvariantCulture, $"{have} to take a value from, and {_count} donors are asked for: a cell gets any of these values, whatever the rest of its row says, and how {(few.Length == 1 ? "the column goes" : "these columns go")} with others is lost in what is filled in."),
                    names, "Ask for fewer donors, 5 say; where a column has hardly more than these, fill it without matching."),
            ];
        }
    }

    private static string Rows(Donors donors) => string.Create(CultureInfo.InvariantCulture, $"{donors.Rows.Length} {(donors.Rows.Length == 1 ? "row" : "rows")}");

    /// <summary>Donors of one column, by their predictions in the units of the data.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Predictions">Ascending.</param>
    /// <param name="Rows">Their rows (from 0).</param>
    private sealed record Donors(NumericColumn Column, double[] Predictions, int[] Rows);

    /// <summary>The donors that a table has, predicted under a fit.</summary>
    /// <param name="fit">The point estimate.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">Number of donors; a value outside of a column's bounds, or one that rounding would change, is no donor.</param>
    /// <param name="patterns">The patterns of the model's columns in the table; null to find them.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The model has no usable covariance of the table's columns.</exception>
    public static DonorPool From(NormalFit fit, Table table, FillOptions options, MissingPatterns? patterns, CancellationToken cancellation)
    {
        var pool = new Donors?[fit.Columns.Count];
        int[] keys = [.. Enumerable.Range(0, fit.Columns.Count).Where(j => table.TryGetColumn(fit.Columns[j], out Column? column) && column is NumericColumn)];
        NumericColumn[] columns = [.. keys.Select(j => (NumericColumn)table[fit.Columns[j]])];
        if (columns.All(c => c.MissingCount == 0)) return new DonorPool(pool, options.Donors);

        int p = columns.Length;
        double[] mean = fit.Mean;
        GaussianParameters parameters = Imputer.Standardised(fit, keys, out double[] scale);
        patterns ??= MissingPatterns.Of(IncompleteMatrix.FromColumns(columns));

        double[]?[] predictions = [.. columns.Select(c => c.MissingCount == 0 ? null : new double[c.Count])];
        var parallel = ParallelWork.Options(options.Threads, cancellation);
        ParallelWork.For(patterns.Count, parallel, () => new Predictor(parameters), (k, predictor) =>
        {
            MissingPattern pattern = patterns[k];
            if (pattern.Observed.Length == 0) return predictor;
            if (!predictor.Begin(pattern.Observed, pattern.Missing))
                throw new ImputationDataException($"The model's covariance of {TextFormat.Names(pattern.Observed.Select(j => columns[j].Name))} could not be factored; fit it with a ridge prior.");
            foreach (int row in pattern.Rows)
            {
                foreach (int j in pattern.Observed) predictor.Row[j] = (columns[j].Array[row] - mean[keys[j]]) / scale[j];
                predictor.Complete();
                foreach (int j in pattern.Observed)
                    if (predictions[j] is { } target) target[row] = mean[keys[j]] + scale[j] * predictor.LeavingOut(j);
            }
            return predictor;
        });

        ParallelWork.For(p, parallel, j =>
        {
            if (predictions[j] is not { } predicted) return;
            NumericColumn column = columns[j];
            CellRule rule = CellRule.For(column, options);
            int[] observed = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row))];
            int[] rows = Array.FindAll(observed, row => rule.Allows(column.Array[row]));
            if (rows.Length == 0) rows = observed; // the rule then changes what is filled in
            double[] sorted = Array.ConvertAll(rows, row => predicted[row]);
            Array.Sort(sorted, rows);
            pool[keys[j]] = new Donors(column, sorted, rows);
        });
        return new DonorPool(pool, options.Donors);
    }

    /// <summary>A value from one of the donors whose predictions are nearest, each as likely as any other; of those equally far in the last place
    /// each is as likely too. The prediction itself and row −1 where there is no donor.</summary>
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
    /// <param name="x">Nearest to what.</param>
    /// <param name="count">How many count as nearest.</param>
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

    /// <summary>Predictions of the observed cells of rows of one pattern, in standard deviations. A workspace for one thread.</summary>
    private sealed class Predictor(GaussianParameters parameters)
    {
        private readonly int _p = parameters.Count;
        private readonly GaussianConditional _conditional = new(parameters.Count);
        private readonly double[] _diagonal = new double[parameters.Count]; // of P
        private readonly double[] _deviation = new double[parameters.Count];
        private int[] _observed = [];
        private int[] _missing = [];

        /// <summary>A row less the means; the caller writes what is observed.</summary>
        public double[] Row { get; } = new double[parameters.Count];

        public bool Begin(int[] observed, int[] missing)
        {
            (_observed, _missing) = (observed, missing);
            int m = missing.Length;
            if (m > 0 && !_conditional.Compute(parameters, observed, missing)) return false;
            var pull = new double[m];
            foreach (int j in observed)
            {
                ReadOnlySpan<double> row = parameters.Precision.AsSpan(j * _p, _p);
                for (int a = 0; a < m; a++) pull[a] = row[missing[a]];
                double lost = 0;
                for (int a = 0; a < m; a++) lost += pull[a] * Dot.Product(_conditional.Covariance.Slice(a * m, m), pull);
                _diagonal[j] = Math.Max(row[j] - lost, 1); // a variance of 1 is the largest that can be left
            }
            return true;
        }

        /// <summary>Puts conditional means in the place of missing cells.</summary>
        public void Complete()
        {
            int o = _observed.Length;
            Span<double> deviation = _deviation.AsSpan(0, o);
            for (int b = 0; b < o; b++) deviation[b] = Row[_observed[b]];
            for (int a = 0; a < _missing.Length; a++) Row[_missing[a]] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
        }

        public double LeavingOut(int column) => Row[column] - Dot.Product(parameters.Precision.AsSpan(column * _p, _p), Row) / _diagonal[column];
    }
}
