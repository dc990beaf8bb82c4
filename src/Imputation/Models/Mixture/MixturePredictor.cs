namespace Imputation.Models.Mixture;

/// <summary>Predictions of observed cells from the other observed cells of their rows. A workspace for one thread.</summary>
internal sealed class MixturePredictor(NormalMixtureFit fit, int[] keys) : ICellPredictor
{
    private readonly MixtureRow?[] _rows = new MixtureRow?[keys.Length];
    private readonly bool[] _begun = new bool[keys.Length];
    private int[] _observed = [];
    private double[] _cells = [];

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        _observed = observed.ToArray();
        Array.Clear(_begun);
        return true;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells) => _cells = cells.ToArray();

    /// <inheritdoc/>
    public double LeavingOut(int column)
    {
        MixtureRow row = _rows[column] ??= new MixtureRow(fit, keys);
        if (!_begun[column]) _begun[column] = row.Begin([.. _observed.Where(j => j != column)], [column], draws: false);
        if (!_begun[column]) return double.NaN;
        row.Given(_cells);
        return row.Mean(0);
    }
}
