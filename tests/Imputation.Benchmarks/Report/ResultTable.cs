using System.Globalization;
using Imputation.Benchmarks.Runs;

namespace Imputation.Benchmarks.Report;

/// <summary>The table: ours, theirs and the ratio, one row for each comparison that was measured.</summary>
internal static class ResultTable
{
    /// <summary>Largest relative difference at which two log-likelihoods are the same.</summary>
    private const double Same = 1e-8;

    public static void Print(IReadOnlyList<Measurement> measured)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("| what | ours | against | theirs | ratio | target | log-likelihoods differ by |");
        Console.WriteLine("| --- | ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (Comparison c in Comparison.All)
        {
            Measurement[] ours = [.. measured.Where(m => m.Row == c.Row && m.Who == Measurement.Ours)];
            Measurement[] theirs = [.. measured.Where(m => m.Row == c.Row && m.Who != Measurement.Ours)];
            if (ours.Length > 0) Console.WriteLine(Line(c, ours, theirs));
        }
        Console.WriteLine();
        foreach (Measurement m in measured) Console.WriteLine(Detail(m));
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
    }

    /// <summary>One row; of several rounds the medians.</summary>
    private static string Line(Comparison c, Measurement[] ours, Measurement[] theirs)
    {
        Quantity ourQuantity = c.Ours ?? c.Quantity, theirQuantity = c.Theirs ?? c.Quantity;
        double our = Median(ours, ourQuantity), their = c.Limit ?? Median(theirs, theirQuantity);
        double ratio = Ratio(c, ours, theirs);
        bool isShort = c.AtMost ? ratio > c.Target : ratio < c.Target;
        string verdict = double.IsNaN(ratio) ? "–" : $"{ratio:0.0#}×{(isShort ? " (short)" : "")}";
        string target = c.Target is not { } t ? "" : c.AtMost ? $"at most {t}×" : $"{t}×";
        return $"| {c.What} | {Show(our, ourQuantity)} | {c.Against} | {Show(their, theirQuantity)} | {verdict} | {target} | "
            + $"{(c.Limit is null ? Agreement(ours, theirs) : "")} |";
    }

    /// <summary>Turns are compared one by one, since each met its own load of the machine; of their ratios the median.</summary>
    private static double Ratio(Comparison c, Measurement[] ours, Measurement[] theirs)
    {
        double[] ratios = [.. ours.Select((m, turn) =>
        {
            double? our = Comparison.Of(m, c.Ours ?? c.Quantity);
            double? their = c.Limit ?? (turn < theirs.Length ? Comparison.Of(theirs[turn], c.Theirs ?? c.Quantity) : null);
            return c.AtMost ? our / their : their / our;
        }).OfType<double>()];
        return ratios.Length == 0 ? double.NaN : Timing.Median(ratios);
    }

    private static string Agreement(Measurement[] ours, Measurement[] theirs)
    {
        if (ours[0].LogLikelihood is not { } our || theirs.Length == 0 || theirs[0].LogLikelihood is not { } their) return "";
        double difference = Math.Abs(our - their) / Math.Abs(our);
        return difference <= Same ? $"{difference:0.0e+0}" : $"{difference:0.0e+0}: NOT THE SAME, theirs is "
            + $"{(their > our ? "higher" : "lower")}";
    }

    private static double Median(Measurement[] runs, Quantity quantity)
    {
        double[] values = [.. runs.Select(m => Comparison.Of(m, quantity)).OfType<double>()];
        return values.Length == 0 ? double.NaN : Timing.Median(values);
    }

    private static string Show(double value, Quantity quantity) => (value, quantity) switch
    {
        (double.NaN, _) => "not measured",
        (_, Quantity.Evaluations) => $"{value:N0} E-steps",
        (_, Quantity.PeakBytes) => $"{value / 1e6:N0} MB",
        ( < 0.1, _) => $"{value * 1000:0.0} ms",
        _ => $"{value:0.000} s",
    };

    /// <summary>Everything else that is known of a run.</summary>
    private static string Detail(Measurement m)
    {
        var parts = new List<string>();
        void Add(string? text) { if (text is not null) parts.Add(text); }
        Add(m.Seconds is { } seconds ? Show(seconds, Quantity.Seconds) : null);
        Add(m.ProcessorSeconds is { } processor ? $"processor time {Show(processor, Quantity.Seconds)}" : null);
        Add(m.FirstSeconds is { } first ? $"first run {Show(first, Quantity.Seconds)}" : null);
        Add(m.PartSeconds is { } part ? $"{m.Part} {Show(part, Quantity.Seconds)}" : null);
        Add(m.Iterations is { } iterations ? $"{iterations:N0} iterations" : null);
        Add(m.Evaluations is { } evaluations ? $"{evaluations:N0} E-steps" : null);
        Add(m.Seconds is { } all && m.Evaluations is > 0 and { } count ? $"{all / count * 1000:0.00} ms for each, all included" : null);
        Add(m.Patterns is { } patterns ? $"{patterns:N0} patterns" : null);
        Add(m.Rate is { } rate ? $"rate {rate:0.000}" : null);
        Add(m.LogLikelihood is { } logLikelihood ? $"log-likelihood {logLikelihood:R}" : null);
        Add(m.MeanSum is { } mean ? $"means add to {mean:G10}" : null);
        Add(m.CovarianceSum is { } covariance ? $"covariances to {covariance:G10}" : null);
        Add(m.PeakBytes is { } bytes ? $"peak {Show(bytes, Quantity.PeakBytes)}" : null);
        Add(m.Trouble is { } trouble ? $"TROUBLE: {trouble}" : null);
        return $"{m.Row}, {m.Who}: {string.Join("; ", parts)}";
    }
}
