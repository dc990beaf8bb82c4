using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>The fast kernels against EM as the textbooks write it, row by row, on the data of every reference.</summary>
public class NormalStepTests
{
    /// <summary>Whatever lies in the folders of references, and the two that are not copied into the repository. One is about marks of
    /// missing
    /// cells that only the reader of files knows, and no more than that.</summary>
    public static TheoryData<string> Every =>
        [.. Ids("mvn"), .. Ids(Path.Combine("degenerate", "gold")).Where(id => id != "missing_tokens").Select(id => "degenerate " + id),
            .. ReferenceCase.OnlyShared];

    /// <summary>1e-10 is what issue 4 asks for: of the log-likelihood, and of columns' standard deviations in the next mean and
    /// covariance.</summary>
    [Theory]
    [MemberData(nameof(Every))]
    public void FastKernelsAndNaiveEm_AgreeTo1e10(string id)
    {
        ReferenceCase reference = Read(id);
        double[,] values = WithSomethingObserved(reference.Values);
        GaussianData sums = GaussianData.From(reference.Matrix, sums: true), rows = GaussianData.From(reference.Matrix, sums: false);
        Assert.All(sums.Blocks, block => Assert.True(block.AreSums));
        Assert.All(rows.Blocks, block => Assert.False(block.AreSums));

        GaussianData statistics = GaussianData.From(Statistics(reference.Matrix, parts: 3));
        NormalEm[] models = [.. new[] { GaussianData.From(reference.Matrix), sums, rows, statistics }.Select(data => new NormalEm(data,
            ScaledPrior.From(CovariancePrior.None, data)))];
        GaussianParameters at = models[0].Initialize(EmStart.Deterministic);
        for (int steps = 0; steps <= 12; steps++)
        {
            EmStep<GaussianParameters> own = models[0].Step(at, default);
            if (steps is 0 or 1 or 4 or 12)
            {
                NaiveParameters point = InUnitsOfTheData(at, rows), next = NaiveNormal.EmStep(values, point);
                double logLikelihood = NaiveNormal.LogLikelihood(values, point);
                foreach (EmStep<GaussianParameters> step in models.Select(model => model.Step(at, default)))
                {
                    Assert.False(step.Degenerate);
                    Assert.InRange(Math.Abs(step.LogLikelihood - logLikelihood) / Math.Max(1, Math.Abs(logLikelihood)), 0, 1e-10);
                    Assert.Equal(step.LogLikelihood, step.Objective);
                    Assert.InRange(LargestDifference(InUnitsOfTheData(step.Next, rows), next, rows.Scale), 0, 1e-10);
                }
            }
            at = own.Next;
        }
    }

