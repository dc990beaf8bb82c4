using System.Runtime.CompilerServices;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.Gaussian;

/// <summary>Patterns with the same number of missing columns, and the observed cells of their rows, standardised: as they are, or only
/// their sums.</summary>
/// <remarks>One array holds many patterns, so that a table with as many patterns as rows needs little more memory than its
/// numbers.</remarks>
internal sealed class PatternBlock
{
    private readonly int[] _patterns;
    private readonly int[] _missing;
    private readonly int[] _starts;
    private readonly double[] _cells;
    private readonly int _first;
    private readonly Func<int, double[]>? _root;
    private readonly double[]? _rootWeights; // of each row
    private readonly double[]? _weights;     // of each pattern
    private readonly StoredCells? _stored;

    /// <summary>Where the cells are that are not in memory, and how they are standardised when they are read.</summary>
    /// <param name="Scratch">Holds the rows' observed cells in the units of the data.</param>
    /// <param name="Start">Where they begin.</param>
    /// <param name="Center">Subtracted from each column.</param>
    /// <param name="Scale">Divisor of each column, after centring.</param>
    public sealed record StoredCells(IScratch Scratch, long Start, double[] Center, double[] Scale);

    /// <param name="columnCount">p.</param>
    /// <param name="patterns">Index of each pattern among all of them.</param>
    /// <param name="missing">The missing columns of each pattern, ascending, one pattern after another.</param>
    /// <param name="starts">First row of each pattern, counted in this block, and the end.</param>
    /// <param name="cells">The rows' observed cells, row after row; or <see cref="SumLength"/> numbers for each pattern; the array
    /// may contain more before and after them.</param>
    /// <param name="first">Index of the first of them in the array.</param>
    /// <param name="cost">Cost of the block in an E-step.</param>
    /// <param name="root">Makes a pattern's root, where the block keeps sums; null where it keeps rows.</param>
    public PatternBlock(int columnCount, int[] patterns, int[] missing, int[] starts, double[] cells, int first, double cost,
        Func<int, double[]>? root)
    {
        MissingCount = missing.Length / (starts.Length - 1);
        ObservedCount = columnCount - MissingCount;
        _patterns = patterns;
        _missing = missing;
        _starts = starts;
        _cells = cells;
        _first = first;
        Cost = cost;
        _root = root;
    }

    private PatternBlock(PatternBlock rows, double[] cells, int first, double[] rootWeights, double[] weights, Func<int, double[]>? root)
    {
        (MissingCount, ObservedCount, Cost) = (rows.MissingCount, rows.ObservedCount, rows.Cost);
        (_patterns, _missing, _starts) = (rows._patterns, rows._missing, rows._starts);
        (_cells, _first, _root, _rootWeights, _weights) = (cells, first, root, rootWeights, weights);
    }

    private PatternBlock(PatternBlock rows, StoredCells? stored, double[] cells)
    {
        (MissingCount, ObservedCount, Cost) = (rows.MissingCount, rows.ObservedCount, rows.Cost);
        (_patterns, _missing, _starts) = (rows._patterns, rows._missing, rows._starts);
        (_cells, _stored) = (cells, stored);
    }

    /// <summary>The same rows, with their cells on a scratch.</summary>
    public PatternBlock On(StoredCells stored) => new(this, stored, []);

    /// <summary>The block with its cells in memory: this one, unless they are on a scratch.</summary>
    /// <param name="buffer">Holds them as long as the block is used; made larger where that is needed.</param>
    public PatternBlock Loaded(ref double[] buffer)
    {
        if (_stored is not { } stored) return this;
        int count = RowCount * ObservedCount;
        if (buffer.Length < count + MaskedRows.Margin) buffer = new double[count + MaskedRows.Margin];
        var loaded = new PatternBlock(this, null, buffer);
        stored.Scratch.Read(stored.Start, loaded.Cells);
        loaded.Standardise(stored.Center, stored.Scale);
        return loaded;
    }

    /// <summary>The observed cells of all rows, where the block keeps rows in memory.</summary>
    public Span<double> Cells => _cells.AsSpan(_first, RowCount * ObservedCount);

