using System.Text.Json;
using Imputation.Files.Json;

namespace Imputation.Reports.Json;

/// <summary>The chains of data augmentation as JSON: their schedule, the prior, and their convergence diagnostics.</summary>
internal static class ChainsWriter
{
    /// <summary>A member "chains"; null where none have run.</summary>
    public static void Write(Utf8JsonWriter json, DataAugmentationResult? chains)
    {
        if (chains is null)
        {
            json.WriteNull("chains");
            return;
        }
        json.WriteStartObject("chains");
        json.WriteNumber("count", chains.ChainCount);
        json.WriteNumber("burnIn", chains.BurnIn);
        json.WriteNumber("thinning", chains.Thinning);
        json.WriteNumber("iterations", chains.IterationCount);
        JsonText.Number(json, "rate", chains.ConvergenceRate);
        json.WriteString("prior", chains.Prior.ToString());
        JsonText.Number(json, "largestRHat", chains.LargestRHat);
        JsonText.Lines(json, "parameters", chains.Traces.GroupBy(t => t.Kind), (line, traces) =>
        {
            DataAugmentationTrace[] moving = [.. traces.Where(t => !double.IsNaN(t.RHat))];
            (DataAugmentationTrace Trace, double Alike)[] alike = [.. traces.Select(t => (t, t.Autocorrelation(chains.Thinning)))
                .Where(a => !double.IsNaN(a.Item2))];
            line.WriteStartObject();
            line.WriteString("kind", JsonText.Of(traces.Key));
            line.WriteNumber("count", traces.Count());
            Extreme(line, "largestRHat", "ofLargestRHat", moving.MaxBy(t => t.RHat), t => t.RHat);
            Extreme(line, "largestAutocorrelation", "ofLargestAutocorrelation", alike.DefaultIfEmpty().MaxBy(a => a.Alike).Trace,
                t => t.Autocorrelation(chains.Thinning));
            Extreme(line, "fewestEffectiveDraws", "ofFewestEffectiveDraws", moving.MinBy(t => t.EffectiveDrawCount),
                t => t.EffectiveDrawCount);
            line.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void Extreme(Utf8JsonWriter line, string name, string of, DataAugmentationTrace? trace,
        Func<DataAugmentationTrace, double> value)
    {
        JsonText.Number(line, name, trace is null ? double.NaN : value(trace));
        if (trace is not null && trace.First >= 0) line.WriteString(of, trace.Name);
    }
}
