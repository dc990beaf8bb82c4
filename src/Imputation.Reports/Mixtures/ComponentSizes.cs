using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>Weights of the components, and the rows that are most probably theirs.</summary>
internal static class ComponentSizes
{
    /// <summary>Rows below this probability of their component are undecided.</summary>
    private const double Decided = 0.9;

    public static DiagnosticEntry Of(Table read, NormalMixtureFit fit, double[,] responsibilities)
    {
        int n = responsibilities.GetLength(0), k = fit.Components.Count;
        int[] rows = new int[k], undecided = new int[k];
        for (int row = 0; row < n; row++)
        {
            int best = NormalMixtureFit.MostProbable(responsibilities, row);
            rows[best]++;
            if (responsibilities[row, best] < Decided) undecided[best]++;
        }
        Column[] columns = [.. fit.TableColumns.Select(name => read[name])];
        int empty = Enumerable.Range(0, n).Count(row => columns.All(column => column.IsMissing(row)));
        string[] names = ComponentNames.All(fit);
        return new DiagnosticEntry("sizes", "Sizes", new DiagnosticResult
        {
            Verdict = k == 1 ? $"One component of all {TextFormat.Count(n, "row")}."
                : $"{TextFormat.Count(k)} components: {TextFormat.List(fit.Components, 8, c => TextFormat.Percent(c.Weight), ", ")}. "
                    + $"{TextFormat.Count(undecided.Sum())} of {TextFormat.Count(n, "row")} ({TextFormat.Percent(undecided.Sum(), n)}) "
                    + $"{(undecided.Sum() == 1 ? "is" : "are")} undecided: no component has a probability of "
                    + $"{TextFormat.Number(Decided)} or more.",
            Charts = k == 1 ? [] :
            [
                new BarChart("Weights of the components", "weight", names, [.. fit.Components.Select(c => c.Weight)])
                {
                    Format = CellFormat.Share,
                },
            ],
            Tables =
            [
                new DiagnosticTable("Sizes of the components", [new("Component", CellFormat.Text), new("Weight", CellFormat.Share),
                    new("Rows", CellFormat.Count), new("Share of rows", CellFormat.Share), new("Undecided rows", CellFormat.Count)],
                    [.. fit.Components.Select((c, i) => (IReadOnlyList<object?>)[names[i], c.Weight, rows[i],
                        (double)rows[i] / Math.Max(1, n), undecided[i]])])
                {
                    Note = empty == 0 ? ""
                        : $"{TextFormat.Count(empty, "row")} with nothing observed: their probabilities are the weights, "
                        + "and they count among the largest component's.",
                },
            ],
            Method = "The weight is the component's share under the model. A row counts for its most probable component, however close "
                + "the next one is; so the two differ where components overlap.",
        });
    }
}
