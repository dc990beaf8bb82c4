using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>Data augmentation of the latent normal model: its draws are those of the posterior distribution.</summary>
public class LatentChainTests
{
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static TextColumn Answers(string name, params (string? Answer, int Count)[] counts) =>
        TextColumn.Create(name, [.. counts.SelectMany(c => Enumerable.Repeat(c.Answer, c.Count))]);

    private static MultipleOptions Options(int iterations, LatentNormalOptions? model = null) => new()
    {
        Method = MultipleMethod.DataAugmentation,
        Count = 8,
        Model = model ?? LatentNormalOptions.Default,
        DataAugmentation = new DataAugmentationOptions { ChainCount = 4, BurnIn = 100, Thinning = iterations },
    };

    private static DataAugmentationResult Chains(Table table, MultipleOptions options)
    {
        ImputationSet set = table.ImputeMultiple(options);
        _ = set[0];
        return set.Chains!;
    }

    /// <summary>After the burn-in.</summary>
    private static IEnumerable<double> Values(DataAugmentationResult chains, string name, Func<double, double> of)
    {
        DataAugmentationTrace trace = chains.Traces.First(t => t.Name == name);
        return Enumerable.Range(0, chains.ChainCount).SelectMany(c => trace.Values(c)[chains.BurnIn..]).Select(of);
    }

    /// <summary>9 of 30 say yes: under a flat density of its latent mean the share has the density Φ⁹(1 − Φ)²¹ dμ.</summary>
    [Fact]
    public void AShare_HasItsPosterior()
    {
        var table = new Table([Answers("a", ("no", 21), ("yes", 9), (null, 3))]);
        double threshold = TruncatedNormal.Quantile(21.0 / 30);
        double[] shares = [.. Values(Chains(table, Options(20_000)), "mean(a)", mean => 1 - TruncatedNormal.Cumulative(threshold - mean))];
        double weight = 0, sum = 0, squares = 0;
        for (double mu = -6; mu <= 6; mu += 0.001)
        {
            double p = TruncatedNormal.Cumulative(mu), density = Math.Exp(9 * Math.Log(p) + 21 * Math.Log(1 - p));
            (weight, sum, squares) = (weight + density, sum + density * p, squares + density * p * p);
        }
        double expected = sum / weight, deviation = Math.Sqrt(squares / weight - expected * expected), mean = shares.Average();
        Assert.Equal(expected, mean, 0.03 * deviation); // 80,000 draws: a third of a hundredth, times how alike they are
        Assert.Equal(deviation, Math.Sqrt(shares.Average(s => (s - mean) * (s - mean))), 0.03 * deviation);
    }

    /// <summary>A fourfold table: mean and deviation of the tetrachoric correlation under the prior (1 − ρ²)^−3/2 exp(−2/(1 − ρ²)) that the
    /// ridge of 2 comes to, by summation over a grid of both thresholds and the correlation.</summary>
    [Fact]
    public void ACorrelationOfTwoQuestions_HasItsPosterior()
    {
        int[,] counts = { { 14, 5 }, { 4, 12 } };
        var table = new Table([Answers("a", ("no", 19), ("yes", 16), (null, 1)),
            Answers("b", ("no", 14), ("yes", 5), ("no", 4), ("yes", 12), (null, 1))]);
        double[] rhos = [.. Values(Chains(table, Options(20_000)), "cov(a, b)", r => r)];
        double weight = 0, sum = 0, squares = 0;
        for (double t = -1.5; t <= 1.7; t += 0.08)
        {
            for (double u = -1.5; u <= 1.6; u += 0.08)
            {
                for (double rho = -0.9875; rho < 1; rho += 0.025)
                {
                    double no = TruncatedNormal.Cumulative(t), both = Both(t, u, rho), b = TruncatedNormal.Cumulative(u);
                    double density = Math.Exp(counts[0, 0] * Log(both) + counts[0, 1] * Log(no - both) + counts[1, 0] * Log(b - both)
                        + counts[1, 1] * Log(1 - no - b + both) + 20 - 1.5 * Math.Log(1 - rho * rho) - 2 / (1 - rho * rho));
                    (weight, sum, squares) = (weight + density, sum + density * rho, squares + density * rho * rho);
                }
            }
        }
        double expected = sum / weight, deviation = Math.Sqrt(squares / weight - expected * expected), mean = rhos.Average();
        Assert.Equal(expected, mean, 0.04 * deviation);
        Assert.Equal(deviation, Math.Sqrt(rhos.Average(r => (r - mean) * (r - mean))), 0.05 * deviation);

        static double Log(double p) => Math.Log(Math.Max(p, 1e-300));

        // ∫ φ(x) Φ((u − ρx)/√(1 − ρ²)) dx below t.
        static double Both(double t, double u, double rho)
        {
            double root = Math.Sqrt(1 - rho * rho), total = 0, h = (t + 7) / 120;
            for (int i = 0; i <= 120; i++)
            {
                double x = -7 + i * h, w = i is 0 or 120 ? 1 : i % 2 == 1 ? 4 : 2;
                total += w * Math.Exp(-x * x / 2) * TruncatedNormal.Cumulative((u - rho * x) / root);
            }
            return total * h / 3 / Math.Sqrt(2 * Math.PI);
        }
    }

