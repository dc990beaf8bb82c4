using CsvHelper;

namespace Imputation.Files;

/// <summary>The components of rows as CSV: one line per row, always with decimal points and comma delimiters.</summary>
public static class SegmentsFile
{
    /// <summary>Writes row, component, p1 to pk and margin, and leaves the stream open.</summary>
    /// <remarks>Rows and components are counted from 1, the largest component being 1. The margin is the largest probability less the
    /// next, 1 where there is one component: near 0 the row could as well belong to the other.</remarks>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="responsibilities">n × k, as <see cref="NormalMixtureFit.Responsibilities"/> has them.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, double[,] responsibilities, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(responsibilities);
        int k = responsibilities.GetLength(1);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
        foreach (string name in (string[])["row", "component", .. Enumerable.Range(1, k).Select(c => $"p{c}"), "margin"])
            writer.WriteField(name);
        writer.EndRecord();
        for (int row = 0; row < responsibilities.GetLength(0); row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            int best = NormalMixtureFit.MostProbable(responsibilities, row);
            double next = 0;
            for (int c = 0; c < k; c++)
                if (c != best) next = Math.Max(next, responsibilities[row, c]);
            writer.WriteField(row + 1, default);
            writer.WriteField(best + 1, default);
            for (int c = 0; c < k; c++) writer.WriteField(responsibilities[row, c], default);
            writer.WriteField(k == 1 ? 1 : responsibilities[row, best] - next, default);
            writer.EndRecord();
        }
        writer.Flush();
    }
}
