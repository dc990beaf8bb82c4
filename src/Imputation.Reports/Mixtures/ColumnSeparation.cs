namespace Imputation.Reports.Mixtures;

/// <summary>How far a column's distribution differs between components.</summary>
/// <param name="Name">The column.</param>
/// <param name="Index">Its index among <see cref="NormalMixtureFit.Numbers"/>, or among the categories.</param>
/// <param name="Between">Share of its variance that lies between the components, from 0 to 1: for numbers the correlation ratio η², for
/// categories the τ of Goodman and Kruskal (1954).</param>
internal sealed record ColumnSeparation(string Name, int Index, double Between)
{
    /// <summary>Its mean under the mixture; NaN for a category.</summary>
    public double Mean { get; private init; } = double.NaN;

    /// <summary>Its standard deviation under the mixture; NaN for a category.</summary>
    public double StandardDeviation { get; private init; } = double.NaN;

    /// <summary>The numeric columns, those that separate the components best first.</summary>
    public static ColumnSeparation[] OfNumbers(NormalMixtureFit fit) => [.. fit.Numbers.Select((name, j) =>
    {
        double mean = fit.Components.Sum(c => c.Weight * c.Mean[j]), within = fit.Components.Sum(c => c.Weight * c.Covariance[j, j]),
            between = fit.Components.Sum(c => c.Weight * Math.Pow(c.Mean[j] - mean, 2)), all = within + between;
        return new ColumnSeparation(name, j, all > 0 ? between / all : 0) { Mean = mean, StandardDeviation = Math.Sqrt(all) };
    }).OrderByDescending(c => c.Between)];

    /// <summary>The categories, those that separate the components best first.</summary>
    public static ColumnSeparation[] OfCategories(NormalMixtureFit fit) => [.. fit.Components[0].Probabilities.Keys.Select((name, j) =>
    {
        double between = 0, all = 0;
        foreach (string level in fit.Components[0].Probabilities[name].Keys)
        {
            double share = Share(fit, name, level);
            between += fit.Components.Sum(c => c.Weight * Math.Pow(c.Probabilities[name][level] - share, 2));
            all += share * (1 - share);
        }
        return new ColumnSeparation(name, j, all > 0 ? between / all : 0);
    }).OrderByDescending(c => c.Between)];

    /// <summary>The share of a level under the mixture.</summary>
    public static double Share(NormalMixtureFit fit, string column, string level) =>
        fit.Components.Sum(c => c.Weight * c.Probabilities[column][level]);
}
