using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Properties;

/// <summary>What is filled in, and what is left alone.</summary>
public class ImputationProperties
{
    private static readonly NormalOptions s_options = new() { Prior = CovariancePrior.Auto, MaxIterations = 100 };

    private static readonly FillOptions s_draw = new() { Method = FillMethod.Draw };

    private static readonly RunOptions s_run = new() { Seed = 11, Threads = 1 };

    [Holds(typeof(Wild))]
    public void ObservedCells_AreUntouched_BitForBit(DataCase c)
    {
        double[,] values = c.Values();
        if (!FitCase.CanBeModelled(values)) return;
        Table table = c.Table();
        foreach (FillOptions how in (FillOptions[])[new(), s_draw, s_draw with { Integer = [c.Names[0]], Round = c.Names,
            Bounds = Widened(Within(values), c.Names[0]) }])
        {
            ImputationResult done = table.Impute(s_options, how, s_run);
            Assert.Equal(table.Columns.Select(col => col.Name), done.Table.Columns.Select(col => col.Name));
            for (int j = 0; j < c.Columns; j++)
            {
                double[] filled = Column(done.Table, j);
                for (int row = 0; row < c.Rows; row++)
                    if (!double.IsNaN(values[row, j])) Assert.Equal(Bits(values[row, j]), Bits(filled[row]));
            }
        }
    }

    [Holds(typeof(Wild))]
    public void Ledger_ListsExactlyTheFilledCells_InOrder(DataCase c)
    {
        double[,] values = c.Values();
        if (!FitCase.CanBeModelled(values)) return;
        ImputationResult done = c.Table().Impute(s_options, s_draw, s_run);
        ImputedCell[] cells = [.. done.Cells];
        var expected = from row in Enumerable.Range(0, c.Rows)
                       from j in Enumerable.Range(0, c.Columns)
                       where double.IsNaN(values[row, j]) && !double.IsNaN(Column(done.Table, j)[row])
                       select (row + 1, c.Names[j], Column(done.Table, j)[row]);
        Assert.Equal(expected, cells.Select(cell => (cell.Row, cell.Column, cell.Value)));
        Assert.Equal(cells.Length, done.FilledCount);
        Assert.Equal(cells, done.Cells); // reading it twice gives the same
        Assert.All(done.ColumnUses, d => Assert.True(d.Role == ColumnRole.NothingObserved || done.Table[d.Name].MissingCount == 0));
        Assert.All(cells, cell => Assert.True(double.IsFinite(cell.Value) && cell.StandardDeviation >= 0
            && (cell.Lower <= cell.Upper || (double.IsNaN(cell.Lower) && double.IsNaN(cell.Upper)))));
    }

    [Holds(typeof(Gentle))]
    public void Means_AreTheTextbookConditionalMeans_AndTheirDeviations(DataCase c)
    {
        double[,] values = c.Values();
        ImputationResult done = c.Table().Impute();
        var at = new NaiveParameters(done.Fit.AsNormal().Mean.ToArray(), done.Fit.AsNormal().Covariance.ToArray());
        foreach (IGrouping<int, ImputedCell> row in done.Cells.GroupBy(cell => cell.Row))
        {
            (double[] mean, double[,] covariance) = NaiveNormal.Conditional(values, row.Key - 1, at);
            ImputedCell[] cells = [.. row];
            Assert.Equal(mean.Length, cells.Length);
            for (int k = 0; k < cells.Length; k++)
            {
                double sd = Math.Sqrt(covariance[k, k]);
                Assert.Equal(mean[k], cells[k].Value, 1e-9 * Math.Max(1, Math.Abs(mean[k]) + sd));
                Assert.Equal(sd, cells[k].StandardDeviation, 1e-9 * sd);
                Assert.Equal(c.Columns - mean.Length, cells[k].ObservedCount);
                if (double.IsNaN(cells[k].Lower)) continue; // too few degrees of freedom
                // 1.959963984540054 = Φ⁻¹(0.975): the uncertainty of the estimates makes the limits wider
                double half = 0.5 * (cells[k].Upper - cells[k].Lower);
                Assert.True(half >= 1.959963984540054 * sd * (1 - 1e-9), $"{cells[k]}");
                Assert.Equal(mean[k], cells[k].Lower + half, 1e-8 * Math.Max(1, Math.Abs(mean[k]) + half));
            }
        }
    }

