namespace Imputation.Diagnostics;

/// <summary>How a series is drawn.</summary>
public enum SeriesKind
{
    /// <summary>A mark at each point.</summary>
    Points,

    /// <summary>A line from point to point.</summary>
    Line,

    /// <summary>A line with the area below it shaded: a density.</summary>
    Area,

    /// <summary>A line for orientation, such as the diagonal: thin, and not part of the data.</summary>
    Reference,
}

/// <summary>A series of points.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="X">Where; finite.</param>
/// <param name="Y">How high; as many, finite.</param>
public sealed record ChartSeries(string Name, SeriesKind Kind, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Lower ends of intervals about Y, as many; empty where there are none.</summary>
    public IReadOnlyList<double> Lower { get; init; } = [];

    /// <summary>Upper ends of intervals about Y, as many; empty where there are none.</summary>
    public IReadOnlyList<double> Upper { get; init; } = [];

    /// <summary>A name for each point; empty where they have none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>Series over two axes: densities, traces, Q–Q plots, influx against outflux.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XLabel">What the horizontal axis is.</param>
/// <param name="YLabel">What the vertical axis is.</param>
/// <param name="Series">The series, drawn in their order.</param>
public sealed record XyChart(string Title, string XLabel, string YLabel, IReadOnlyList<ChartSeries> Series) : Chart(Title);
