using System.Globalization;

namespace Imputation.Models.MarkovChains;

/// <summary>The iterations of a chain, and those that are draws.</summary>
internal sealed record DataAugmentationSchedule
{
    /// <summary>Part of a start's error left after the burn-in, and of the autocorrelation after the thinning.</summary>
    public const double StartLeft = 1e-3, LikenessLeft = 1e-2;

    /// <summary>Iterations after the burn-in from which on R̂ is more than noise.</summary>
    public const int FewestKept = 200;

    private const int LeastBurnIn = 50, MostBurnIn = 5_000, LeastThinning = 20, MostThinning = 2_000;

    /// <summary>The rate taken where a fit did not find it, and the highest that starts are spread by.</summary>
    private const double UnknownRate = 0.99;

    /// <summary>How much further than the posterior distribution the starts of chains reach.</summary>
    private const double StartSpread = 2;

    private readonly double _rate;

    /// <param name="options">The requested options.</param>
    /// <param name="rate">Rate of EM, λ; NaN where it is not known.</param>
    public DataAugmentationSchedule(DataAugmentationOptions options, double rate)
    {
        _rate = rate;
        Chains = options.ChainCount;
        DrawCount = options.DrawCount;
        BurnInNeeded = Iterations(rate, StartLeft);
        ThinningNeeded = Iterations(rate, LikenessLeft);
        BurnIn = options.BurnIn ?? (int)Math.Clamp(BurnInNeeded, LeastBurnIn, MostBurnIn);
        Thinning = options.Thinning ?? (int)Math.Clamp(ThinningNeeded, LeastThinning, MostThinning);
        long last = BurnIn + (DrawCount - 1L) / Chains * Thinning;
        if (last > int.MaxValue - FewestKept)
            throw new ArgumentOutOfRangeException(nameof(options), string.Create(CultureInfo.InvariantCulture,
                $"A chain would have {last} iterations, and {int.MaxValue} are too many. Ask for fewer draws or less thinning, or for "
                + $"more chains."));
        IterationCount = Math.Max((int)last, BurnIn + FewestKept - 1);
    }

    /// <summary>Number of chains.</summary>
    public int Chains { get; }

    /// <summary>m.</summary>
    public int DrawCount { get; }

    /// <summary>Iterations up to a chain's first draw, that one included.</summary>
    public int BurnIn { get; }

    /// <summary>Iterations from a draw to the chain's next.</summary>
    public int Thinning { get; }

    /// <summary>Iterations that the rate calls for, not bounded.</summary>
    public double BurnInNeeded { get; }

    /// <summary>The same of the thinning.</summary>
    public double ThinningNeeded { get; }

    /// <summary>Iterations of each chain: until the last draw, or a few more so that R̂ can be computed.</summary>
    public int IterationCount { get; }

    /// <summary>Number of complete rows whose posterior distribution reaches as far as starts should be apart.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns: with less than 2p + 10 rows covariances would be nearly singular.</param>
    public double StartRows(double rows, int columns) =>
        Math.Max(rows * (1 - (double.IsNaN(_rate) ? UnknownRate : Math.Min(_rate, UnknownRate))) / (StartSpread * StartSpread),
            2 * columns + 10);

    /// <summary>Chain and iteration of draw <paramref name="k"/>.</summary>
    public (int Chain, int Iteration) Place(int k) => (k % Chains, BurnIn + k / Chains * Thinning);

    /// <summary>The draw that an iteration of a chain is, or −1.</summary>
    public int DrawAt(int chain, int iteration)
    {
        if (iteration < BurnIn || (iteration - BurnIn) % Thinning != 0) return -1;
        long k = (long)((iteration - BurnIn) / Thinning) * Chains + chain;
        return k < DrawCount ? (int)k : -1;
    }

    /// <summary>The smallest t at which rateᵗ is below a part.</summary>
    private static double Iterations(double rate, double part)
    {
        if (double.IsNaN(rate)) rate = UnknownRate;
        return rate >= 1 ? double.PositiveInfinity : rate <= 0 ? 1 : Math.Ceiling(Math.Log(part) / Math.Log(rate));
    }
}
