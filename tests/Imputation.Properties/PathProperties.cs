using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation.Properties;

/// <summary>The E-step has two sides and two paths, and monotone data a closed form; whichever is taken, the answer is the same.</summary>
public class PathProperties
{
    [Holds(typeof(Gentle))]
    public void FactorisationSides_Agree(DataCase c)
    {
        var data = GaussianData.From(c.Matrix());
        GaussianParameters at = AfterSomeSteps(data);
        GaussianConditional byPrecision = new(data.ColumnCount), byCovariance = new(data.ColumnCount);
        foreach (MissingPattern pattern in data.Patterns.Where(d => d.Observed.Length > 0))
        {
            Assert.True(byPrecision.FromPrecision(at, pattern.Observed, pattern.Missing));
            Assert.True(byCovariance.FromCovariance(at, pattern.Observed, pattern.Missing));
            double near = 1e-14 * at.Condition * data.ColumnCount; // what inverting Σ costs in digits
            AssertClose(byCovariance.Coefficients, byPrecision.Coefficients, near);
            AssertClose(byCovariance.Covariance, byPrecision.Covariance, near);
            Assert.Equal(byCovariance.LogDeterminantObserved, byPrecision.LogDeterminantObserved, near * data.ColumnCount);
        }
    }

    [Holds(typeof(Gentle))]
    public void SumsAndRows_Agree(DataCase c)
    {
        GaussianData sums = GaussianData.From(c.Matrix(), sums: true), rows = GaussianData.From(c.Matrix(), sums: false);
        Assert.All(sums.Blocks, block => Assert.True(block.AreSums));
        Assert.All(rows.Blocks, block => Assert.False(block.AreSums));
        GaussianParameters at = AfterSomeSteps(rows);
        EmStep<GaussianParameters> a = Em(sums).Step(at, default), b = Em(rows).Step(at, default);
        Assert.Equal(a.LogLikelihood, b.LogLikelihood, Math.Max(a.Rounding, 1e-12 * Math.Abs(a.LogLikelihood)) + 1e-12);
        Assert.InRange(Em(rows).Distance(a.Next, b.Next), 0, 1e-13 * at.Condition * c.Columns);
    }

    [Holds(typeof(Gentle))]
    public void SumsAndRows_Agree_WhereTheCovarianceIsIllConditioned(DataCase c)
    {
        // A copy of the first column but for a little noise: condition numbers up to 1e9, beyond the limit for the precision.
        double[,] values = c.Values();
        if (c.Columns < 2) return;
        var random = new Random(c.Seed);
        double noise = Math.Pow(10, -1 - 3 * random.NextDouble());
        for (int row = 0; row < c.Rows; row++)
            if (!double.IsNaN(values[row, 1])) values[row, 1] = values[row, 0] + noise * random.NextDouble();
        var matrix = IncompleteMatrix.FromArray(values);
        if (!FitCase.CanBeModelled(values)) return;
        GaussianData sums = GaussianData.From(matrix, sums: true), rows = GaussianData.From(matrix, sums: false);
        GaussianParameters at = AfterSomeSteps(rows);
        EmStep<GaussianParameters> a = Em(sums).Step(at, default), b = Em(rows).Step(at, default);
        Assert.Equal(a.LogLikelihood, b.LogLikelihood, Math.Max(a.Rounding, 1e-12 * Math.Abs(a.LogLikelihood)) + 1e-12);
    }

    [Holds(typeof(Gentle))]
    public void MonotoneClosedForm_IsWhereEmFromTheUsualStartEnds(DataCase c)
    {
        var data = GaussianData.From((c with { Mechanism = Mechanism.DropOut, Duplicates = false, EmptyRows = false }).Matrix());
        if (MonotoneFit.Solve(data) is not { } closed) return;
        EmFit<GaussianParameters> fit = EmDriver.Fit(Em(data), new EmOptions { Tolerance = 1e-9 });
        Assert.Equal(EmOutcome.Converged, fit.Outcome);
        Assert.InRange(Em(data).Distance(closed, fit.Parameters), 0, 1e-7);
    }

    private static NormalEm Em(GaussianData data) => new(data, ScaledPrior.From(CovariancePrior.None, data), threads: 1);

    private static GaussianParameters AfterSomeSteps(GaussianData data)
    {
        NormalEm em = Em(data);
        GaussianParameters at = em.Initialize(EmStart.Deterministic);
        for (int k = 0; k < 5; k++) at = em.Step(at, default).Next;
        return at;
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double near)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], near * (1 + Math.Abs(expected[i])));
    }
}
