using System.Diagnostics;

namespace Imputation;

/// <summary>What a fit is expected to take, reported before it begins: see <see cref="RunOptions.Forecast"/>.</summary>
/// <remarks>An estimate from the numbers of rows, columns and missing cells, not a measurement: within a factor of three on a processor of
/// the 2020s. Slow convergence takes longer.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record EmForecast
{
    internal EmForecast(int rowCount, int columnCount, TimeSpan time)
    {
        RowCount = rowCount;
        ColumnCount = columnCount;
        Time = time;
    }

    /// <summary>Number of rows with something observed.</summary>
    public int RowCount { get; internal init; }

    /// <summary>Number of modelled columns.</summary>
    public int ColumnCount { get; internal init; }

    /// <summary>Time that the fit is expected to take on the threads of the task.</summary>
    public TimeSpan Time { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{RowCount} × {ColumnCount}: about {Time.TotalSeconds:G2} s");
}
