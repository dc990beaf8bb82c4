using System.Globalization;
using Imputation.Benchmarks.Kernels;
using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Runs;
using Imputation.Benchmarks.Works;

const string Usage = """
    Imputation.Benchmarks: measures, and prints what it measured as lines of JSON. run.sh beside the sources runs it next to its peers.

      kernels [ARGS]             BenchmarkDotNet on the kernels, with its arguments
      data DIR [ROW...] [--small] writes the data files
      fits DIR [ROW...]          whole fits: fit-100k fit-2k fit-1m-24, mi-emb mi-da, slow-...,
                                 threads-fit-100k threads-fit-2k threads-file-1m; patterns, rows (--small)
      files DIR [ROW...]         the command impute, file to file: file-100k file-1m bfi version; file-10m
      coverage [--sets 1000] [--seed 1] [--rows 200] [--threads 0]
                                 whether 95 % intervals from incomplete data hold the truth in 95 % of samples
      intervals [--sets 1000] [--seed 1] [--threads 0]
                                 the same of filled cells, overimputation and slopes in small tables
      stream [ROWS] [MB]         fits rows that are made as they are read, by default 100,000,000 within 500 MB
      table                      reads such lines and prints the table
    """;

string[] rest = [.. args.Skip(1).Where(a => !a.StartsWith('-'))];
bool small = args.Contains("--small");
string[] Rows(params string[] all) => rest.Length > 1 ? rest[1..] : all;
try
{
    switch (args.FirstOrDefault())
    {
        case "kernels":
            KernelBenchmarks.Run([.. args.Skip(1)]);
            return 0;
        case "data" when rest.Length > 0:
            Directory.CreateDirectory(rest[0]);
            foreach (Work work in AllWorks.All.Where(w => rest.Length == 1 || rest[1..].Contains(w.Name)))
                WorkFile.Write(work, rest[0], small);
            return 0;
        case "fits" when rest.Length > 0:
            foreach (string row in Rows(["fit-100k", "fit-2k", "fit-1m-24", "mi-emb", "mi-da",
                .. AllWorks.Wide.Select(w => w.Name), .. AllWorks.Slow.Select(w => w.Name),
                "patterns", "rows", "threads-fit-100k", "threads-fit-2k", "threads-file-1m"]))
                foreach (Measurement measurement in FitRuns.Row(row, rest[0], small)) measurement.Print();
            return 0;
        case "files" when rest.Length > 0:
            foreach (string row in Rows("file-100k", "file-1m", "bfi", "version")) CommandRuns.Row(row, rest[0], small).Print();
            return 0;
        case "stream":
            StreamRuns.Row(long.Parse(rest.ElementAtOrDefault(0) ?? "100000000", CultureInfo.InvariantCulture),
                long.Parse(rest.ElementAtOrDefault(1) ?? "500", CultureInfo.InvariantCulture) << 20).Print();
            return 0;
        case "coverage":
            CoverageRuns.Run([.. args.Skip(1)]);
            return 0;
        case "intervals":
            PredictionRuns.Run([.. args.Skip(1)]);
            return 0;
        case "table":
            ResultTable.Print(Measurement.Read(Console.In.ReadToEnd().Split('\n')));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 1;
    }
}
catch (Exception e) when (e is ArgumentException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
