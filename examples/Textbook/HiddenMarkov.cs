using Imputation;

namespace Textbook;

/// <summary>A hidden Markov chain whose states have Poisson rates.</summary>
public sealed record Chain(double[] Initial, double[][] Transition, double[] Rates);

/// <summary>Counts over time, some of them missing, from states that nobody sees (Baum, Petrie, Soules and Weiss 1970).</summary>
/// <remarks>Where a count is missing every state has the same likelihood, 1: the forward and backward recursions go on over the hole. The
/// best initial probabilities are a corner, 1 and 0, so their logarithm is never taken. Three states for the earthquakes of 1900 to 2006
/// have the log-likelihood −328.5275 (Zucchini and MacDonald 2009, table 3.1). EM is slow here: rates of convergence are near 1.</remarks>
public sealed class HiddenMarkov(double[] counts, int states) : IEmModel<Chain>
{
    /// <summary>Earthquakes of magnitude 7 or more in each year from 1900 to 2006 (U.S. Geological Survey).</summary>
    public static double[] Earthquakes =>
    [
        13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14,
        8, 11, 14, 23, 18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21,
        23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10, 15,
        22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15,
        18, 14, 10, 15, 8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18,
        15, 16, 13, 15, 16, 11, 11,
    ];

    public Chain Initialize(EmStart start)
    {
        var random = new Random(start.Index);
        double mean = counts.Where(c => !double.IsNaN(c)).Average();
        double[][] transition = [.. Enumerable.Range(0, states).Select(j => Enumerable.Range(0, states)
            .Select(k => j == k ? 0.8 : 0.2 / (states - 1)).ToArray())];
        return new Chain([.. Enumerable.Repeat(1.0 / states, states)], states == 1 ? [[1]] : transition, [.. Enumerable.Range(0, states)
            .Select(k => mean * (start.Index == 0 ? (k + 1.0) * 2 / (states + 1) : 0.3 + 1.4 * random.NextDouble()))]);
    }

    public EmStep<Chain> Step(Chain at, CancellationToken cancellation)
    {
        int n = counts.Length;
        double[][] forward = new double[n][], backward = new double[n][];
        double[] scale = new double[n], initial = new double[states], rates = new double[states], weights = new double[states];
        double logLikelihood = 0;
        for (int t = 0; t < n; t++)
        {
            forward[t] = [.. Enumerable.Range(0, states).Select(k => Density(counts[t], at.Rates[k]) * (t == 0 ? at.Initial[k]
                : Enumerable.Range(0, states).Sum(j => forward[t - 1][j] * at.Transition[j][k])))];
            scale[t] = forward[t].Sum();
            logLikelihood += Math.Log(scale[t]);
            forward[t] = Array.ConvertAll(forward[t], f => f / scale[t]);
        }
        double[][] moves = [.. Enumerable.Range(0, states).Select(_ => new double[states])];
        for (int t = n - 1; t >= 0; t--)
        {
            backward[t] = [.. Enumerable.Range(0, states).Select(j => t == n - 1 ? 1 : Enumerable.Range(0, states).Sum(k =>
                at.Transition[j][k] * Density(counts[t + 1], at.Rates[k]) * backward[t + 1][k]) / scale[t + 1])];
            for (int k = 0; k < states; k++)
            {
                double state = forward[t][k] * backward[t][k];
                if (t == 0) initial[k] = state;
                if (!double.IsNaN(counts[t])) (rates[k], weights[k]) = (rates[k] + state * counts[t], weights[k] + state);
                for (int j = 0; j < states && t < n - 1; j++)
                    moves[k][j] += forward[t][k] * at.Transition[k][j] * Density(counts[t + 1], at.Rates[j]) * backward[t + 1][j]
                        / scale[t + 1];
            }
        }
        var next = new Chain(initial, [.. moves.Select(row => Array.ConvertAll(row, m => m / row.Sum()))],
            [.. rates.Zip(weights, (r, w) => r / w)]);
        return new EmStep<Chain>(next, logLikelihood, logLikelihood);
    }

    public double Distance(Chain from, Chain to) => Enumerable.Range(0, states).Max(k => Math.Max(Math.Abs(to.Rates[k] - from.Rates[k])
        / Math.Sqrt(from.Rates[k]), Math.Max(Math.Abs(to.Initial[k] - from.Initial[k]),
        Enumerable.Range(0, states).Max(j => Math.Abs(to.Transition[k][j] - from.Transition[k][j])))));

    /// <summary>Poisson probability of a count; 1 of a missing one.</summary>
    private static double Density(double count, double rate)
    {
        if (double.IsNaN(count)) return 1;
        double log = count * Math.Log(rate) - rate;
        for (int k = 2; k <= count; k++) log -= Math.Log(k);
        return Math.Exp(log);
    }

    public static EmFit<Chain> Fit(double[] counts, int states) => EmDriver.Fit(new HiddenMarkov(counts, states),
        new EmOptions { Restarts = 10, Tolerance = 1e-7, MaxIterations = 20_000 });

    public static void Show()
    {
        double[] holes = [.. Earthquakes.Select((c, t) => t % 5 == 2 ? double.NaN : c)];
        foreach ((string what, double[] counts) in new[] { ("all years", Earthquakes), ("a fifth missing", holes) })
        {
            foreach (int k in new[] { 1, 2, 3 })
            {
                EmFit<Chain> fit = Fit(counts, k);
                Console.WriteLine($"{what}, {k} state{(k == 1 ? "" : "s")}: log-likelihood {fit.LogLikelihood:F4}, rates {string.Join(", ",
                    fit.Parameters.Rates.Order().Select(r => $"{r:F1}"))}");
            }
        }
    }
}
