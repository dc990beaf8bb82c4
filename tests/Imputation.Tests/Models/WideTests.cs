using Imputation.Models.Gaussian;
using Imputation.Patterns;

namespace Imputation.Tests.Models;

/// <summary>Tables of fewer rows than three times their columns.</summary>
public class WideTests
{
    private static readonly NormalOptions s_auto = new() { Prior = CovariancePrior.Auto };

    /// <summary>300 × 200 took 77 s, nearly all of it for the likelihood and for ridges under which EM did not settle.</summary>
    [Theory]
    [InlineData(60, 40, 4.0)]
    [InlineData(100, 35, 4.0)]
    [InlineData(40, 60, 6.0)]
    public void AreFittedUnderARidge_OfOneDegreeOfFreedomForTenColumns(int rows, int columns, double expected)
    {
        NormalFit fit = NormalModel.Fit(Values(rows, columns, 0.15), s_auto);
        Assert.Equal((EmOutcome.Converged, expected), (fit.Report.Outcome, fit.Report.Prior.DegreesOfFreedom));
        Finding said = Assert.Single(fit.Report.Findings, f => f.Code == "prior-wide");
        Assert.Contains($"ridge:{expected}", said.Sentence);
        Assert.Contains(rows > columns ? $"{rows} rows are few for {columns} columns" : $"there are {rows} rows for {columns} columns",
            said.Sentence);
    }

    /// <summary>Where there is a closed form or enough rows, or the columns are few, the likelihood comes first.</summary>
    [Theory]
    [InlineData(60, 40, 0.0)]
    [InlineData(130, 40, 0.01)]
    [InlineData(60, 21, 0.01)]
    public void OtherTables_AreFittedByMaximumLikelihood(int rows, int columns, double missing)
    {
        NormalFit fit = NormalModel.Fit(Values(rows, columns, missing), s_auto);
        Assert.Equal((EmOutcome.Converged, CovariancePriorKind.None), (fit.Report.Outcome, fit.Report.Prior.Kind));
        Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "prior-wide");
    }

    [Fact]
    public void Ladder_StartsWhereItIsTold_AndGoesUp()
    {
        Assert.Equal([0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100], RidgeLadder.From(0));
        Assert.Equal([1, 3, 10, 30, 100], RidgeLadder.From(1));
        Assert.Equal([20, 30, 100], RidgeLadder.From(RidgeLadder.Wide(200)));
        Assert.Equal([250.0], RidgeLadder.From(RidgeLadder.Wide(2500)));
    }

    [Fact]
    public void Forecast_ComesOnce_BeforeTheFirstIteration_AndGrowsWithTheTable()
    {
        TimeSpan[] times = [.. new[] { (60, 10), (60, 40), (240, 40), (240, 80) }.Select(size =>
        {
            var heard = new Hearing();
            NormalModel.Fit(Values(size.Item1, size.Item2, 0.1), s_auto, new RunOptions { Progress = heard, Forecast = heard });
            Assert.True(heard.Iterations > 0);
            Assert.Equal((size.Item1, size.Item2, 0), (heard.Forecast!.RowCount, heard.Forecast.ColumnCount, heard.IterationsBefore));
            return heard.Forecast.Time;
        })];
        Assert.Equal(times.Order(), times);
        Assert.True(times[3] > 2 * times[0]);
    }

    [Fact]
    public void MoreColumnsThanTheLimit_AreRefused_WithTheLimit()
    {
        Assert.Equal(2500, GaussianWork.MostColumns);
        GaussianWork.ThrowIfTooWide(Values(2, 2500, 0));
        string message = Assert.Throws<ImputationDataException>(() => NormalModel.Fit(Values(12, 2501, 0.1))).Message;
        Assert.StartsWith("2,501 columns would be modelled, and the normal model takes 2,500 at most", message);
        Assert.Contains("3.1 million elements", message);
        Assert.Contains("--columns", message);
    }

    private static IncompleteMatrix Values(int rows, int columns, double missing)
    {
        var random = new Random(rows + columns);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            double common = random.NextDouble();
            for (int j = 0; j < columns; j++)
            {
                double x = common + random.NextDouble();
                values[i, j] = random.NextDouble() < missing ? double.NaN : x;
            }
        }
        return IncompleteMatrix.FromArray(values);
    }

    /// <summary>Hears at once, on the thread that reports.</summary>
    private sealed class Hearing : IProgress<EmIteration>, IProgress<EmForecast>
    {
        public int Iterations { get; private set; }

        public int IterationsBefore { get; private set; }

        public EmForecast? Forecast { get; private set; }

        void IProgress<EmIteration>.Report(EmIteration value) => Iterations++;

        void IProgress<EmForecast>.Report(EmForecast value)
        {
            Assert.Null(Forecast);
            (Forecast, IterationsBefore) = (value, Iterations);
        }
    }
}
