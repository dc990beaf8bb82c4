using Imputation.Filling;
using Imputation.Tests.Diagnostics;
using Imputation.Tests.Models;

namespace Imputation.Tests.Filling.Multiple;

public class DonorPoolTests
{
    /// <summary>Against sorting by distance: every number nearer than the k-th distance is chosen with probability 1/k, and those at that
    /// distance share the rest.</summary>
    [Fact]
    public void Choice_IsEvenAmongTheNearest_TiesSharingTheLastPlaces()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 300; trial++)
        {
            int n = random.Next(1, 15), count = random.Next(1, 7);
            double[] sorted = [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(0, trial % 2 == 0 ? 6 : 100)).Order()];
            double x = random.Next(-1, 8) + (trial % 3 == 0 ? 0.5 : 0);
            var times = new double[n];
            const int draws = 5040; // divisible by 1 to 7 and many products
            for (int i = 0; i < draws; i++) times[DonorPool.Choose(sorted, x, count, (i + 0.5) / draws)]++;

            int k = Math.Min(count, n);
            double far = sorted.Select(a => Math.Abs(a - x)).Order().ElementAt(k - 1);
            int near = sorted.Count(a => Math.Abs(a - x) < far), tied = sorted.Count(a => Math.Abs(a - x) == far);
            for (int i = 0; i < n; i++)
            {
                double distance = Math.Abs(sorted[i] - x), expected = distance < far ? 1.0 / k : distance > far ? 0
                    : (double)(k - near) / k / tied;
                Assert.Equal(expected, times[i] / draws, 0.001);
            }
        }
    }

    [Fact]
    public void FilledValues_Occur_AndTheirDonorsAreNamed()
    {
        Table table = Simulated.Table(Simulated.Rows(4, 200, 4, 0.6, 0.25));
        ImputationResult done = table.Impute(fill: new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        Assert.Equal(table.Columns.Sum(c => c.MissingCount), done.Cells.Count());
        foreach (ImputedCell cell in done.Cells)
        {
            Assert.Equal(CellNotes.Matched, cell.Notes);
            Assert.Equal(FillMethod.PredictiveMeanMatching, cell.Method);
            var column = (NumericColumn)table[cell.Column];
            Assert.False(column.IsMissing(cell.DonorRow!.Value - 1));
            Assert.Equal(column[cell.DonorRow.Value - 1], cell.Value);
        }
    }

    /// <summary>One predictor, one cell: the donors are the five rows with the nearest x, since the prediction is a line in x.</summary>
    [Fact]
    public void Donors_AreThoseWithTheNearestPredictions()
    {
        var values = new double[41, 2];
        for (int row = 0; row < 41; row++) (values[row, 0], values[row, 1]) = (row, 1000 + row);
        values[40, 0] = 20.2;
        values[40, 1] = double.NaN;
        NormalFit fit = Fitted.Model(["x", "y"], [20, 1020], new[,] { { 100.0, 60 }, { 60, 100 } });
        Table table = Table.FromArray(["x", "y"], values);
        HashSet<int> donors = [.. Enumerable.Range(0, 200).Select(seed => fit.Impute(table,
            new FillOptions { Method = FillMethod.PredictiveMeanMatching },
                new RunOptions { Seed = (ulong)seed }).Cells.Single().DonorRow!.Value - 1)];
        Assert.Equal([18, 19, 20, 21, 22], donors.Order());
        Assert.Equal([20], Enumerable.Range(0, 20).Select(seed => fit.Impute(table,
            new FillOptions { Method = FillMethod.PredictiveMeanMatching, Donors = 1 },
            new RunOptions { Seed = (ulong)seed }).Cells.Single().DonorRow!.Value
            - 1).Distinct());
    }

    /// <summary>Cells that miss together keep their correlation: of 3,000 rows without x2 and x3, each matched after the other.
    /// Correlations have standard errors of 0.015.</summary>
    [Fact]
    public void CellsOfOneRow_KeepTheirAssociation()
    {
        double[,] values = Simulated.Rows(6, 6000, 3, 0.7, 0);
        for (int row = 3000; row < 6000; row++) values[row, 1] = values[row, 2] = double.NaN;
        ImputationResult done = Simulated.Table(values).Impute(fill: new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        double[] x = ((NumericColumn)done.Table["x2"]).Values[3000..].ToArray(), y = ((NumericColumn)done.Table["x3"]).Values[3000..]
            .ToArray();
        Assert.Equal(0.7, MathNet.Numerics.Statistics.Correlation.Pearson(x, y), 0.06);
    }

    [Fact]
    public void FewerValuesThanDonors_AreAllDonors()
    {
        double missing = double.NaN;
        Table table = Table.FromArray(["x", "y"], new[,] { { 1, 10 }, { 2, 12 }, { 3, missing }, { 4, missing }, { 2.5, missing } });
        ImputationResult done = Fitted.Model(["x", "y"], [2.5, 11], new[,] { { 2.0, 1 }, { 1, 2 } }).Impute(table,
            new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        Assert.All(done.Cells, c => Assert.Contains(c.Value, (double[])[10, 12]));
    }

    [Fact]
    public void NoValueToTake_LeavesThePrediction()
    {
        double missing = double.NaN;
        Table table = Table.FromArray(["x", "y"], new[,] { { 1, missing }, { 2, missing } });
        ImputationResult done = Fitted.Model(["x", "y"], [2, 11], new[,] { { 2.0, 1 }, { 1, 2 } }).Impute(table,
            new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        Assert.Equal([10.5, 11], done.Cells.Select(c => c.Value));
        Assert.All(done.Cells, c => Assert.Null(c.DonorRow));
    }

    [Fact]
    public void OneValue_IsTakenByAll_WhereTheModelComesFromElsewhere()
    {
        double missing = double.NaN;
        Table table = Table.FromArray(["x", "y"], new[,] { { 1, 7 }, { 2, missing }, { 9, missing } });
        ImputationResult done = Fitted.Model(["x", "y"], [2, 11], new[,] { { 2.0, 1 }, { 1, 2 } }).Impute(table,
            new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        Assert.All(done.Cells, c => Assert.Equal((7, 1), (c.Value, c.DonorRow)));
    }

    [Fact]
    public void DonorsOutsideOfBounds_AreNone()
    {
        Table table = Simulated.Table(Simulated.Rows(4, 300, 2, 0.6, 0.4));
        var options = new FillOptions
        {
            Method = FillMethod.PredictiveMeanMatching,
            Bounds = new Dictionary<string, Bounds> { ["x2"] = new(0, 0.5) }
        };
        ImputationResult done = table.Impute(fill: options);
        Assert.All(done.Cells, c =>
        {
            Assert.InRange(c.Value, 0, 0.5);
            Assert.Equal(CellNotes.Matched, c.Notes);
        });
    }

    [Fact]
    public void WholeNumbers_StayWhole()
    {
        double[,] values = Simulated.Rows(4, 100, 2, 0.6, 0.4);
        long?[] counts = [.. Enumerable.Range(0, 100).Select(row => double.IsNaN(values[row, 1]) ? null
            : (long?)Math.Round(4 * values[row, 1]))];
        var table = new Table([Simulated.Table(values).Columns[0], NumericColumn.Integer("count", counts)]);
        ImputationResult done = table.Impute(fill: new FillOptions { Method = FillMethod.PredictiveMeanMatching });
        Assert.Equal(ColumnKind.Integer, done.Table["count"].Kind);
        Assert.Empty(done.Findings);
    }
}
