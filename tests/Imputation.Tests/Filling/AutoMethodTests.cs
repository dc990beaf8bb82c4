using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Filling;

/// <summary>The default of filling: conditional means in a form that occurs.</summary>
public class AutoMethodTests
{
    private const double None = double.NaN;

    private static readonly FillOptions s_means = new() { Method = FillMethod.Mean };

    /// <summary>Columns that depend on one another: a scale of 5, one of halves, a count, a skewed amount, and a number.</summary>
    private static Table Survey(int seed, int n = 200)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] item = new double[n], half = new double[n], count = new double[n], amount = new double[n], number = new double[n];
        for (int i = 0; i < n; i++)
        {
            double z = Normal();
            item[i] = Math.Clamp(Math.Round(3 + 1.3 * z + 0.5 * Normal()), 1, 5);
            half[i] = Math.Clamp(Math.Round(2 * (z + 0.5 * Normal())) / 2, -2, 2);
            count[i] = Math.Round(Math.Exp(2 + z + 0.3 * Normal()));
            amount[i] = Math.Exp(1.5 * z + 0.3 * Normal());
            number[i] = -50 + 10 * z + 3 * Normal();
        }
        double[][] columns = [item, half, count, amount, number];
        foreach (double[] column in columns)
            for (int i = 0; i < n; i++)
                if (random.NextDouble() < 0.25) column[i] = None;
        string[] names = ["item", "half", "count", "amount", "number"];
        return new Table([.. names.Select((name, j) => NumericColumn.Number(name, columns[j]))]);
    }

    private static double[] Values(Table table, string name) => ((NumericColumn)table[name]).Values.ToArray();

    [Fact]
    public void FilledValues_AreLikeThoseObserved()
    {
        int beyond = 0, negative = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            Table table = Survey(seed);
            Table filled = table.Impute().Table, means = table.Impute(fill: s_means).Table;
            Assert.Subset(Values(table, "item").Where(double.IsFinite).ToHashSet(), Values(filled, "item").ToHashSet());
            Assert.Subset(Values(table, "half").Where(double.IsFinite).ToHashSet(), Values(filled, "half").ToHashSet());
            Assert.All(Values(filled, "count"), x => Assert.Equal(Math.Floor(x), x));
            double[] counts = [.. Values(table, "count").Where(double.IsFinite)];
            Assert.All(Values(filled, "count"), x => Assert.InRange(x, counts.Min(), counts.Max()));
            Assert.All(Values(filled, "amount"), x => Assert.True(x >= 0));
            Assert.Equal(Values(means, "number"), Values(filled, "number"));

            // The nearest of the values that occur, to half a step.
            Assert.All(Values(means, "item").Zip(Values(filled, "item")),
                p => Assert.InRange(Math.Clamp(p.First, 1, 5) - p.Second, -0.5, 0.5));
            beyond += Values(means, "item").Count(x => x is < 1 or > 5);
            negative += Values(means, "amount").Count(x => x < 0);
        }
        Assert.True(beyond > 0 && negative > 100, $"The means are not so: {beyond} beyond the scale, {negative} negative amounts.");
    }

    /// <summary>What was asked for counts more than what the values look like.</summary>
    [Fact]
    public void BoundsAndRounding_TakePrecedence_AndSoDoesACodebook()
    {
        Table table = Survey(3);
        var bounds = new Dictionary<string, Bounds> { ["item"] = new(2, 4), ["amount"] = new(-1, 1), ["number"] = new(-50, -45) };
        Table filled = table.Impute(fill: new FillOptions { Bounds = bounds, Round = ["number"] }).Table;
        Assert.All(Filled("item"), x => Assert.True(x is 2 or 3 or 4));
        Assert.All(Filled("amount"), x => Assert.InRange(x, -1, 1));
        Assert.Contains(Filled("amount"), x => x < 0);
        Assert.All(Filled("number"), x => Assert.InRange(x, -50, -45));

        var codebook = new Codebook([new CodebookField("item") { Measure = Measure.Continuous },
            new CodebookField("number") { Measure = Measure.Continuous }, new CodebookField("amount") { Measure = Measure.Continuous }]);
        ImputationResult asDeclared = table.Impute(new NormalOptions { Codebook = codebook, Prior = CovariancePrior.Auto });
        Assert.Equal(Values(table.Impute(fill: s_means).Table, "item"), Values(asDeclared.Table, "item"));
        Assert.Contains(Values(asDeclared.Table, "amount"), x => x < 0);

        IEnumerable<double> Filled(string name) => Values(filled, name).Where((_, row) => table[name].IsMissing(row));
    }

    /// <summary>A model, also one read from a file, knows the values that it was fitted to, and fills new rows like them.</summary>
    [Fact]
    public void AModel_FillsNewRows_LikeThoseItWasFittedTo()
    {
        NormalFit fit = NormalModel.Fit(Survey(5));
        using var file = new MemoryStream();
        ModelFile.Write(file, fit);
        file.Position = 0;
        FittedModel read = ModelFile.Read(file);
        Table rows = new([NumericColumn.Number("item", [None, None]), NumericColumn.Number("half", [None, None]),
            NumericColumn.Number("count", [None, None]), NumericColumn.Number("amount", [None, None]),
            NumericColumn.Number("number", [-100, 0])]);
        foreach (FittedModel model in new[] { fit, read })
        {
            Table filled = model.Impute(rows).Table;
            Assert.Equal([1, 5], Values(filled, "item"));
            Assert.Equal([-2, 2], Values(filled, "half"));
            Assert.Equal(0, Values(filled, "amount")[0]);
            Assert.All(Values(filled, "count"), x => Assert.Equal(Math.Floor(x), x));
        }
    }

    /// <summary>Values beyond the observed range are counted and noted.</summary>
    [Fact]
    public void WhatLiesBeyondTheObserved_IsNotedAndCounted()
    {
        double[] x = [.. Enumerable.Range(0, 30).Select(i => i / 7.0)],
            y = [.. x.Select((v, i) => i is >= 25 ? None : 3 * v + Math.Sin(i) - 20.5)];
        var table = new Table([NumericColumn.Number("x", x), NumericColumn.Number("y", y)]);
        foreach (FillOptions options in new[] { FillOptions.Default, s_means })
        {
            ImputationResult done = table.Impute(fill: options);
            int beyond = Values(done.Table, "y").Count(v => v > y.Where(double.IsFinite).Max());
            Assert.InRange(beyond, 3, 5);
            Assert.Equal(beyond, Assert.Single(done.Fills).BeyondObservedCount);
            Assert.Equal(beyond, done.Cells.Count(c => c.Notes.HasFlag(CellNotes.BeyondObserved)));
            using var ledger = new MemoryStream();
            LedgerFile.Write(ledger, done.Cells);
            Assert.Equal(beyond, Encoding.UTF8.GetString(ledger.ToArray()).Split("beyond-observed").Length - 1);
        }
    }

    /// <summary>A relation among whole numbers is kept, though every part alone would be rounded or cut.</summary>
    [Fact]
    public void ASumOfWholeNumbers_StaysASum()
    {
        var random = new Random(8);
        double[] a = new double[60], b = new double[60], sum = new double[60];
        for (int i = 0; i < 60; i++)
        {
            (a[i], b[i]) = (random.Next(40), random.Next(40));
            sum[i] = a[i] + b[i];
            if (i % 4 == 1) a[i] = None;
            if (i % 4 == 2) sum[i] = None;
            if (i % 4 == 3) (a[i], b[i]) = (None, None);
        }
        var table = new Table([NumericColumn.Number("a", a), NumericColumn.Number("b", b), NumericColumn.Number("sum", sum)]);
        Table filled = table.Impute().Table;
        double[] fa = Values(filled, "a"), fb = Values(filled, "b"), fs = Values(filled, "sum");
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(fs[i], fa[i] + fb[i]);
            Assert.Equal(Math.Floor(fa[i]), fa[i]);
        }
    }

    /// <summary>Rain is never negative, and the year is no year and a half.</summary>
    [SharedFact("cases/field")]
    public void Rain_IsNeverNegative()
    {
        Table table = CsvTable.Read(Path.Combine(SharedFolder.Find("cases/field")!, "18_rain.csv"));
        ImputationResult done = table.Impute();
        Assert.DoesNotContain(done.Cells, c => c.Value < 0);
        Assert.Equal(5, table.Impute(fill: s_means).Cells.Count(c => c.Value < 0));
        Assert.Equal(5, done.Fills.Sum(f => f.ClampedCount));
        Assert.Equal("0", done.Cells.First(c => c.Notes.HasFlag(CellNotes.Clamped)).Value.ToString(CultureInfo.InvariantCulture));
    }
}