    /// <summary>Puts the rows' cells, in the units of the data until now, onto the standardised scale.</summary>
    public void Standardise(double[] center, double[] scale)
    {
        int o = ObservedCount;
        var observed = new int[o];
        double[] shift = new double[o], factor = new double[o];
        Span<double> cells = Cells;
        for (int k = 0; k < Count; k++)
        {
            Observed(k, observed);
            for (int a = 0; a < o; a++) (shift[a], factor[a]) = (center[observed[a]], 1 / scale[observed[a]]);
            for (int r = _starts[k]; r < _starts[k + 1]; r++)
            {
                Span<double> row = cells.Slice(r * o, o);
                for (int a = 0; a < o; a++) row[a] = (row[a] - shift[a]) * factor[a];
            }
        }
    }

    /// <summary>The same rows, weighted; their cells are shared.</summary>
    /// <param name="rootWeights">Square root of each row's weight.</param>
    /// <param name="weights">Sum of the weights of each pattern's rows.</param>
    public PatternBlock Weighted(double[] rootWeights, double[] weights) => new(this, _cells, _first, rootWeights, weights, null);

    /// <summary>The same patterns with the sums of weighted rows.</summary>
    /// <param name="cells"><see cref="SumLength"/> numbers for each pattern.</param>
    /// <param name="weights">Sum of the weights of each pattern's rows.</param>
    /// <param name="root">Makes a pattern's root.</param>
    public PatternBlock WithSums(double[] cells, double[] weights, Func<int, double[]> root) => new(this, cells, 0, [], weights, root);

    /// <summary>Number of patterns.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Number of missing columns, |M|, of each pattern.</summary>
    public int MissingCount { get; }

    /// <summary>Number of observed columns, |O|, of each pattern.</summary>
    public int ObservedCount { get; }

    /// <summary>Number of rows of all patterns.</summary>
    public int RowCount => _starts[^1];

    /// <summary>Whether the block keeps sums instead of rows.</summary>
    public bool AreSums => _root is not null;

    /// <summary>Cost of the block in an E-step, in units of a multiplication.</summary>
    public double Cost { get; }

    /// <summary>Number of elements of a pattern's sums: Σ x, then Σ xxᵀ, |O| × |O|, both triangles.</summary>
    public static int SumLength(int observedCount) => observedCount * (observedCount + 1);

    /// <summary>Index of a pattern among all of them.</summary>
    public int IndexOf(int pattern) => _patterns[pattern];

    /// <summary>Number of rows of a pattern.</summary>
    public int RowCountOf(int pattern) => _starts[pattern + 1] - _starts[pattern];

    /// <summary>Weight of a pattern: the number of its rows, or the sum of their weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double WeightOf(int pattern) => _weights is null ? RowCountOf(pattern) : _weights[pattern];

    /// <summary>Square roots of the weights of a pattern's rows; empty where all are 1.</summary>
    public ReadOnlySpan<double> RootWeights(int pattern) => _rootWeights is null or [] ? [] : _rootWeights.AsSpan(_starts[pattern],
        RowCountOf(pattern));

    /// <summary>Indices of a pattern's missing columns, ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Missing(int pattern) => _missing.AsSpan(pattern * MissingCount, MissingCount);

    /// <summary>Writes the indices of a pattern's observed columns, ascending.</summary>
    public void Observed(int pattern, Span<int> observed)
    {
        ReadOnlySpan<int> missing = Missing(pattern);
        int next = 0, skipped = 0;
        for (int j = 0; next < ObservedCount; j++)
        {
            if (skipped < missing.Length && missing[skipped] == j) skipped++;
            else observed[next++] = j;
        }
    }

    /// <summary>A pattern's rows, |O| numbers each.</summary>
    public ReadOnlySpan<double> Rows(int pattern) => _cells.AsSpan(_first + _starts[pattern] * ObservedCount,
        RowCountOf(pattern) * ObservedCount);

    /// <summary>Σ x over a pattern's rows.</summary>
    public ReadOnlySpan<double> Sum(int pattern) => _cells.AsSpan(_first + pattern * SumLength(ObservedCount), ObservedCount);

    /// <summary>Σ xxᵀ over a pattern's rows, both triangles.</summary>
    public ReadOnlySpan<double> Products(int pattern) => _cells.AsSpan(_first + pattern * SumLength(ObservedCount) + ObservedCount,
        ObservedCount * ObservedCount);

    /// <summary>R with RᵀR = Σ (x − x̄)(x − x̄)ᵀ over the rows of a pattern that is kept as sums; |O| × |O|, upper triangle.</summary>
    public double[] Root(int pattern) => _root!(pattern);
}
