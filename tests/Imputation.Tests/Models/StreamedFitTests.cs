using Imputation.Models.Normal;

namespace Imputation.Tests.Models;

/// <summary>Rows in batches give the model, and the filled cells, of the table.</summary>
public class StreamedFitTests
{
    /// <summary>So little that rows of rare patterns go to the scratch after the first few thousand.</summary>
    private const long Little = 1 << 18;

    public static TheoryData<int, int, int, double, bool> Tables => new()
    {
        { 1, 60_000, 6, 0.2, false }, // frequent patterns, and few rare ones
        { 2, 40_000, 14, 0.3, false }, // nearly every row is a pattern
        { 3, 3_000, 5, 0.1, false },
        { 4, 50_000, 5, 0.2, true },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Model_IsThatOfTheTable(int seed, int rows, int columns, double missing, bool monotone)
    {
        Table table = Make(new Random(seed), rows, columns, missing, monotone);
        var options = new NormalOptions { Tolerance = 1e-10 };
        NormalFit whole = NormalModel.Fit(table, options);
        var batches = new Rows(table, new Random(seed));
        NormalFit streamed = Fit(batches, options, Little);
        Same(whole, streamed, 1e-9);
        Assert.Equal(whole.Report.PatternCount, streamed.Report.PatternCount);
        Assert.Equal(whole.Report.CompleteRowCount, streamed.Report.CompleteRowCount);
        Assert.Equal(whole.Report.ObservedCellCount, streamed.Report.ObservedCellCount);
        Assert.Equal(whole.Report.MissingCellCount, streamed.Report.MissingCellCount);
        Assert.InRange(Math.Abs(whole.Report.LogLikelihood - streamed.Report.LogLikelihood), 0,
            1e-9 * Math.Abs(whole.Report.LogLikelihood));
        Assert.Equal(EmOutcome.Converged, streamed.Report.Outcome);
    }

    [Fact]
    public void RareRows_GoToTheScratch_OnlyWhereMemoryIsShort()
    {
        Table table = Make(new Random(2), 40_000, 14, 0.3, monotone: false);
        var used = new List<Scratch>();
        Fit(new Rows(table, new Random(1)) { RowCount = table.RowCount }, NormalOptions.Default, Little, used);
        Scratch scratch = Assert.Single(used);
        Assert.True(scratch.Count > 100_000 && scratch.IsDisposed, $"{scratch.Count} numbers, disposed: {scratch.IsDisposed}");
        Assert.True(sizeof(double) * scratch.Count <= scratch.Announced);
        used.Clear();
        Fit(new Rows(table, new Random(1)), NormalOptions.Default, Little, used);
        Assert.Null(Assert.Single(used).Announced); // of unknown length
        used.Clear();
        Fit(new Rows(table, new Random(1)), NormalOptions.Default, 1 << 30, used);
        Assert.Empty(used);
    }

    [Fact]
    public void Scratch_IsGone_WhenTheFitIsCancelled()
    {
        Table table = Make(new Random(2), 40_000, 14, 0.3, monotone: false);
        using var cancel = new CancellationTokenSource();
        var used = new List<Scratch>();
        var rows = new Rows(table, new Random(1)) { AtEnd = cancel.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(rows, NormalOptions.Default, Little, used, cancel.Token));
        Assert.True(Assert.Single(used).IsDisposed);
    }

    [Fact]
    public void WithoutScratch_RowsThatDoNotFit_AreRefused()
    {
        Table table = Make(new Random(2), 40_000, 14, 0.3, monotone: false);
        var exception = Assert.Throws<ImputationDataException>(() => new StreamedFit(new Rows(table, new Random(1)), NormalOptions.Default,
            new StreamOptions { Memory = Little }, RunOptions.Default, default).Run((_, _) => throw new InvalidOperationException()));
        Assert.Contains("memory", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalModel.Fit(new Rows(table, new Random(1)),
            stream: new StreamOptions { Memory = 1 }));
    }

    /// <summary>The first batch does not say all: one column is empty in it, one constant, one has whole numbers only.</summary>
    [Fact]
    public void WhatShowsLate_Counts()
    {
        const int rows = 9_000;
        Table table = Make(new Random(7), rows, 5, 0.1, monotone: false);
        double[] late = Values(table, 0), constant = Values(table, 1), always = [.. Enumerable.Repeat(3.5, rows)];
        for (int i = 0; i < 4_000; i++) (late[i], constant[i]) = (double.NaN, 2);
        table = new Table([NumericColumn.Number("late", late), NumericColumn.Number("constant", constant),
            NumericColumn.Number("always", always), .. table.Columns.Skip(2)]);
        NormalFit whole = NormalModel.Fit(table), streamed = Fit(new Rows(table, new Random(1)) { Largest = 2_000 }, NormalOptions.Default,
            1 << 30);
        Assert.Equal(["late", "constant", "x2", "x3", "x4"], streamed.Columns);
        Same(whole, streamed, 1e-6);
        Assert.Equal(ColumnRole.Constant, streamed.Report.ColumnUses[2].Role);
        Assert.Equal(3.5, streamed.Report.ColumnUses[2].Constant);
        for (int j = 0; j < table.Columns.Count; j++)
        {
            ColumnUse there = whole.Report.ColumnUses[j], here = streamed.Report.ColumnUses[j];
            Assert.Equal((there.Role, there.ObservedCount, there.MissingCount), (here.Role, here.ObservedCount, here.MissingCount));
            if (there.Values is null) continue;
            Assert.Equal((there.Values.Lowest, there.Values.Highest, there.Values.AreWhole, there.Values.AreAmounts),
                (here.Values!.Lowest, here.Values.Highest, here.Values.AreWhole, here.Values.AreAmounts));
            Assert.Equal(there.Values.Scale, here.Values.Scale);
        }
    }

    [Fact]
    public void ExactRelation_IsFound_AndOneThatALateRowBreaksIsNot()
    {
        Table table = Make(new Random(3), 20_000, 4, 0.1, monotone: false);
        double[] a = Values(table, 0), b = Values(table, 1);
        double[] sum = [.. a.Zip(b, (x, y) => x + y)];
        Table with = new([.. table.Columns, NumericColumn.Number("sum", sum)]);
        NormalFit streamed = Fit(new Rows(with, new Random(1)), new NormalOptions { Prior = CovariancePrior.Auto }, 1 << 30);
        LinearRelation relation = Assert.Single(streamed.Report.Relations);
        Assert.Equal("sum = x0 + x1", relation.ToString());
        Assert.Equal(sum.Count(x => !double.IsNaN(x)), relation.RowCount);

        sum[19_990] = a[19_990] + b[19_990] + 40;
        Assert.False(double.IsNaN(sum[19_990]));
        with = new([.. table.Columns, NumericColumn.Number("sum", sum)]);
        Assert.Empty(Fit(new Rows(with, new Random(1)), new NormalOptions { Prior = CovariancePrior.Auto }, 1 << 30).Report.Relations);
    }

    [Theory]
    [InlineData(FillMethod.Auto)]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    public void Cells_AreThoseOfTheTable(FillMethod method)
    {
        Table table = Make(new Random(5), 4_000, 5, 0.2, monotone: false);
        NormalFit fit = NormalModel.Fit(table);
        var how = new FillOptions { Method = method };
        ImputationResult whole = fit.Impute(table, how);
        ImputationResult[] parts = [.. fit.Impute(new Rows(table, new Random(2)), how)];
        Assert.True(parts.Length > 3);
        foreach ((Column column, int j) in whole.Table.Columns.Select((c, j) => (c, j)))
            Assert.Equal(((NumericColumn)column).Values.ToArray(),
                parts.SelectMany(part => ((NumericColumn)part.Table.Columns[j]).Values.ToArray()));
        Assert.Equal(whole.Cells.Select(c => (c.Row, c.Column, c.Value, c.Lower)),
            parts.SelectMany(part => part.Cells).Select(c => (c.Row, c.Column, c.Value, c.Lower)));
    }

    [Fact]
    public void WhatNeedsAllRows_IsRefused()
    {
        Table table = Make(new Random(5), 400, 3, 0.2, monotone: false);
        var rows = new Rows(table, new Random(2));
        Assert.Throws<ArgumentException>(() => NormalModel.Fit(table).Impute(rows, new FillOptions
        {
            Method = FillMethod.PredictiveMeanMatching,
        }));
        Assert.Throws<ImputationDataException>(() => new FactorOptions().Fit(rows));
        Table mixed = new([.. table.Columns, TextColumn.Create("s", [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? "m" : "f")])]);
        var exception = Assert.Throws<ImputationDataException>(() => new AutomaticOptions().Fit(new Rows(mixed, new Random(1))));
        Assert.Contains("--columns", exception.Message, StringComparison.Ordinal);
        Assert.Equal(3, new NormalOptions().Fit(new Rows(mixed, new Random(1))).Columns.Count);
    }

