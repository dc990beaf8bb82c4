using Imputation.Benchmarks.Kernels;
using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Runs;
using Imputation.Benchmarks.Works;

const string Usage = """
    Imputation.Benchmarks: measures, and prints what it measured as lines of JSON. run.sh beside the sources runs it next to its peers.

      kernels [ARGS]             BenchmarkDotNet on the kernels, with its arguments
      data DIR [--small]         writes the data files
      fits DIR [ROW...]          whole fits: fit-100k fit-2k fit-1m-24, slow-..., threads-fit-100k threads-fit-2k; patterns, rows (--small)
      files DIR [ROW...]         the command impute, file to file: file-100k file-1m; bfi, version
      table                      reads such lines and prints the table
    """;

string[] rest = [.. args.Skip(1).Where(a => !a.StartsWith('-'))];
bool small = args.Contains("--small");
switch (args.FirstOrDefault())
{
    case "kernels":
        KernelBenchmarks.Run([.. args.Skip(1)]);
        return 0;
    case "data" when rest.Length == 1:
        Directory.CreateDirectory(rest[0]);
        foreach (Work work in AllWorks.All) WorkFile.Write(work, rest[0], small ? work.SmallRows : work.Rows);
        return 0;
    case "fits" when rest.Length > 0:
        foreach (string row in rest.Length > 1 ? rest[1..] : ["fit-100k", "fit-2k", "fit-1m-24", .. AllWorks.Slow.Select(w => w.Name), "patterns", "rows", "threads-fit-100k", "threads-fit-2k"])
        {
            IEnumerable<Measurement> measured = row switch
            {
                "patterns" => ScalingRuns.Patterns(small),
                "rows" => ScalingRuns.Rows(small),
                "threads-fit-100k" => FitRuns.Threads(AllWorks.Fit100K, rest[0]),
                "threads-fit-2k" => FitRuns.Threads(AllWorks.Fit2K, rest[0]),
                _ when AllWorks.Slow.FirstOrDefault(w => w.Name == row) is { } slow => FitRuns.Slow(slow, rest[0]),
                _ => [FitRuns.Fit(AllWorks.Named(row), rest[0])],
            };
            foreach (Measurement measurement in measured) measurement.Print();
        }
        return 0;
    case "files" when rest.Length > 0:
        foreach (string row in rest.Length > 1 ? rest[1..] : ["file-100k", "file-1m", "bfi", "version"])
        {
            Measurement measurement = row switch
            {
                "bfi" => CommandRuns.Survey(),
                "version" => CommandRuns.Version(),
                _ => CommandRuns.File(row, (CommandRuns.WorkOf(row) ?? throw new ArgumentException($"No row '{row}'.")).Path(rest[0]), 3),
            };
            measurement.Print();
        }
        return 0;
    case "table":
        ResultTable.Print(Measurement.Read(Console.In.ReadToEnd().Split('\n')));
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
