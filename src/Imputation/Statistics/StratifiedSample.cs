using Imputation.Numerics.Random;

namespace Imputation.Statistics;

/// <summary>A sample of places, one at random from each of equal stretches: spread over all, yet not in step with data that
/// repeat.</summary>
internal static class StratifiedSample
{
    /// <summary>Places from 0 to n − 1, ascending; all where there are no more than <paramref name="most"/>.</summary>
    public static int[] Of(int n, int most, ulong seed)
    {
        int count = Math.Min(n, most);
        var places = new int[count];
        for (int i = 0; i < count; i++)
        {
            long first = (long)i * n / count, end = (long)(i + 1) * n / count;
            places[i] = count == n ? i : (int)(first + (long)(CounterRandom.Uniform(seed, i, 0, 0) * (end - first)));
        }
        return places;
    }
}