    [Holds(typeof(Wild))]
    public void Bits_AreTheSame_OnAnyNumberOfThreads(FitCase c)
    {
        double[,] values = c.Data.Values();
        if (!FitCase.CanBeModelled(values)) return;
        Table table = c.Data.Table();
        string? one = null;
        foreach (int threads in (int[])[1, 2, 8])
        {
            NormalFit fit = NormalModel.Fit(table, c.Options(), c.Run() with { Threads = threads });
            IEnumerable<double> numbers = fit.Mean.Concat(fit.Covariance.ToArray().Cast<double>()).Append(fit.Report.LogLikelihood)
                .Append(fit.Report.ConvergenceRate).Append(fit.Report.EstimatedDistance).Append(fit.Report.ScoreNorm)
                .Concat(fit.Report.Trace.Select(step => step.Objective));
            try
            {
                ImputationResult mean = fit.Impute(table, run: new RunOptions { Threads = threads });
                ImputationResult draw = fit.Impute(table, s_draw with { Bounds = Within(values) }, s_run with { Threads = threads });
                numbers = numbers.Concat(mean.Cells.Concat(draw.Cells).Select(cell => cell.Value));
            }
            catch (ImputationDataException) when (fit.Report.Outcome != EmOutcome.Converged)
            {
                // a covariance on its way to singular, from which nothing can be imputed: on any number of threads
                numbers = numbers.Append(double.NaN);
            }
            string bits = string.Join(' ', numbers.Select(Bits));
            Assert.Equal(one ??= bits, bits);
        }
    }

    [Fact]
    public void UnboundedFit_ImputesNothing_AndSaysWhy()
    {
        Table table = Table.FromArray(["a", "b"], new[,] { { 1.0, 2 }, { 2, 5 }, { 3, double.NaN } });
        NormalFit fit = NormalModel.Fit(table);
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        var error = Assert.Throws<ImputationDataException>(() => fit.Impute(table));
        Assert.Contains("'a' and 'b'", error.Message);
        Assert.Contains("ridge", error.Message);
    }

