using System.Numerics;
using Imputation.Patterns;

namespace Imputation.Tests.Patterns;

public class PatternRadixSortTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rows_AreOrderedByBitsSet_ThenByKey_AndEqualOnesStayInOrder(int words)
    {
        foreach (int count in (int[])[0, 1, 2, 63, 3000, 50_000])
        {
            var random = new Random(words * 10_007 + count);
            ulong[][] keys = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, words).Select(_ => Word(random)).ToArray())];
            for (int i = 3; i < count; i += 3) keys[i] = keys[random.Next(i)]; // every third comes again
            int[] expected = [.. Enumerable.Range(0, count)
                .OrderBy(i => keys[i].Sum(BitOperations.PopCount))
                .ThenBy(i => keys[i][0]).ThenBy(i => keys[i].ElementAtOrDefault(1)).ThenBy(i => keys[i].ElementAtOrDefault(2))];
            Assert.Equal(expected, PatternRadixSort.Of([.. Enumerable.Range(0, words).SelectMany(w => keys.Select(key => key[w]))], words,
                new ParallelOptions()));
        }
    }

    /// <summary>Words of few bits, of many, of none and of all, the highest bit among them: so words, sums of bits and keys
    /// repeat.</summary>
    private static ulong Word(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << 63,
        3 => 1UL << random.Next(64),
        4 => ~(1UL << random.Next(64)),
        _ => (ulong)random.NextInt64() << random.Next(2),
    };
}
