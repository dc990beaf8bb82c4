using Textbook;

namespace Imputation.Tests.Examples;

/// <summary>The textbook examples say what is true of their numbers, by exact answers and published ones.</summary>
public class TextbookTests
{
    [Fact]
    public void MissingFlips_EndAtTheShareOfKnownHeads()
    {
        EmFit<Coin> fit = MissingFlips.Fit();
        Assert.Equal(0.6, fit.Parameters.Heads, 1e-10);
        Assert.Equal(1.0 / 6, fit.ConvergenceRate, 1e-4);
        Assert.Equal(7.0 / 12, new MissingFlips(6, 4, 2).Step(new Coin(0.5), default).Next.Heads, 1e-15);
        Assert.Equal(-6.730116670092564, fit.LogLikelihood, 1e-12);
    }

    /// <summary>Do and Batzoglou (2008): 0.80 and 0.52.</summary>
    [Fact]
    public void TwoCoins_AreThoseOfTheArticle()
    {
        EmFit<Coins> fit = TwoCoins.Fit();
        Assert.Equal((0.80, 0.52), (Math.Round(fit.Parameters.A, 2), Math.Round(fit.Parameters.B, 2)));
        Coins next = TwoCoins.Article.Step(fit.Parameters, default).Next;
        Assert.Equal(fit.Parameters.A, next.A, 1e-9);
        Assert.Equal(fit.Parameters.B, next.B, 1e-9);
    }

    /// <summary>To 50 digits elsewhere.</summary>
    [Fact]
    public void CoffeeShop_GoesOnAfterTheDocumentsStep()
    {
        EmFit<Customers> fit = CoffeeShop.Fit();
        Assert.Equal(0.65, CoffeeShop.Document.Initialize(EmStart.Deterministic).Share, 1e-15);
        Assert.Equal(0.6566012149391514, fit.Parameters.Share, 1e-8);
        Assert.Equal(0.9169217907545867, fit.Parameters.HotLovers, 1e-8);
        Assert.Equal(0.3499437552968765, fit.Parameters.ColdLovers, 1e-8);
        Assert.Equal(-4.637489288508567, fit.LogLikelihood, 1e-10);
    }

    [Fact]
    public void HiddenCoins_EndAlike()
    {
        EmFit<Coins> fit = HiddenCoins.Fit();
        Assert.Equal(0.625, fit.Parameters.A, 1e-6);
        Assert.Equal(0.625, fit.Parameters.B, 1e-6);
    }

    [Fact]
    public void Topics_AreThree()
    {
        int[][] documents = TopicMixture.Documents();
        double[] bic = [.. Enumerable.Range(1, 4).Select(k => TopicMixture.Bic(TopicMixture.Fit(documents, k), documents))];
        Assert.Equal(2, Array.IndexOf(bic, bic.Min()));
    }

    /// <summary>Zucchini and MacDonald (2009): −391.9189, −341.8787, −328.5275.</summary>
    [Theory]
    [InlineData(1, -391.91892816549534)]
    [InlineData(2, -341.87870101171956)]
    [InlineData(3, -328.5274833802031)]
    public void HiddenMarkovChains_HaveThePublishedLikelihoods(int states, double logLikelihood) =>
        Assert.Equal(logLikelihood, HiddenMarkov.Fit(HiddenMarkov.Earthquakes, states).LogLikelihood, 1e-6);

    /// <summary>With holes: the likelihood by summation over all paths of states.</summary>
    [Fact]
    public void HiddenMarkovChains_WithHoles_HaveTheLikelihoodOfAllPaths()
    {
        double[] counts = [3, double.NaN, 9, 1, double.NaN, double.NaN, 4, 8];
        var chain = new Chain([0.7, 0.3], [[0.8, 0.2], [0.3, 0.7]], [2, 8]);
        double likelihood = 0;
        for (int path = 0; path < 1 << counts.Length; path++)
        {
            double probability = 1;
            for (int t = 0; t < counts.Length; t++)
            {
                int state = path >> t & 1;
                probability *= t == 0 ? chain.Initial[state] : chain.Transition[path >> (t - 1) & 1][state];
                if (double.IsNaN(counts[t])) continue;
                double rate = chain.Rates[state], density = Math.Exp(-rate);
                for (int k = 1; k <= counts[t]; k++) density *= rate / k;
                probability *= density;
            }
            likelihood += probability;
        }
        Assert.Equal(Math.Log(likelihood), new HiddenMarkov(counts, 2).Step(chain, default).LogLikelihood, 1e-12);
    }

    /// <summary>From a poor start the mean over the second half of a pass is within four standard errors of batch estimates, and what the
    /// step 1/n leads to more than ten off.</summary>
    [Fact]
    public void OnlineEm_FindsTheMixture()
    {
        double[] errors = [0.0065, 0.0189, 0.0203, 0.0191, 0.0339], averaged = OnlineEm.Pass(0.6).Averaged, slow = OnlineEm.Pass(1).Last;
        for (int j = 0; j < 5; j++) Assert.InRange(Math.Abs(averaged[j] - OnlineEm.Truth[j]), 0, 4 * errors[j]);
        Assert.Contains(Enumerable.Range(0, 5), j => Math.Abs(slow[j] - OnlineEm.Truth[j]) > 10 * errors[j]);
    }

    /// <summary>The driver would end with ObjectiveDecreased where the bound fell.</summary>
    [Fact]
    public void VariationalMixtures_NeverLowerTheirBound_AndKeepTwoComponents()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            EmFit<Beliefs> fit = VariationalMixture.Fit([.. OnlineEm.Stream(300, seed)], 5, 0.001, starts: 4);
            Assert.All(fit.Runs, run => Assert.NotEqual(EmOutcome.ObjectiveDecreased, run.Outcome));
            for (int t = 1; t < fit.Trace.Count; t++) Assert.True(fit.Trace[t].Objective >= fit.Trace[t - 1].Objective - 1e-9);
            Assert.InRange(fit.Parameters.Alpha.Count(a => a > 1), 1, 2);
        }
    }
}
