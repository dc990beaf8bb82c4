using Imputation;

namespace Textbook;

/// <summary>Probabilities of heads of two coins.</summary>
public sealed record Coins(double A, double B);

/// <summary>Two coins, one of which was taken for each series of ten tosses, nobody wrote down which (Do and Batzoglou 2008).</summary>
/// <remarks>The article stops after ten steps at 0.80 and 0.52. The maximum is 0.7968 and 0.5196; another of the same height has the coins
/// exchanged.</remarks>
public sealed class TwoCoins(int[] heads, int tosses) : IEmModel<Coins>
{
    /// <summary>The article's series.</summary>
    public static TwoCoins Article => new([5, 9, 8, 4, 7], 10);

    public Coins Initialize(EmStart start)
    {
        if (start.Index == 0) return new Coins(0.6, 0.5);
        var random = new Random(start.Index);
        return new Coins(random.NextDouble(), random.NextDouble());
    }

    public EmStep<Coins> Step(Coins current, CancellationToken cancellation)
    {
        double logLikelihood = 0, headsA = 0, tossesA = 0, headsB = 0, tossesB = 0;
        foreach (int h in heads)
        {
            double a = Math.Pow(current.A, h) * Math.Pow(1 - current.A, tosses - h),
                b = Math.Pow(current.B, h) * Math.Pow(1 - current.B, tosses - h), share = a / (a + b);
            logLikelihood += Math.Log(0.5 * (a + b));
            (headsA, tossesA) = (headsA + share * h, tossesA + share * tosses);
            (headsB, tossesB) = (headsB + (1 - share) * h, tossesB + (1 - share) * tosses);
        }
        return new EmStep<Coins>(new Coins(headsA / tossesA, headsB / tossesB), logLikelihood, logLikelihood);
    }

    public double Distance(Coins from, Coins to) => Math.Max(Math.Abs(to.A - from.A), Math.Abs(to.B - from.B));

    public static EmFit<Coins> Fit(int starts = 1) => EmDriver.Fit(Article, new EmOptions { Tolerance = 1e-10, Restarts = starts });

    public static void Show()
    {
        EmFit<Coins> fit = Fit(20);
        Console.WriteLine($"5, 9, 8, 4 and 7 heads in ten tosses: coins of {fit.Parameters.A:F4} and {fit.Parameters.B:F4}, "
            + $"log-likelihood {fit.LogLikelihood:F4}.");
        foreach (EmEndPoint<Coins> end in fit.EndPoints)
            Console.WriteLine($"  {end.StartCount} of 20 starts ended at {end.Parameters.A:F4} and {end.Parameters.B:F4}");
    }
}
