using Imputation.Text;

namespace Imputation.Analyses;

/// <summary>Why pooled quantities have no interval.</summary>
internal static class NoInterval
{
    private const int MostNamed = 6;

    /// <summary>A warning that names the quantities without an interval; null where all have one.</summary>
    /// <param name="quantities">Names and quantities.</param>
    public static Finding? Of(IEnumerable<(string Name, PooledEstimate Pooled)> quantities)
    {
        (string Name, PooledEstimate Pooled)[] without = [.. quantities.Where(q => !q.Pooled.HasInterval)];
        return without.Length == 0 ? null : new Finding(FindingSeverity.Warning, "too-few-degrees-of-freedom",
            $"There is no interval and no p-value for {TextFormat.Names(without.Select(q => q.Name), MostNamed)}: the imputations say too "
                + "little about " + (without.Length == 1 ? "it." : "them."), [],
            "Use more rows or fewer predictors; more imputations help little. A ridge prior or auxiliary columns can restore information.")
        {
            Evidence = TextFormat.List(without, MostNamed, q => $"{TextFormat.Name(q.Name)}: {Reason(q.Pooled)}"),
        };
    }

    /// <summary>0.6 degrees of freedom, and at least 1 is needed.</summary>
    public static string Reason(PooledEstimate pooled) =>
        $"{TextFormat.Number(pooled.DegreesOfFreedom, 2)} degrees of freedom, and at least 1 is needed";
}