    /// <summary>Rows that miss 0 to 79 of 140 columns: those of up to 64 are inverted side by side, more one by one, and matrices of this
    /// size are worked on in blocks. The last rows miss more than they have.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(14.0)]
    public void ManyMissingColumns_AgreeWithNaiveEm(double ridge)
    {
        const int rows = 170, columns = 140;
        var random = new Random(5);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            int missing = i < 160 ? i / 2 : 80 + i % 10;
            double common = random.NextDouble();
            for (int j = 0; j < columns; j++) values[i, j] = 3 * common + random.NextDouble() + j;
            foreach (int j in Enumerable.Range(0, columns).OrderBy(_ => random.Next()).Take(missing).ToArray()) values[i, j] = double.NaN;
        }
        GaussianData data = GaussianData.From(IncompleteMatrix.FromArray(values));
        Assert.Contains(data.Blocks, block => block.MissingCount == 79);
        var model = new NormalEm(data, ScaledPrior.From(ridge == 0 ? CovariancePrior.None : CovariancePrior.Ridge(ridge), data));
        GaussianParameters at = model.Initialize(EmStart.Deterministic);
        for (int steps = 0; steps < 2; steps++)
        {
            EmStep<GaussianParameters> own = model.Step(at, default);
            Assert.False(own.Degenerate);
            Assert.True(at.PrecisionIsAccurate);
            NaiveParameters point = InUnitsOfTheData(at, data),
                next = ridge == 0 ? NaiveNormal.EmStep(values, point) : NaiveNormal.EmStep(values, point, NaiveNormal.Ridge(values, ridge));
            double logLikelihood = NaiveNormal.LogLikelihood(values, point);
            Assert.InRange(Math.Abs(own.LogLikelihood - logLikelihood) / Math.Abs(logLikelihood), 0, 1e-10);
            Assert.InRange(LargestDifference(InUnitsOfTheData(own.Next, data), next, data.Scale), 0, 1e-10);

            // There and back in coordinates about another point.
            var coordinates = new double[model.CoordinateCount];
            model.Write(at, own.Next, coordinates);
            GaussianParameters back = model.Read(at, coordinates)!;
            Assert.InRange(LargestDifference(InUnitsOfTheData(back, data), next, data.Scale), 0, 1e-10);
            at = own.Next;
        }
    }

    /// <summary>Weights of any size, 0 included: as a mixture or a survey has them.</summary>
    [Theory]
    [InlineData("airquality", true)]
    [InlineData("airquality", false)]
    [InlineData("nhanes", true)]
    [InlineData("nhanes", false)]
    public void WeightedRows_AgreeWithNaiveWeightedEm(string id, bool sums)
    {
        ReferenceCase reference = Read(id);
        double[] weights = [.. Enumerable.Range(0, reference.Matrix.RowCount).Select(i => i % 7 == 3 ? 0 : 0.1 + 0.37 * (i % 5))];
        int[] used = [.. Enumerable.Range(0, weights.Length)
            .Where(i => Enumerable.Range(0, reference.Matrix.ColumnCount).Any(j => !double.IsNaN(reference.Matrix[i, j])))];
        double[,] values = WithSomethingObserved(reference.Values);
        double[] ofThese = [.. used.Select(i => weights[i])];
        GaussianData data = GaussianData.From(reference.Matrix, sums: sums), weighted = data.Weighted(weights, 1);
        Assert.Equal(ofThese.Sum(), weighted.Weight, 1e-10);
        var model = new NormalEm(weighted, ScaledPrior.From(CovariancePrior.None, data));
        GaussianParameters at = model.Initialize(EmStart.Deterministic);
        for (int steps = 0; steps < 5; steps++)
        {
            EmStep<GaussianParameters> own = model.Step(at, default);
            NaiveParameters point = InUnitsOfTheData(at, data), next = NaiveNormal.EmStep(values, point, weights: ofThese);
            double logLikelihood = NaiveNormal.LogLikelihood(values, point, ofThese);
            Assert.InRange(Math.Abs(own.LogLikelihood - logLikelihood) / Math.Abs(logLikelihood), 0, 1e-10);
            Assert.InRange(LargestDifference(InUnitsOfTheData(own.Next, data), next, data.Scale), 0, 1e-10);
            at = own.Next;
        }
    }

    /// <summary>A fit from statistics of parts, merged, is the fit from the rows; random starts included.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void StatisticsWithoutRows_HaveTheSameMaximum(int restarts)
    {
        ReferenceCase reference = Read("airquality");
        GaussianData rows = GaussianData.From(reference.Matrix),
            statistics = GaussianData.From(Statistics(reference.Matrix, parts: 5));
        Assert.False(statistics.HasRows);
        EmFit<GaussianParameters>[] fits = [.. new[] { rows, statistics }.Select(data => EmDriver.Fit(
            new NormalEm(data, ScaledPrior.From(CovariancePrior.Ridge(1), data)),
            new EmOptions { Tolerance = 1e-9, Restarts = restarts }))];
        Assert.All(fits, fit => Assert.Equal(EmOutcome.Converged, fit.Outcome));
        Assert.Equal(fits[0].LogLikelihood, fits[1].LogLikelihood, 1e-9);
        Assert.InRange(LargestDifference(InUnitsOfTheData(fits[0].Parameters, rows), InUnitsOfTheData(fits[1].Parameters, statistics),
            rows.Scale), 0, 1e-8); // both within 1e-9 of the maximum
    }

    [Fact]
    public void EveryReference_IsFound() => Assert.InRange(Every.Count<object[]>(), 16 + 9 + ReferenceCase.OnlyShared.Count(),
        int.MaxValue);

    /// <summary>Statistics by pattern: parts of the rows added row by row, then merged.</summary>
    private static PatternStatistics Statistics(IncompleteMatrix matrix, int parts)
    {
        PatternStatistics[] counted = [.. Enumerable.Range(0, parts).Select(_ => new PatternStatistics(matrix.ColumnNames))];
        for (int row = 0; row < matrix.RowCount; row++)
            counted[row % parts].Add([.. Enumerable.Range(0, matrix.ColumnCount).Select(j => matrix[row, j])]);
        foreach (PatternStatistics part in counted[1..]) counted[0].Merge(part);
        Assert.Equal(matrix.RowCount, counted[0].RowCount);
        return counted[0];
    }

    private static IEnumerable<string> Ids(string folder) =>
        Directory.EnumerateFiles(Path.Combine(ReferenceCase.Root, folder), "*.json").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    private static ReferenceCase Read(string id) =>
        id.Split(' ') is [_, var degenerate] ? ReferenceCase.Degenerate(degenerate) : ReferenceCase.Mvn(id)!;

    /// <summary>Rows with nothing observed say nothing, and the fit leaves them out; in EM they would only slow it down.</summary>
    private static double[,] WithSomethingObserved(double[,] values)
    {
        int[] columns = [.. Enumerable.Range(0, values.GetLength(1))];
        return NaiveMatrix.Part(values, [.. Enumerable.Range(0, values.GetLength(0))
            .Where(row => columns.Any(j => !double.IsNaN(values[row, j])))], columns);
    }

    private static NaiveParameters InUnitsOfTheData(GaussianParameters standardised, GaussianData data)
    {
        int p = data.ColumnCount;
        var covariance = new double[p, p];
        for (int j = 0; j < p; j++)
            for (int k = 0; k < p; k++) covariance[j, k] = standardised.Covariance[j * p + k] * data.Scale[j] * data.Scale[k];
        return new NaiveParameters([.. standardised.Mean.Select((m, j) => data.Center[j] + data.Scale[j] * m)], covariance);
    }

    private static double LargestDifference(NaiveParameters a, NaiveParameters b, double[] scale)
    {
        double largest = 0;
        for (int j = 0; j < scale.Length; j++)
        {
            largest = Math.Max(largest, Math.Abs(a.Mean[j] - b.Mean[j]) / scale[j]); // Max hands NaN on, and no range holds it
            for (int k = 0; k < scale.Length; k++)
                largest = Math.Max(largest, Math.Abs(a.Covariance[j, k] - b.Covariance[j, k]) / (scale[j] * scale[k]));
        }
        return largest;
    }
}
