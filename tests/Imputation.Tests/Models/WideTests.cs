using Imputation.Models.Gaussian;
using Imputation.Patterns;

namespace Imputation.Tests.Models;

/// <summary>Tables of fewer rows than three times their columns.</summary>
public class WideTests
{
    private static readonly NormalOptions s_auto = new() { Prior = CovariancePrior.Auto };

    /// <summary>The ridge that is chosen by hidden cells predicts the missing cells nearly as well as the best one of a search that knows
    /// them, and never worse than the column means do.</summary>
    [Theory]
    [InlineData(70, 60, 3)]
    [InlineData(40, 60, 3)]
    [InlineData(100, 25, 2)]
    [InlineData(60, 40, 0)]
    public void AreFittedUnderTheRidge_ThatPredictsHiddenCellsBest(int rows, int columns, int factors)
    {
        (IncompleteMatrix data, double[,] truth) = WithFactors(rows, columns, factors);
        NormalFit fit = NormalModel.Fit(data, s_auto);
        Assert.Equal((EmOutcome.Converged, CovariancePriorKind.Ridge), (fit.Report.Outcome, fit.Report.Prior.Kind));
        Finding said = Assert.Single(fit.Report.Findings, f => f.Code == "prior-by-hidden-cells");
        Assert.Contains(fit.Report.Prior.ToString(), said.Sentence);
        Assert.Contains("mean log density of a hidden cell: ridge:10000 ", said.Evidence);

        double own = Error(fit, data, truth), means = ErrorOfMeans(data, truth);
        double best = new[] { 1.0, 10, 30, 100, 300, 1000, 10_000 }.Min(df => Error(NormalModel.Fit(data,
            new NormalOptions { Prior = CovariancePrior.Ridge(df) }), data, truth));
        Assert.InRange(own, best - 1e-12, 1.05 * best);
        Assert.True(own <= 1.001 * means, $"{own} of the ridge, {means} of the means"); // no predictor is exactly 0 under a finite ridge
    }

    /// <summary>Small tables too: under the weakest ridge with a maximum, or none, the errors were 1.2 to 1.7 times those of column
    /// means.</summary>
    [Theory]
    [InlineData(12, 6, 0, 1.02)]
    [InlineData(15, 6, 0, 1.02)]
    [InlineData(20, 8, 0, 1.02)]
    [InlineData(15, 6, 1, 0.95)]
    [InlineData(20, 8, 1, 0.9)]
    public void OfFewCells_AreFilledNoWorseThanByColumnMeans(int rows, int columns, int factors, double most)
    {
        double own = 0, means = 0;
        for (int seed = 1; seed <= 20; seed++)
        {
            (IncompleteMatrix data, double[,] truth) = WithFactors(rows, columns, factors, seed);
            own += Math.Pow(Error(NormalModel.Fit(data, s_auto), data, truth), 2);
            means += Math.Pow(ErrorOfMeans(data, truth), 2);
        }
        Assert.InRange(Math.Sqrt(own / means), 0, most);
    }

    /// <summary>Where there is a closed form or enough rows, or the cells are few, the likelihood comes first.</summary>
    [Theory]
    [InlineData(60, 40, 0.0)]
    [InlineData(130, 20, 0.01)]
    [InlineData(9, 3, 0.2)]
    public void OtherTables_AreFittedByMaximumLikelihood(int rows, int columns, double missing)
    {
        NormalFit fit = NormalModel.Fit(Values(rows, columns, missing), s_auto);
        Assert.Equal((EmOutcome.Converged, CovariancePriorKind.None), (fit.Report.Outcome, fit.Report.Prior.Kind));
        Assert.DoesNotContain(fit.Report.Findings, f => f.Code == "prior-by-hidden-cells");
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

    /// <summary>Columns of some common factors and as much noise, with a fifth of the cells missing, and without.</summary>
    private static (IncompleteMatrix Data, double[,] Truth) WithFactors(int rows, int columns, int factors,
        int seed = 0)
    {
        var random = new Random(10 * rows + columns + 10_000 * seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[,] values = new double[rows, columns], loadings = new double[columns, Math.Max(1, factors)];
        for (int j = 0; j < columns; j++)
            for (int a = 0; a < factors; a++) loadings[j, a] = Normal();
        for (int i = 0; i < rows; i++)
        {
            double[] common = [.. Enumerable.Range(0, factors).Select(_ => Normal())];
            for (int j = 0; j < columns; j++) values[i, j] = Normal() + Enumerable.Range(0, factors).Sum(a => common[a] * loadings[j, a]);
        }
        var holes = (double[,])values.Clone();
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                if (random.NextDouble() < 0.2) holes[i, j] = double.NaN;
        return (IncompleteMatrix.FromArray(holes), values);
    }

    private static double Error(NormalFit fit, IncompleteMatrix data, double[,] truth)
    {
        Table done = fit.Impute(new Table(data.Columns), new FillOptions { Method = FillMethod.Mean }).Table;
        return Error(data, truth, (row, j) => ((NumericColumn)done.Columns[j])[row]);
    }

    private static double ErrorOfMeans(IncompleteMatrix data, double[,] truth)
    {
        double[] means = [.. Enumerable.Range(0, data.ColumnCount).Select(j => data.Column(j).ToArray().Where(x => !double.IsNaN(x))
            .Average())];
        return Error(data, truth, (_, j) => means[j]);
    }

    private static double Error(IncompleteMatrix data, double[,] truth, Func<int, int, double> filled)
    {
        double sum = 0;
        int count = 0;
        for (int j = 0; j < data.ColumnCount; j++)
        {
            for (int row = 0; row < data.RowCount; row++)
            {
                if (!double.IsNaN(data[row, j])) continue;
                sum += Math.Pow(filled(row, j) - truth[row, j], 2);
                count++;
            }
        }
        return Math.Sqrt(sum / count);
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
