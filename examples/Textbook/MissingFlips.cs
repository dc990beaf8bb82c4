using Imputation;

namespace Textbook;

/// <summary>A coin with a probability of heads.</summary>
public sealed record Coin(double Heads);

/// <summary>A coin was tossed, and some of the tosses were not written down.</summary>
/// <remarks>E-step: of the missing tosses, as many heads as the coin is expected to show. M-step: heads over tosses. The documents' number
/// 0.5833 is where EM is after one step; it goes on to 0.6, the share of heads among the tosses that are known, as missing tosses that
/// depend on nothing say nothing. Each step goes five sixths of the way, a sixth of the tosses being missing.</remarks>
public sealed class MissingFlips(int heads, int tails, int missing) : IEmModel<Coin>
{
    public Coin Initialize(EmStart start) => new(0.5);

    public EmStep<Coin> Step(Coin current, CancellationToken cancellation)
    {
        double logLikelihood = heads * Math.Log(current.Heads) + tails * Math.Log(1 - current.Heads);
        double expected = heads + missing * current.Heads;
        return new EmStep<Coin>(new Coin(expected / (heads + tails + missing)), logLikelihood, logLikelihood);
    }

    public double Distance(Coin from, Coin to) => Math.Abs(to.Heads - from.Heads);

    public static EmFit<Coin> Fit() => EmDriver.Fit(new MissingFlips(6, 4, 2), new EmOptions { Tolerance = 1e-10 });

    public static void Show()
    {
        var model = new MissingFlips(6, 4, 2);
        Coin first = model.Step(model.Initialize(EmStart.Deterministic), default).Next;
        EmFit<Coin> fit = Fit();
        Console.WriteLine($"6 heads, 4 tails, 2 unknown. After one step {first.Heads:F4}, at the maximum {fit.Parameters.Heads:F4}.");
        Console.WriteLine($"Each step leaves {fit.ConvergenceRate:F4} of the error: the share of tosses that are missing.");
    }
}
