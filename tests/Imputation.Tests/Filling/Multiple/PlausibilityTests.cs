using Xunit.Abstractions;

namespace Imputation.Tests.Filling.Multiple;

/// <summary>Nothing absurd is filled in: issue 15, point 1, over many small tables with many missing cells.</summary>
public class PlausibilityTests(ITestOutputHelper output)
{
    /// <summary>Tables for each method; more where IMPUTATION_LONG is set.</summary>
    private static int Tables => Environment.GetEnvironmentVariable("IMPUTATION_LONG") is null ? 100 : 2000;

    /// <summary>No filled value lies further from its column's mean than 8 standard deviations of the observed values or 3 of its
    /// prediction, whichever is larger; and wherever a model can be fitted there is an answer.</summary>
    [Theory]
    [InlineData("fill")]
    [InlineData("emb")]
    [InlineData("da")]
    public void FilledValues_AreNearTheObservedOnes_InSmallTables(string method)
    {
        var wrong = new List<string>();
        int answers = 0, ridged = 0;
        Parallel.For(0, Tables, seed =>
        {
            Table table = Small(seed);
            IReadOnlyList<ImputationResult> results;
            try
            {
                results = method == "fill" ? [table.Impute()]
                    : [.. table.ImputeMultiple(new MultipleOptions
                    {
                        Count = 5,
                        Method = method == "emb" ? MultipleMethod.BootstrapEm : MultipleMethod.DataAugmentation,
                    }, new RunOptions { Seed = (ulong)seed, Threads = 1 })];
            }
            catch (ImputationDataException exception)
            {
                lock (wrong) wrong.Add($"table {seed}: {exception.Message}");
                return;
            }
            Interlocked.Increment(ref answers);
            foreach (ImputationResult result in results)
            {
                foreach (ImputedCell cell in result.Cells)
                {
                    ColumnStatistics observed = ColumnStatistics.Of((NumericColumn)table[cell.Column]);
                    double limit = Math.Max(8 * observed.StandardDeviation, 3 * cell.StandardDeviation);
                    if (!(Math.Abs(cell.Value - observed.Mean) <= limit))
                        lock (wrong) wrong.Add($"table {seed}, {cell}: the column has {observed}");
                }
            }
            if (results[0].Fit.Report.Prior.Kind == CovariancePriorKind.Ridge) Interlocked.Increment(ref ridged);
        });
        output.WriteLine($"{method}: {answers} of {Tables} tables answered, {ridged} under a ridge of the full fit");
        Assert.True(wrong.Count == 0, $"{wrong.Count}: {string.Join("; ", wrong.Take(10))}");
    }

    /// <summary>20 to 60 rows of 3 to 10 correlated columns, 15 to 45 % of the cells missing at random.</summary>
    private static Table Small(int seed)
    {
        var random = new Random(seed);
        int rows = random.Next(20, 61), columns = random.Next(3, 11);
        double correlation = random.NextDouble(), missing = 0.15 + 0.3 * random.NextDouble();
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = Normal();
            for (int j = 0; j < columns; j++)
            {
                double x = Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * Normal();
                values[i, j] = random.NextDouble() < missing ? double.NaN : 10 * j + x;
            }
        }
        // three complete rows, so that every column varies
        for (int j = 0; j < columns; j++) (values[0, j], values[1, j], values[2, j]) = (10 * j, 10 * j + 1, 10 * j - 1);
        return Table.FromArray([.. Enumerable.Range(1, columns).Select(j => $"v{j}")], values);
    }
}
