using System.Globalization;
using System.Text.RegularExpressions;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.ParquetNet;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Fuzzing;

/// <summary>Runs a case and says what was wrong with it.</summary>
/// <remarks>Right is: what the library cannot read it refuses with one type of exception, and the command with the same message and exit
/// code 3; what it reads is filled, or refused with a printable message; it takes little time and memory; nothing unfinished stays; and
/// only missing cells have changed.</remarks>
internal static class FuzzRun
{
    /// <summary>A case takes milliseconds; on a machine under load, seconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Bytes allocated, freed ones included, while a file of some kilobytes is read, fitted and written; a fit of categories takes
    /// most of them.</summary>
    private const long MostBytes = 2L << 30;

    /// <summary>Characters of a message: a cell of 60,000 is not repeated to the user, nor a dozen of them.</summary>
    private const int LongestMessage = 10_000;

    /// <summary>Null where all is right.</summary>
    public static string? Fault(FuzzCase fuzz)
    {
        using var scratch = new Scratch();
        Write(fuzz, scratch.Folder);
        string[] arguments = fuzz.ArgumentsIn(scratch.Folder);
        try
        {
            (Table? read, string? refusal, TableReadOptions reading) = (null, null, fuzz.Reading);
            Guard("reading", () =>
            {
                try
                {
                    if (fuzz.Codebook is { } codebook)
                        reading = reading with { Codebook = CodebookFile.Read(scratch.Path($"in/{codebook}")) };
                    read = Read(fuzz, scratch.Path($"in/{fuzz.Table}"), reading);
                }
                catch (ImputationDataException e)
                {
                    refusal = e.Message;
                }
            });
            CommandRun run = CommandInProcess.Run(arguments, s_patience);
            return Printing(run) ?? Ending(fuzz, run, refusal, scratch.Path("out"))
                ?? (run.Code is 0 or 4 && fuzz.Completed is { } completed && read is not null
                    ? Changes(fuzz, reading, read, scratch.Path($"out/{completed}")) : null);
        }
        catch (Exception e)
        {
            return e is TimeoutException ? e.Message : $"the library throws {e}";
        }
    }

    /// <summary>The case as files in a folder, and a script that runs it.</summary>
    public static void Write(FuzzCase fuzz, string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        Directory.CreateDirectory(Path.Combine(folder, "out"));
        foreach ((string name, byte[] bytes) in fuzz.Files) File.WriteAllBytes(Path.Combine(folder, "in", name), bytes);
    }

    private static Table Read(FuzzCase fuzz, string path, TableReadOptions reading)
    {
        using FileStream stream = File.OpenRead(path);
        return fuzz.Table.EndsWith(".parquet", StringComparison.Ordinal) ? ParquetTable.Read(stream, path, reading, Engine(fuzz))
            : CsvTable.Read(stream, path, reading);
    }

    private static ParquetEngine Engine(FuzzCase fuzz) => fuzz.Arguments.Contains("parquet.net") ? ParquetNetEngine.Instance
        : ParquetEngine.BuiltIn;

