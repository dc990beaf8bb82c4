using System.Globalization;
using System.Text;
using Imputation.Cli.Output;
using Imputation.Files;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Imputation.Cli;

/// <summary>Does with a small table what the command is about to do with the user's.</summary>
/// <remarks>Of half a second that a file of 100,000 rows takes, half goes into loading and compiling what is used for the first time, one
/// thing after the other. With a processor to spare some of that is done while the command is still reading its arguments and its file.</remarks>
internal static class Rehearsal
{
    private const int Columns = 8, Rows = 150;

    /// <summary>Begins, and does not wait.</summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1) _ = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default); // a thread of the pool takes longer to come
    }

    /// <summary>Reads, imputes, writes and tells; returns what came of it.</summary>
    public static ImputationResult Run()
    {
        LinearAlgebraControl.UseManaged(); // or it would go and look for native libraries, which this program does not have
        using var file = new MemoryStream(File());
        Table table = CsvTable.Read(file, "rehearsal");
        ImputationResult done = table.Impute();
        CsvTable.Write(Stream.Null, done.Table);
        Tell(table, done);
        return done;
    }

    /// <summary>To nobody: the console itself is left alone, which would send a terminal its codes even where nothing is to be printed.</summary>
    private static void Tell(Table table, ImputationResult done)
    {
        var account = new Summary(TextWriter.Null, width: 80, wraps: false);
        FillSummary.Input(account, "rehearsal", table);
        FitSummary.Columns(account, done.ColumnUses);
        FitSummary.Fit(account, done.Fit, CovariancePrior.None);
        FitSummary.Findings(account, [.. done.Fit.Findings, .. done.Findings]);
        FillSummary.Fills(account, done, FillMethod.Mean);
        FillSummary.Files(account, [new OutputFile("completed table", "rehearsal")]);
    }

    /// <summary>Columns that go together, with cells missing here and there.</summary>
    private static byte[] File()
    {
        var text = new StringBuilder();
        for (int j = 0; j < Columns; j++) text.Append(j == 0 ? "" : ",").Append('x').Append(j);
        for (int i = 0; i < Rows; i++)
        {
            text.Append('\n');
            for (int j = 0; j < Columns; j++)
            {
                text.Append(j == 0 ? "" : ",");
                if ((i * Columns + j) * 7 % 31 > 5) text.Append(CultureInfo.InvariantCulture, $"{10 * Math.Sin(i) + 5 * Math.Sin(i * (j + 1.5)):F3}");
            }
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
