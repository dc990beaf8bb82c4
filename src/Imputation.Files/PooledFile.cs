using System.Globalization;
using CsvHelper;

namespace Imputation.Files;

/// <summary>Pooled quantities as CSV: one line each, with decimal points and the column names of R's packages.</summary>
public static class PooledFile
{
    private static readonly (string Name, Func<PooledEstimate, double> Value)[] s_numbers =
    [
        ("estimate", p => p.Estimate), ("std.error", p => p.StandardError), ("conf.low", p => p.Lower), ("conf.high", p => p.Upper),
            ("df", p => p.DegreesOfFreedom),
        ("statistic", p => p.Statistic()), ("p.value", p => p.PValue()), ("fmi", p => p.FractionOfMissingInformation),
            ("riv", p => p.RelativeIncrease), ("lambda", p => p.Lambda),
        ("within", p => p.Within), ("between", p => p.Between), ("total", p => p.Total), ("dfcom", p => p.CompleteDegreesOfFreedom),
    ];

    /// <summary>Writes term, estimate, std.error, conf.low, conf.high, df, statistic, p.value, fmi, riv, lambda, within, between, total,
    /// dfcom and m, before them y.level where terms have levels of the outcome, and leaves the stream open.</summary>
    /// <remarks>Statistic and p are against 0. Infinity is Inf, and a number that does not exist NA, as R reads them.</remarks>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="terms">The quantities.</param>
    /// <param name="delimiter">Field delimiter, an ASCII character. Default a comma.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, IEnumerable<PooledTerm> terms, char delimiter = ',', CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(terms);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = delimiter }, leaveOpen: true);
        PooledTerm[] all = [.. terms];
        bool levels = all.Any(term => term.Level is not null);
        writer.WriteRecord([.. levels ? ["y.level"] : (string[])[], "term", .. s_numbers.Select(n => n.Name), "m"]);
        foreach (PooledTerm term in all)
        {
            cancellation.ThrowIfCancellationRequested();
            if (levels) writer.WriteField(term.Level ?? "");
            writer.WriteField(term.Name);
            foreach ((_, Func<PooledEstimate, double> value) in s_numbers) writer.WriteField(Text(value(term.Pooled)));
            writer.WriteField(term.Pooled.ImputationCount, default);
            writer.EndRecord();
        }
        writer.Flush();
    }

    private static string Text(double value) =>
        double.IsNaN(value) ? "NA" : double.IsInfinity(value) ? value > 0 ? "Inf" : "-Inf"
            : value.ToString("R", CultureInfo.InvariantCulture);
}