    /// <summary>Numbers on their own scale, with holes: the chains of the normal model, whose theory is tested elsewhere.</summary>
    [Fact]
    public void Numbers_HaveThePosteriorOfTheNormalModel()
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 40).Select(_ => Normal(random))], y = [.. x.Select(v => 0.7 * v + 0.6 * Normal(random))];
        for (int i = 0; i < 40; i++)
        {
            if (i % 4 == 0) y[i] = double.NaN;
            if (i % 7 == 3) x[i] = double.NaN;
        }
        var table = new Table([NumericColumn.Number("x", x), NumericColumn.Number("y", y)]);
        DataAugmentationResult latent = Chains(table, Options(8_000, new LatentNormalOptions { Numbers = NumberScale.Identity }));
        DataAugmentationResult normal = Chains(table, Options(8_000) with
        {
            Model = new NormalOptions { Prior = CovariancePrior.Ridge(2) },
        });
        foreach ((string first, string second) in new[] { ("x", "x"), ("x", "y"), ("y", "y") })
        {
            string name = first == second ? $"var({first})" : $"cov({first}, {second})";
            double unit = Deviation(first) * Deviation(second);
            double[] ours = [.. Values(latent, name, v => v * unit)], theirs = [.. Values(normal, name, v => v)];
            double sd = Spread(theirs);
            Assert.Equal(theirs.Average(), ours.Average(), 0.05 * sd);
            Assert.Equal(sd, Spread(ours), 0.06 * sd);
        }

        double Deviation(string name)
        {
            double[] seen = [.. ((NumericColumn)table[name]).Array.Where(v => !double.IsNaN(v))];
            return Spread(seen);
        }

        static double Spread(double[] v)
        {
            double mean = v.Average();
            return Math.Sqrt(v.Average(a => (a - mean) * (a - mean)));
        }
    }

    /// <summary>A share of which 40 % is missing where a number is large: pooled intervals hold the truth.</summary>
    [Fact]
    public void PooledShares_AreCovered()
    {
        int held = 0;
        const int Runs = 120;
        for (int seed = 0; seed < Runs; seed++)
        {
            var random = new Random(seed);
            double[] x = [.. Enumerable.Range(0, 120).Select(_ => Normal(random))];
            double[] latent = [.. x.Select(v => 0.6 * v + 0.8 * Normal(random))];
            var table = new Table([NumericColumn.Number("x", x), TextColumn.Create("a", [.. latent.Select((z, i) =>
                x[i] > 0.2 && random.NextDouble() < 0.9 ? null : z > 0.3 ? "yes" : "no")])]);
            ImputationSet set = table.ImputeMultiple(Options(20) with { Count = 12 }, new RunOptions { Seed = (ulong)seed, Threads = 1 });
            double[] shares = [.. Enumerable.Range(0, 12).Select(k => Enumerable.Range(0, 120).Count(i =>
                Equals(set[k].Table["a"].Value(i), "yes")) / 120.0)];
            double mean = shares.Average(), between = shares.Sum(s => (s - mean) * (s - mean)) / 11,
                within = shares.Average(s => s * (1 - s) / 120), total = within + 13 / 12.0 * between,
                df = 11 * Math.Pow(1 + within / (13 / 12.0 * between), 2);
            double half = StudentQuantile.TwoSided(0.95, df) * Math.Sqrt(total), truth = 1 - TruncatedNormal.Cumulative(0.3);
            if (Math.Abs(mean - truth) <= half) held++;
        }
        Assert.InRange(held / (double)Runs, 0.89, 0.99); // 95 % give or take two standard errors, and what the normal scores cost
    }

    /// <summary>All kinds of columns, on one and on several threads: legal values, the same ones.</summary>
    [Fact]
    public void MixedTables_AreFilledAlikeOnAnyThreads()
    {
        var random = new Random(8);
        double[] z = [.. Enumerable.Range(0, 150).Select(_ => Normal(random))];
        bool Lost() => random.NextDouble() < 0.2;
        var table = new Table([
            NumericColumn.Number("income", [.. z.Select(v => Lost() ? double.NaN : Math.Exp(v + 0.5 * Normal(random)))]),
            NumericColumn.Number("item", [.. z.Select(v => Lost() ? double.NaN : Math.Clamp(Math.Round(3 + v + Normal(random)), 1, 5))]),
            TextColumn.Create("region", [.. z.Select(v => Lost() ? null : v > 0.5 ? "north" : Normal(random) > 0 ? "south" : "west")]),
            TextColumn.Create("sex", [.. z.Select(_ => Lost() ? null : random.Next(2) == 0 ? "f" : "m")])]);
        string Filled(int threads)
        {
            ImputationSet set = table.ImputeMultiple(Options(20), new RunOptions { Seed = 5, Threads = threads });
            return string.Join("\n", Enumerable.Range(0, 8).SelectMany(k => set[k].Cells).Select(c => c.ToString()));
        }
        string one = Filled(1);
        Assert.Equal(one, Filled(3));
        ImputationSet done = table.ImputeMultiple(Options(20));
        Assert.Equal(0, done[0].StillMissingCount);
        string[] regions = ["north", "south", "west"];
        Assert.All(Enumerable.Range(0, 150), i => Assert.Contains((string)done[3].Table["region"].Value(i)!, regions));
        Assert.InRange(done.Chains!.LargestRHat, 0.99, 1.2);
    }
}