    private static void Same(NormalFit whole, NormalFit streamed, double tolerance)
    {
        Assert.Equal(whole.Columns, streamed.Columns);
        for (int i = 0; i < whole.Columns.Count; i++)
        {
            double sd = Math.Sqrt(whole.Covariance[i, i]);
            Assert.InRange(Math.Abs(whole.Mean[i] - streamed.Mean[i]) / sd, 0, tolerance);
            for (int j = 0; j <= i; j++)
                Assert.InRange(Math.Abs(whole.Covariance[i, j] - streamed.Covariance[i, j])
                    / (sd * Math.Sqrt(whole.Covariance[j, j])), 0, tolerance);
        }
    }

    private static NormalFit Fit(Rows rows, NormalOptions options, long memory, List<Scratch>? used = null,
        CancellationToken cancellation = default)
    {
        var stream = new StreamOptions
        {
            Memory = memory,
            Scratch = bytes =>
            {
                var scratch = new Scratch(bytes);
                used?.Add(scratch);
                return scratch;
            },
        };
        // below the least that the public method takes
        return new StreamedFit(rows, options, stream, RunOptions.Default, cancellation).Run((data, uses) =>
            NormalModel.FitData(data, uses, options, RunOptions.Default, cancellation));
    }

    private static double[] Values(Table table, int column) => ((NumericColumn)table.Columns[column]).Values.ToArray();

