using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>The naive model is what other tests compare with; here it is itself compared with the references.</summary>
public class NaiveNormalTests
{
    public static TheoryData<string> Small => ["airquality", "apple", "cholesterol", "missvals", "nhanes", "pattern1", "sas_fitness1"];

    [Theory]
    [MemberData(nameof(Small))]
    public void NaiveModel_AgreesWithTheReferences(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        Assert.InRange(NaiveNormal.LogLikelihood(reference.Values, reference.Estimates) / reference.LogLikelihood, 1 - 1e-13, 1 + 1e-13);
        Assert.InRange(NaiveNormal.Distance(NaiveNormal.Fit(reference.Values), reference.Estimates), 0, 1e-11);
        Assert.InRange(NaiveNormal.ScoreNorm(reference.Values, reference.Estimates), 0, 1e-5); // central differences
        foreach (IGrouping<int, ReferenceCell> row in reference.Imputed.GroupBy(c => c.Row))
        {
            double[] mean = NaiveNormal.Conditional(reference.Values, row.Key - 1, reference.Estimates).Mean;
            foreach ((ReferenceCell cell, double value) in row.Zip(mean))
                Assert.Equal(cell.Value, value, 1e-10 * Math.Max(1, Math.Abs(cell.Value)));
        }
    }

    [Fact]
    public void LogLikelihood_OfOneObservation_IsTheNormalDensity()
    {
        // log N(3; 1, 4) = −½ log(2π·4) − ½ (3−1)²/4
        double expected = -0.5 * Math.Log(8 * Math.PI) - 0.5;
        Assert.Equal(expected, NaiveNormal.LogLikelihood(new[,] { { 3, double.NaN } },
            new NaiveParameters([1, 0], new double[,] { { 4, 1 }, { 1, 9 } })), 1e-15);
    }

    [Fact]
    public void ScoreNorm_IsKnown_ForOneColumn()
    {
        // n = 4, mean 0 and variance 1 in the model; data with mean m = 0.5 and mean square 1.5: score n·m for the mean, n(1.5 − 1)/2 for
        // the
        // variance; information n and n/2: √(n m² + n (0.5)²/2).
        double[,] data = new[,] { { 0.5 - Math.Sqrt(1.25) }, { 0.5 + Math.Sqrt(1.25) }, { 0.5 - Math.Sqrt(1.25) },
            { 0.5 + Math.Sqrt(1.25) } };
        Assert.Equal(Math.Sqrt(4 * 0.25 + 4 * 0.25 / 2), NaiveNormal.ScoreNorm(data, new NaiveParameters([0], new[,] { { 1.0 } })), 1e-8);
    }

    [Fact]
    public void FirstDecrease_SeesOne_AndForgivesRounding()
    {
        Assert.Null(Monotonicity.FirstDecrease([-10, -5, -5, -5 - 1e-11]));
        Assert.Null(Monotonicity.FirstDecrease([]));
        Assert.Contains("iteration 2", Monotonicity.FirstDecrease([-10, -5, -5.00001]));
        Assert.NotNull(Monotonicity.FirstDecrease([-10, double.NaN]));
    }
}
