namespace Imputation.Statistics;

/// <summary>Different values, ascending, and how often each occurs.</summary>
internal sealed class ValueRuns
{
    private ValueRuns(double[] values, int[] counts) => (Values, Counts) = (values, counts);

    /// <summary>The values.</summary>
    public double[] Values { get; }

    /// <summary>How often each occurs.</summary>
    public int[] Counts { get; }

    /// <summary>Index of the value that occurs most often, the smallest of several; −1 where there is none.</summary>
    public int Commonest => Counts.Length == 0 ? -1 : Array.IndexOf(Counts, Counts.Max());

    /// <summary>Counts the values of a sorted array.</summary>
    public static ValueRuns Of(ReadOnlySpan<double> sorted)
    {
        var values = new List<double>();
        var counts = new List<int>();
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first]; end++) { }
            values.Add(sorted[first]);
            counts.Add(end - first);
        }
        return new ValueRuns([.. values], [.. counts]);
    }

    /// <summary>The same seen from the other end: values negated.</summary>
    public ValueRuns Mirrored() => new([.. Values.Reverse().Select(v => -v)], [.. Counts.Reverse()]);

    /// <summary>The runs from one to before another.</summary>
    public ValueRuns Part(int first, int end) => new(Values[first..end], Counts[first..end]);
}
