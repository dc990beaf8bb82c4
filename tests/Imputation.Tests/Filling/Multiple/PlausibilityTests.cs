using Xunit.Abstractions;

namespace Imputation.Tests.Filling.Multiple;

/// <summary>Nothing absurd is filled in: issue 15, point 1, over many small tables with many missing cells.</summary>
public class PlausibilityTests(ITestOutputHelper output)
{
    /// <summary>Tables for each method; more where IMPUTATION_LONG is set.</summary>
    private static int Tables => Environment.GetEnvironmentVariable("IMPUTATION_LONG") is null ? 100 : 2000;

    /// <summary>What the cells of a table are like.</summary>
    public enum Shape
    {
        Normal,

        /// <summary>Outliers, skewed columns, nearly dependent columns, columns of zeros and ones, or repeated rows.</summary>
        Awkward,
    }

    /// <summary>No filled value lies further from its column's mean than 8 standard deviations of the observed values or 3 of its
    /// prediction, whichever is larger, or where the row itself is further out, than a fifth more than that; and wherever a model can be
    /// fitted there is an answer.</summary>
    [Theory]
    [InlineData("fill", Shape.Normal)]
    [InlineData("emb", Shape.Normal)]
    [InlineData("da", Shape.Normal)]
    [InlineData("fill", Shape.Awkward)]
    [InlineData("emb", Shape.Awkward)]
    [InlineData("da", Shape.Awkward)]
    public void FilledValues_AreNearTheObservedOnes_InSmallTables(string method, Shape shape)
    {
        var wrong = new List<string>();
        int answers = 0, ridged = 0;
        Parallel.For(0, Tables, seed =>
        {
            Table table = Small(seed, shape);
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
            Dictionary<string, ColumnStatistics> statistics = table.Columns.ToDictionary(c => c.Name,
                c => ColumnStatistics.Of((NumericColumn)c));
            double Own(int row) => table.Columns.Cast<NumericColumn>().Where(c => !double.IsNaN(c[row]))
                .Max(c => (double?)Math.Abs(c[row] - statistics[c.Name].Mean) / statistics[c.Name].StandardDeviation) ?? 0;
            foreach (ImputationResult result in results)
            {
                foreach (ImputedCell cell in result.Cells)
                {
                    ColumnStatistics observed = statistics[cell.Column];
                    double limit = Math.Max(Math.Max(8, 1.2 * Own(cell.Row - 1)) * observed.StandardDeviation, 3 * cell.StandardDeviation);
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
    private static Table Small(int seed, Shape shape)
    {
        var random = new Random(seed);
        int rows = random.Next(20, 61), columns = random.Next(3, 11);
        double correlation = random.NextDouble(), missing = 0.15 + 0.3 * random.NextDouble();
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[,] whole = new double[rows, columns], values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = Normal();
            for (int j = 0; j < columns; j++)
            {
                whole[i, j] = Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * Normal();
                values[i, j] = random.NextDouble() < missing ? double.NaN : 0;
            }
        }
        // three complete rows, so that every column varies
        for (int j = 0; j < columns; j++)
        {
            (whole[0, j], whole[1, j], whole[2, j]) = (0, 1, -1);
            (values[0, j], values[1, j], values[2, j]) = (0, 0, 0);
        }
        int last = columns - 1;
        for (int i = 0; i < rows && shape == Shape.Awkward; i++)
        {
            for (int j = 0; j < columns; j++)
                whole[i, j] = (seed % 5) switch
                {
                    0 => whole[i, j] / Math.Sqrt(-Math.Log(1 - random.NextDouble())), // Student's t with 2 degrees of freedom
                    1 => Math.Exp(whole[i, j]),
                    2 when j == last => whole[i, 0] + whole[i, 1] + 1e-6 * Normal(),
                    3 when j == last => whole[i, j] > 0 ? 1 : 0,
                    4 => whole[i % (rows / 2), j],
                    _ => whole[i, j],
                };
        }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) values[i, j] += 10 * j + whole[i, j];
        return Table.FromArray([.. Enumerable.Range(1, columns).Select(j => $"v{j}")], values);
    }
}
