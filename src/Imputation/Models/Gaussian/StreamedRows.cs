using Imputation.Numerics;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.Gaussian;

/// <summary>Takes rows batch by batch and keeps of them what EM needs: sums of frequent patterns, and the rows of rare ones, in memory or
/// on a scratch.</summary>
/// <remarks>A pattern is frequent where an E-step over its sums costs less than over those of its rows that have come together. Rare rows
/// wait until there are many of them: the more are sorted by pattern at once, the more of them share a regression.</remarks>
internal sealed class StreamedRows : IDisposable
{
    /// <summary>Of the memory, the part that sums may take, that rows may take, and that rows wait in.</summary>
    private const int PartOfSums = 4, PartOfRows = 8, PartOfWaiting = 8;

    private const int FewestWaiting = 1 << 15;

    private readonly string[] _names;
    private readonly StreamOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly PatternStatistics _frequent;
    private readonly List<PatternBlock> _rare = [];
    private readonly SampleMoments[] _columns;
    private readonly double[] _center, _scale;  // known at the end
    private readonly RowSample _sample;
    private readonly Func<long?> _most;
    private readonly int _mostWaiting;
    private double[][] _waiting;
    private int _waitingCount;
    private MissingPatterns? _patterns;
    private IScratch? _scratch;
    private long _rareCells, _rowCount;
    private double _roomForSums;

    /// <param name="names">Names of the columns.</param>
    /// <param name="expected">Number of rows that will come; null where it is not known.</param>
    /// <param name="most">Most rows that will come, asked for where they do not fit into memory; null where it is not known.</param>
    /// <param name="options">How rows are kept.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    public StreamedRows(IReadOnlyList<string> names, long? expected, Func<long?> most, StreamOptions options, int threads)
    {
        _names = [.. names];
        _options = options;
        _most = most;
        _parallel = ParallelWork.Options(threads);
        _frequent = new PatternStatistics(names);
        int p = _names.Length;
        _columns = [.. Enumerable.Repeat(SampleMoments.None, p)];
        (_center, _scale) = (new double[p], new double[p]);
        _sample = new RowSample(p, expected, options.Memory / 8);
        _roomForSums = (double)options.Memory / PartOfSums / sizeof(double);
        _mostWaiting = (int)Math.Clamp(options.Memory / PartOfWaiting / (sizeof(double) * p), FewestWaiting, 1 << 22);
        _waiting = Arrays(p, FewestWaiting);
    }

    /// <summary>Adds rows.</summary>
    public void Add(IncompleteMatrix batch)
    {
        int p = _names.Length;
        MissingPatterns patterns = MissingPatterns.Of(batch, _parallel);
        var moments = new SampleMoments[p];
        ParallelWork.For(p, _parallel, j => moments[j] = SampleMoments.Of(batch.Column(j)));
        for (int j = 0; j < p; j++) _columns[j] = _columns[j].Merge(moments[j]);
        _sample.Add(batch, _rowCount);
        _rowCount += batch.RowCount;
        var frequent = new List<int>();
        for (int k = 0; k < patterns.Count; k++)
        {
            MissingPattern pattern = patterns[k];
            if (pattern.Observed.Length == 0) continue;
            if (_frequent.Has(pattern.Observed)) frequent.Add(k);
            else Wait(batch, pattern.Rows);
        }
        Sum(batch, patterns, [.. frequent]);
        _patterns = _patterns is null ? patterns : MissingPatterns.Merged(_patterns, patterns);
    }

    /// <summary>The data, when all rows are added.</summary>
    /// <exception cref="ImputationDataException">A column whose standard deviation a double does not hold well.</exception>
    public GaussianData Finish()
    {
        Settle();
        _waiting = [];
        for (int j = 0; j < _names.Length; j++) (_center[j], _scale[j]) = (_columns[j].Mean, _columns[j].PopulationDeviation);
        if (_scratch is null)
            ParallelWork.For(_rare.Count, _parallel, b => _rare[b].Standardise(_center, _scale));
        return GaussianData.From(_frequent, _rare, _patterns!, _rowCount, _center, _scale, _sample.Rows(_names), _parallel);
    }

