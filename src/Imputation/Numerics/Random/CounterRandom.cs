using Imputation.Numerics.Distributions;

namespace Imputation.Numerics.Random;

/// <summary>Random numbers that are a function of a key, not of a stream: the same for every caller and in every order.</summary>
/// <remarks>Three rounds of the SplitMix64 finaliser (Steele, Lea and Flood 2014), one for each part of the key.</remarks>
internal static class CounterRandom
{
    /// <summary>A number strictly between 0 and 1, for a seed, a row, a column and a count of draws for that cell.</summary>
    public static double Uniform(ulong seed, long row, int column, int draw)
    {
        ulong h = Mix(seed + 0x9E3779B97F4A7C15 * (ulong)(row + 1));
        h = Mix(h + 0xD1B54A32D192ED03 * (ulong)(column + 1));
        h = Mix(h + 0x8CB92BA72F3D8DD7 * (ulong)(draw + 1));
        return ((h >> 12) + 0.5) * (1.0 / (1UL << 52)); // 53 bits would round up to 1
    }

    /// <summary>A standard normal number for the same kind of key.</summary>
    public static double Normal(ulong seed, long row, int column, int draw) => TruncatedNormal.Quantile(Uniform(seed, row, column, draw));

    /// <summary>A seed of its own for each key: streams made from two of them have nothing to do with one another.</summary>
    public static ulong Derive(ulong seed, long first, int second)
    {
        ulong h = Mix(seed + 0xA0761D6478BD642F);
        h = Mix(h + 0x9E3779B97F4A7C15 * (ulong)(first + 1));
        return Mix(h + 0xD1B54A32D192ED03 * (ulong)(second + 1));
    }

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
