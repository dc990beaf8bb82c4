using Imputation.Models.Gaussian;
using Imputation.Models.LatentNormal;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>Eight rows side by side against the same rows alone.</summary>
public class LatentBlockTests
{
    /// <summary>To how many digits sites agree where both end at the tolerance.</summary>
    private const double Tolerance = 1e-12, Agreement = 1e-9;

    /// <summary>The posterior that the filling uses, one row at a time, is that of the E-step; neither the lane nor the other rows change a
    /// bit of it.</summary>
    [Fact]
    public void Posteriors_AreThoseOfSingleRows()
    {
        (LatentData data, GaussianParameters parameters) = Simulated();
        int q = data.LatentCount;
        LatentBlock block = new(q), alone = new(q);
        SiteMemory sites = new(), own = new();
        sites.For(data);
        own.For(data);
        var factors = new LatentFactors(q);
        var propagation = new ExpectationPropagation(q);
        double[] deviations = new double[q], together = new double[q], single = new double[q];
        int compared = 0;
        foreach (LatentGroup[] like in data.Groups.GroupBy(g => (g.Points.Length, g.Intervals.Length)).Select(g => g.ToArray()))
        {
            (LatentGroup Group, int Unit)[] rows =
                [.. like.SelectMany(g => Enumerable.Range(g.First, g.Count).Select(u => (g, u))).Take(LatentBlock.Lanes)];
            LatentGroup[] groups = new LatentGroup[LatentBlock.Lanes];
            int[] units = new int[LatentBlock.Lanes];
            for (int r = 0; r < rows.Length; r++) (groups[r], units[r]) = rows[r];
            block.Run(parameters, data, groups, units, rows.Length, sites, Tolerance);
            for (int r = 0; r < rows.Length; r++)
            {
                (LatentGroup group, int unit) = rows[r];
                alone.Run(parameters, data, [group], [unit], 1, own, Tolerance);
                Assert.Equal(alone.Evidence[0], block.Evidence[r]);
                block.Deviations(r, together);
                alone.Deviations(0, single);
                Assert.Equal(single, together);
                for (int at = 0; at < block.Covariance.Length; at += LatentBlock.Lanes)
                    Assert.Equal(alone.Covariance[at], block.Covariance[at + r]);

                Assert.True(factors.Begin(parameters, group.Points, group.Intervals, group.Missing));
                double evidence = factors.Posterior(parameters, propagation, data.Lower(unit), data.Upper(unit), [], Tolerance, deviations);
                Assert.Equal(evidence, block.Evidence[r], Agreement * (1 + Math.Abs(evidence)));
                for (int a = 0; a < factors.Observed.Length; a++) Assert.Equal(deviations[a], together[factors.Observed[a]], Agreement);
                for (int m = 0; m < factors.Missing.Length; m++)
                {
                    double mean = 0;
                    for (int a = 0; a < factors.Observed.Length; a++)
                        mean += factors.Coefficients[a * factors.Missing.Length + m] * deviations[a];
                    Assert.Equal(mean, together[factors.Missing[m]], Agreement);
                }
                for (int i = 0; i < factors.IntervalCount; i++)
                    for (int j = 0; j <= i; j++)
                        Assert.Equal(propagation.Covariance[i * propagation.Stride + j],
                            block.Covariance[(i * (i + 1) / 2 + j) * LatentBlock.Lanes + r], Agreement);
                compared++;
            }
        }
        Assert.InRange(compared, 50, data.UnitCount);
    }

    /// <summary>Sites that begin as those of a sample end where those that begin from nothing do.</summary>
    [Fact]
    public void SitesOfASample_AreAStart_AndNoMore()
    {
        (LatentData data, GaussianParameters parameters) = Simulated();
        SiteMemory fresh = new(), moved = new();
        LatentEStep cold = new(data.LatentCount), warm = new(data.LatentCount);
        LatentData sample = data.Sample(60);
        moved.For(sample);
        warm.Run(parameters, sample, moved, 0, sample.UnitCount, Tolerance, CancellationToken.None);
        fresh.For(data);
        moved.For(data);
        LatentGroup group = data.Groups.First(g => g.Intervals.Length > 1);
        Assert.Contains(moved.Of(group.First).ToArray(), site => site != 0);
        cold.Run(parameters, data, fresh, 0, data.UnitCount, Tolerance, CancellationToken.None);
        warm.Run(parameters, data, moved, 0, data.UnitCount, Tolerance, CancellationToken.None);
        Assert.Equal(cold.Evidence, warm.Evidence, Agreement * cold.Size);
        for (int i = 0; i < data.LatentCount; i++)
            for (int j = 0; j <= i; j++)
                Assert.Equal(cold.Products[i * data.LatentCount + j], warm.Products[i * data.LatentCount + j], Agreement * data.Weight);
    }

    /// <summary>A correlated model of a table of all kinds of columns; the fit gives the margins.</summary>
    private static (LatentData Data, GaussianParameters Parameters) Simulated()
    {
        LatentNormalFit fit = LatentFitting.Fit(Mixed.Simulated(300, 5, 0.25), LatentNormalOptions.Default, RunOptions.Default,
            CancellationToken.None, out LatentData data);
        return (data, fit.Latent);
    }
}