    private static Table Make(Random random, int rows, int columns, double missing, bool monotone)
    {
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double factor = random.NextDouble() - 0.5;
            int last = monotone && random.NextDouble() < missing ? random.Next(1, columns) : columns;
            for (int j = 0; j < columns; j++)
            {
                double noise = random.NextDouble() + random.NextDouble() - 1;
                values[i, j] = j >= last || (!monotone && random.NextDouble() < missing) ? double.NaN : 10 * j + factor * (j + 1) + noise;
            }
        }
        return Table.FromArray([.. Enumerable.Range(0, columns).Select(j => $"x{j}")], values);
    }

    /// <summary>A table in batches of random sizes.</summary>
    private sealed class Rows(Table table, Random random) : IRowSource
    {
        private readonly int _seed = random.Next();

        public int Largest { get; init; } = 7_000;

        public Action? AtEnd { get; init; }

        public long? RowCount { get; init; }

        public string Name => "the rows";

        public IEnumerable<Table> Batches(CancellationToken cancellation)
        {
            var sizes = new Random(_seed);
            int most = Math.Min(Largest, Math.Max(1, table.RowCount / 4));
            for (int first = 0; first < table.RowCount;)
            {
                int count = Math.Min(table.RowCount - first, sizes.Next(most / 2, most + 1));
                yield return new Table(table.Columns.Select(c => Part(c, first, count)));
                first += count;
            }
            AtEnd?.Invoke();
        }

        private static Column Part(Column column, int first, int count) => column is NumericColumn numeric
            ? NumericColumn.Create(column.Name, column.Kind, numeric.Values.Slice(first, count).ToArray())
            : TextColumn.Create(column.Name, [.. Enumerable.Range(first, count).Select(i => (string?)column.Value(i))]);
    }

    /// <summary>A scratch in memory.</summary>
    private sealed class Scratch(long? announced) : IScratch
    {
        private readonly List<double> _numbers = [];

        public long? Announced => announced;

        public int Count => _numbers.Count;

        public bool IsDisposed { get; private set; }

        public long Write(ReadOnlySpan<double> numbers)
        {
            int start = _numbers.Count;
            _numbers.AddRange(numbers);
            return start;
        }

        public void Read(long start, Span<double> numbers)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_numbers).Slice((int)start, numbers.Length).CopyTo(numbers);
        }

        public void Dispose() => IsDisposed = true;
    }
}
