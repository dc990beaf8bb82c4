using System.Globalization;
using CsvHelper;

namespace Imputation.Files;

/// <summary>The traces of the chains of data augmentation as CSV: one line per value, including burn-in.</summary>
public static class TracesFile
{
    /// <summary>Writes iteration, chain, parameter and value, both counted from 1, and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="traces">The traces; null writes only the header.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, IReadOnlyList<DataAugmentationTrace> traces, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(traces);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
        writer.WriteRecord(["iteration", "chain", "parameter", "value"]);
        foreach (DataAugmentationTrace trace in traces)
        {
            for (int chain = 0; chain < trace.ChainCount; chain++)
            {
                cancellation.ThrowIfCancellationRequested();
                double[] values = trace.Values(chain);
                for (int t = 0; t < values.Length; t++)
                {
                    writer.WriteField(t + 1, default);
                    writer.WriteField(chain + 1, default);
                    writer.WriteField(trace.Name);
                    writer.WriteField(values[t].ToString("R", CultureInfo.InvariantCulture));
                    writer.EndRecord();
                }
            }
        }
        writer.Flush();
    }
}
