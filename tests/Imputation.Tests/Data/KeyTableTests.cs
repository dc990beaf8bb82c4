using System.Numerics;
using Imputation.Data;

namespace Imputation.Tests.Data;

public class KeyTableTests
{
    /// <summary>Numbers of keys: none, one, as many as there is room for at first and one more, and many.</summary>
    private static readonly int[] s_counts = [0, 1, 63, 64, 65, 3000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Keys_AreNumberedInOrderOfAppearance_AndOrderedByBitsThenByThemselves(int words)
    {
        foreach (int count in s_counts) Check(words, count);
    }

    private static void Check(int words, int count)
    {
        var random = new Random(words * 10_007 + count);
        ulong[][] some = [.. Enumerable.Range(0, count).Select(_ => Key(words, random))];
        ulong[][] sequence = [.. some.Concat(some.Reverse())]; // every key comes again
        var table = new KeyTable(words);
        int[] numbers = [.. sequence.Select(key => table.NumberOf(key))];

        ulong[][] keys = [.. sequence.DistinctBy(key => string.Join('-', key))];
        var places = keys.Select((key, k) => (key, k)).ToDictionary(x => string.Join('-', x.key), x => x.k);
        Assert.Equal(sequence.Select(key => places[string.Join('-', key)]), numbers);

        int[] expected = [.. Enumerable.Range(0, keys.Length)
            .OrderBy(k => keys[k].Sum(BitOperations.PopCount))
            .ThenBy(k => keys[k][0]).ThenBy(k => keys[k].ElementAtOrDefault(1)).ThenBy(k => keys[k].ElementAtOrDefault(2))];
        int[] order = table.Ordered();
        Assert.Equal(expected, order);
        Assert.Equal(expected.SelectMany(k => keys[k]), table.Keys(order));
    }

    /// <summary>Words of few bits, of many, of none and of all, the highest bit among them: so words, sums of bits and keys repeat.</summary>
    private static ulong Word(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << 63,
        3 => 1UL << random.Next(64),
        4 => ~(1UL << random.Next(64)),
        _ => (ulong)random.NextInt64() << random.Next(2),
    };

    private static ulong[] Key(int words, Random random) => [.. Enumerable.Range(0, words).Select(_ => Word(random))];
}