    /// <summary>The scratch is gone.</summary>
    public void Dispose() => _scratch?.Dispose();

    private static double[][] Arrays(int count, int length)
    {
        var arrays = new double[count][];
        for (int j = 0; j < count; j++) arrays[j] = GC.AllocateUninitializedArray<double>(length);
        return arrays;
    }

    /// <summary>Lets rows of a pattern that is not known to be frequent wait.</summary>
    private void Wait(IncompleteMatrix batch, ReadOnlySpan<int> rows)
    {
        while (rows.Length > 0)
        {
            int taken = Math.Min(rows.Length, _waiting[0].Length - _waitingCount);
            for (int j = 0; j < _waiting.Length; j++)
            {
                ReadOnlySpan<double> from = batch.Column(j);
                Span<double> to = _waiting[j].AsSpan(_waitingCount, taken);
                for (int r = 0; r < to.Length; r++) to[r] = from[rows[r]];
            }
            _waitingCount += taken;
            rows = rows[taken..];
            if (_waitingCount == _waiting[0].Length) Settle();
        }
    }

    /// <summary>Sums or keeps the waiting rows. Where most of them are kept, more may wait the next time.</summary>
    private void Settle()
    {
        if (_waitingCount == 0) return;
        int p = _names.Length, room = _waiting[0].Length;
        var columns = new NumericColumn[p];
        for (int j = 0; j < p; j++)
            columns[j] = NumericColumn.Create(_names[j], ColumnKind.Number,
                _waitingCount == room ? _waiting[j] : _waiting[j].AsSpan(0, _waitingCount).ToArray());
        var matrix = IncompleteMatrix.FromColumns(columns);
        MissingPatterns patterns = MissingPatterns.Of(matrix, _parallel);
        (int[] summed, PatternBlock[] kept) = PatternBlocks.Divide(matrix, patterns, _roomForSums, _parallel);
        Sum(matrix, patterns, summed);
        Keep(kept);
        if (2 * kept.Sum(block => (long)block.RowCount) > _waitingCount && room < _mostWaiting)
            _waiting = Arrays(p, (int)Math.Min(2L * room, _mostWaiting));
        _waitingCount = 0;
    }

    /// <summary>Adds rows of some patterns to the sums of these.</summary>
    private void Sum(IncompleteMatrix rows, MissingPatterns patterns, int[] chosen)
    {
        foreach (PatternMoments moments in PatternCounting.Of(rows, patterns, chosen, _parallel))
        {
            if (!_frequent.Has(moments.Observed)) _roomForSums -= PatternBlock.SumLength(moments.Observed.Length);
            _frequent.Merge(moments);
        }
    }

    /// <summary>Keeps rows in memory as long as they fit there, then all on the scratch.</summary>
    /// <exception cref="ImputationDataException">They do not fit, and there is no scratch.</exception>
    private void Keep(PatternBlock[] blocks)
    {
        _rareCells += blocks.Sum(block => (long)block.Cells.Length);
        _rare.AddRange(blocks);
        if (_scratch is null)
        {
            if (sizeof(double) * _rareCells <= _options.Memory / PartOfRows) return;
            if (_options.Scratch is not { } scratch)
                throw new ImputationDataException($"The rows of rare patterns do not fit into an eighth of "
                    + $"{TextFormat.Bytes(_options.Memory)}, and there is no scratch to keep them on; give more memory.");
            _scratch = scratch(sizeof(double) * _names.Length * _most());
            blocks = [.. _rare];
        }
        int first = _rare.Count - blocks.Length;
        for (int b = 0; b < blocks.Length; b++)
            _rare[first + b] = blocks[b].On(new PatternBlock.StoredCells(_scratch, _scratch.Write(blocks[b].Cells), _center, _scale));
    }
}