    private static void Guard(string what, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(s_patience)) throw new TimeoutException($"{what} has not ended after {s_patience}");
        if (failure is not null) throw new InvalidOperationException($"{what}: {failure.GetType().Name}", failure);
    }

    private static string? Printing(CommandRun run)
    {
        if (run.AllocatedBytes > MostBytes) return $"{run.AllocatedBytes:N0} bytes allocated";
        foreach (string text in (string[])[run.Output, run.Error])
        {
            if (Regex.Match(text, @"(?m)^\s+at \S+\(|Exception|\(Parameter '|internal error") is { Success: true } match)
                return $"prints '{match.Value}': {text[..Math.Min(400, text.Length)]}";
            if (Regex.Match(text, @"[\p{Cc}-[\n\r]]") is { Success: true } control)
                return $"prints the control character U+{(int)control.Value[0]:X4}: {text[..Math.Min(400, text.Length)]}";
        }
        return run.Error.Length > LongestMessage ? $"prints {run.Error.Length:N0} characters on standard error" : null;
    }

    private static string? Ending(FuzzCase fuzz, CommandRun run, string? refusal, string output)
    {
        string said = $"\n--- exit code {run.Code}; standard error:\n{run.Error}";
        string[] left = [.. Directory.EnumerateFileSystemEntries(output).Select(path =>
            Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        if (run.Code is 0 or 4)
        {
            // 'describe' reads what the others refuse, and says so in its first finding.
            if (refusal is not null && fuzz.Arguments[0] != "describe")
                return $"the library refuses what the command accepts: {refusal}{said}";
            string[] planned = [.. fuzz.Arguments.Where(a => a.StartsWith("out/", StringComparison.Ordinal)).Select(a => a[4..])
                .Order(StringComparer.Ordinal)];
            return left.SequenceEqual(planned) ? null : $"wrote {string.Join(", ", left)} instead of {string.Join(", ", planned)}{said}";
        }
        if (!(run.Code == 3 || (run.Code == 5 && fuzz.Arguments.Contains("--strict")) || (run.Code == 2 && MayBeUsage(fuzz, run))))
            return $"exit code {run.Code}{said}";
        if (!Regex.IsMatch(run.Error, @"\Aimpute: \S.{10,}", RegexOptions.Singleline)) return $"no message{said}";
        // 'describe' reads on behind what the others refuse, and may meet another error.
        if (refusal is not null && run.Code == 3 && fuzz.Arguments[0] != "describe"
            && !Plain(run.Error).Contains(Plain(refusal), StringComparison.Ordinal))
            return $"the library refuses with another message: {refusal}{said}";
        return left.Length == 0 ? null : $"left {string.Join(", ", left)} behind{said}";
    }

    /// <summary>Where columns are named, and where the table seems to be one of stacked imputations.</summary>
    private static bool MayBeUsage(FuzzCase fuzz, CommandRun run) =>
        fuzz.NamesColumns || run.Error.Contains(".imp", StringComparison.Ordinal);

    /// <summary>Letters and digits: blanks may stand for control characters.</summary>
    private static string Plain(string text) => Regex.Replace(Regex.Replace(text, @"\\u([0-9a-f]{4})", ""), @"[^\p{L}\p{N}]+", "");

    /// <summary>What differs between the table and the completed one, besides cells that were missing.</summary>
    private static string? Changes(FuzzCase fuzz, TableReadOptions reading, Table before, string path)
    {
        Table after;
        try
        {
            after = path.EndsWith(".parquet", StringComparison.Ordinal) ? ParquetTable.Read(path, null, Engine(fuzz))
                : CsvTable.Read(path, fuzz.Table.EndsWith(".csv", StringComparison.Ordinal) ? reading : null);
        }
        catch (ImputationDataException e)
        {
            return $"the completed table cannot be read: {e.Message}";
        }
        string[] names = [.. before.Columns.Select(c => c.Name)];
        if (!names.SequenceEqual(after.Columns.Select(c => c.Name)) || before.RowCount != after.RowCount)
            return $"{before.RowCount} rows of {string.Join(", ", names)} became {after.RowCount} of "
                + string.Join(", ", after.Columns.Select(c => c.Name));
        // Dates, bytes and long integers have another text in CSV.
        bool sameFormat = Path.GetExtension(path) == Path.GetExtension(fuzz.Table);
        foreach (Column column in before.Columns)
            for (int row = 0; row < column.Count; row++)
            {
                object? was = column.Value(row), now = after[column.Name].Value(row);
                bool filled = was is null or double.NaN;
                if (filled && column is NumericColumn ? now is double value && double.IsInfinity(value)
                    : !filled && (sameFormat || column is NumericColumn) && !Same(was, now))
                    return $"row {row + 1} of '{column.Name}': {was ?? "missing"} became {now ?? "missing"}";
            }
        return null;
    }

    /// <summary>Whether two cells hold the same. A column of numbers is text where one of them is beyond 2^53 and the column was not asked
    /// for by name, before or after.</summary>
    internal static bool Same(object? a, object? b) => (a, b) switch
    {
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (string, string) => Equals(a, b),
        _ => Equals(a, b) || (Number(a) is { } x && Number(b) == x),
    };

    private static double? Number(object? value) => value switch
    {
        string text => double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : null,
        DateTime or null => null,
        IConvertible number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
        _ => null,
    };
}
