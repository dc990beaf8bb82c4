using Imputation.Data;

namespace Imputation;

/// <summary>Which cells of a column are missing, and why: a byte per row.</summary>
/// <remarks>Code 0 is an observed cell; code k is the k-th of <see cref="Origins"/>, counted from 1.</remarks>
public sealed class MissingMask
{
    private readonly byte[]? _codes; // null where nothing is missing
    private CellIndex? _index;

    /// <summary>Takes the codes as they are: the array is shared and must not change afterwards.</summary>
    /// <param name="codes">One code per row, each at most the number of <paramref name="origins"/>.</param>
    /// <param name="origins">The distinct origins, at most 255.</param>
    /// <exception cref="ArgumentException">A code without an origin, or more than 255 origins.</exception>
    public MissingMask(byte[] codes, IReadOnlyList<MissingOrigin> origins)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(origins);
        if (origins.Count > byte.MaxValue)
            throw new ArgumentException($"{origins.Count} distinct origins of missing cells; at most {byte.MaxValue} are supported.",
                nameof(origins));
        int known = origins.Count, without = codes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)known);
        if (without >= 0) throw new ArgumentException($"Code {codes[without]} has no origin; there are {known}.", nameof(codes));
        int missing = codes.Length - codes.AsSpan().Count((byte)0);
        _codes = missing > 0 ? codes : null;
        Count = codes.Length;
        Origins = [.. origins];
        MissingCount = missing;
    }

    private MissingMask(int count)
    {
        Count = count;
        Origins = [];
    }

    /// <summary>The distinct origins of missing cells in this column.</summary>
    public IReadOnlyList<MissingOrigin> Origins { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Number of missing cells.</summary>
    public int MissingCount { get; }

    /// <summary>Whether the cell at <paramref name="row"/> (from 0) is missing.</summary>
    public bool IsMissing(int row) => _codes is not null && _codes[row] != 0;

    /// <summary>The origin of the missing cell at <paramref name="row"/> (from 0), or null where it is observed.</summary>
    public MissingOrigin? Origin(int row) => _codes is not null && _codes[row] is var code and not 0 ? Origins[code - 1] : null;

    /// <summary>Number of missing cells with each of <see cref="Origins"/>, in their order.</summary>
    public IReadOnlyList<int> CountByOrigin()
    {
        var counts = new int[Origins.Count];
        foreach (byte code in _codes ?? [])
            if (code != 0) counts[code - 1]++;
        return counts;
    }

    /// <summary>The code of each row; empty where nothing is missing.</summary>
    internal byte[] Codes => _codes ?? [];

    /// <summary>The place of each missing cell among them all.</summary>
    internal CellIndex Index => _index ??= new CellIndex(_codes);

    /// <summary>These marks with missing cells filled.</summary>
    /// <param name="cells">A value for each missing cell, or NaN where it stays missing.</param>
    internal MissingMask Without(ReadOnlySpan<double> cells)
    {
        bool filled = true;
        foreach (double cell in cells) filled &= !double.IsNaN(cell);
        if (filled) return new MissingMask(Count);
        var codes = (byte[])_codes!.Clone();
        int next = 0;
        for (int row = 0; row < codes.Length; row++)
            if (codes[row] != 0 && !double.IsNaN(cells[next++])) codes[row] = 0;
        return new MissingMask(codes, Origins);
    }

    /// <summary>These marks with another reason in some of the missing cells.</summary>
    /// <param name="reason">The new reason of a missing cell by its row, or null to keep its own.</param>
    internal MissingMask WithReasons(Func<int, MissingReason?> reason)
    {
        if (_codes is null) return this;
        var origins = new List<MissingOrigin>(Origins);
        var codes = (byte[])_codes.Clone();
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] == 0 || reason(row) is not { } why || origins[codes[row] - 1].Reason == why) continue;
            MissingOrigin origin = origins[codes[row] - 1] with { Reason = why };
            int known = origins.IndexOf(origin);
            if (known < 0)
            {
                if (origins.Count == byte.MaxValue) continue;
                known = origins.Count;
                origins.Add(origin);
            }
            codes[row] = (byte)(known + 1);
        }
        return new MissingMask(codes, origins);
    }

    /// <summary>These marks, and further cells missing as if they had been empty.</summary>
    /// <param name="hidden">In which rows; a cell that is missing already keeps its origin.</param>
    internal MissingMask Hiding(bool[] hidden)
    {
        // Of 255 origins the last stands for this one too.
        MissingOrigin[] origins = Origins.Count < byte.MaxValue ? [.. Origins, MissingOrigin.Empty] : [.. Origins];
        var codes = new byte[Count];
        for (int row = 0; row < codes.Length; row++)
            codes[row] = IsMissing(row) ? Codes[row] : hidden[row] ? (byte)origins.Length : (byte)0;
        return new MissingMask(codes, origins);
    }

    /// <summary>The code of an origin, which is added where it is new. Of 255 origins the last stands for all others too.</summary>
    internal static byte Code(List<MissingOrigin> origins, MissingOrigin origin)
    {
        int at = origins.IndexOf(origin);
        if (at < 0 && origins.Count < byte.MaxValue)
        {
            at = origins.Count;
            origins.Add(origin);
        }
        return (byte)(at < 0 ? byte.MaxValue : at + 1);
    }

    /// <summary>Marks every row that <paramref name="isMissing"/> names with the same origin.</summary>
    internal static MissingMask Of(int count, Func<int, bool> isMissing, MissingOrigin origin)
    {
        var codes = new byte[count];
        for (int row = 0; row < count; row++)
            if (isMissing(row)) codes[row] = 1;
        return new MissingMask(codes, [origin]);
    }
}