    /// <summary>Other rows may change, be reordered or be added: a row's draws stay, as long as its own cells and its number do.</summary>
    [Holds(typeof(Gentle))]
    public void Draws_DependOnSeedRowAndColumnOnly(DataCase c)
    {
        double[,] values = c.Values();
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), s_options, s_run);
        int[] columns = [.. Enumerable.Range(0, c.Columns)];

        // Even rows stay; odd rows are shuffled among themselves; some rows are appended.
        int[] odd = [.. Enumerable.Range(0, c.Rows).Where(row => row % 2 == 1)];
        int[] shuffled = [.. odd];
        new Random(c.Seed).Shuffle(shuffled);
        int[] order = [.. Enumerable.Range(0, c.Rows).Select(row => row % 2 == 0 ? row : shuffled[Array.IndexOf(odd, row)]),
            .. Enumerable.Range(0, 5)];

        Dictionary<(int, string), double> before = Draws(values), after = Draws(NaiveMatrix.Part(values, order, columns));
        foreach (((int Row, string) cell, double value) in before)
            if (cell.Row % 2 == 1) Assert.Equal(Bits(value), Bits(after[cell])); // rows count from 1 here
        if (before.Count > 0) Assert.NotEqual(before.Values, Draws(values, seed: 12).Values);

        Dictionary<(int, string), double> Draws(double[,] rows, ulong seed = 11) =>
            fit.Impute(Table.FromArray(c.Names, rows), s_draw, s_run with { Seed = seed }).Cells.ToDictionary(cell => (cell.Row,
                cell.Column),
                cell => cell.Value);
    }

    [Holds(typeof(Gentle))]
    public void Apply_MatchesColumnsByName_InAnyOrder(DataCase c)
    {
        Table table = c.Table();
        NormalFit fit = NormalModel.Fit(table, s_options, s_run);
        var reversed = new Table([TextColumn.Create("extra", new string?[c.Rows]), .. table.Columns.Reverse()]);
        var plain = fit.Impute(table, s_draw, s_run).Cells.ToDictionary(cell => (cell.Row, cell.Column), cell => cell.Value);
        var other = fit.Impute(reversed, s_draw, s_run).Cells.ToDictionary(cell => (cell.Row, cell.Column), cell => cell.Value);
        Assert.Equal(plain.Count, other.Count);
        foreach (((int, string) cell, double value) in plain) Assert.Equal(Bits(value), Bits(other[cell]));
    }

    [Holds(typeof(Gentle))]
    public void BoundedValues_LieInTheirBounds_AndTheCountsSaySo(DataCase c)
    {
        double[,] values = c.Values();
        Dictionary<string, Bounds> bounds = Within(values);
        NormalFit fit = NormalModel.Fit(c.Table(), s_options, s_run);
        foreach (FillMethod method in Enum.GetValues<FillMethod>())
        {
            ImputationResult done = fit.Impute(c.Table(), s_draw with { Method = method, Bounds = bounds }, s_run);
            Assert.All(done.Cells, cell => Assert.InRange(cell.Value, bounds[cell.Column].Lower, bounds[cell.Column].Upper));
            // A row is drawn again as a whole.
            Assert.All(done.Cells.GroupBy(cell => cell.Row),
                row => Assert.Single(row.Select(cell => cell.Notes.HasFlag(CellNotes.Truncated)).Distinct()));
            foreach (ColumnFill fill in done.Fills)
            {
                ImputedCell[] cells = [.. done.Cells.Where(cell => cell.Column == fill.Column)];
                Assert.Equal(cells.Length, fill.FilledCount);
                Assert.Equal(cells.Count(cell => cell.Notes.HasFlag(CellNotes.Clamped)), fill.ClampedCount);
                Assert.Equal(cells.Count(cell => cell.Notes.HasFlag(CellNotes.Truncated)), fill.TruncatedCount);
                Assert.Equal(0, method is FillMethod.Mean or FillMethod.Auto ? fill.TruncatedCount : fill.ClampedCount);
            }
        }
    }

    [Holds(typeof(Gentle))]
    public void IntegerColumns_GetWholeNumbers_WithinTheirBounds(DataCase c)
    {
        Table table = c.Table();
        var bounds = c.Names.ToDictionary(name => name, _ => new Bounds(-1, 1));
        foreach (FillMethod method in Enum.GetValues<FillMethod>())
        {
            ImputationResult done = table.Impute(s_options, s_draw with { Method = method, Integer = c.Names, Bounds = bounds }, s_run);
            Assert.All(done.Cells, cell => Assert.Contains(cell.Value, (double[])[-1, 0, 1]));
        }
    }

    /// <summary>Narrow bounds by column: from the lower to the upper quartile of what is observed.</summary>
    private static Dictionary<string, Bounds> Within(double[,] values)
    {
        var bounds = new Dictionary<string, Bounds>();
        for (int j = 0; j < values.GetLength(1); j++)
        {
            double[] x = [.. Enumerable.Range(0, values.GetLength(0)).Select(row => values[row, j]).Where(v => !double.IsNaN(v)).Order()];
            if (x.Length > 0 && x[0] < x[^1]) bounds[$"x{j + 1}"] = x[x.Length / 4] < x[3 * x.Length / 4] ? new Bounds(x[x.Length / 4],
                x[3 * x.Length / 4]) : new Bounds(x[0], x[^1]);
        }
        return bounds;
    }

    /// <summary>The same with a whole number within one column's bounds: without one they are refused.</summary>
    private static Dictionary<string, Bounds> Widened(Dictionary<string, Bounds> bounds, string name)
    {
        if (bounds.TryGetValue(name, out Bounds range)) bounds[name] = new Bounds(Math.Floor(range.Lower), Math.Ceiling(range.Upper));
        return bounds;
    }

    private static double[] Column(Table table, int j) => ((NumericColumn)table.Columns[j]).Values.ToArray();

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
