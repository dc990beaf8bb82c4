using Imputation.Benchmarks.Runs;
using Imputation.Benchmarks.Works;

const string Usage = """
    data DIR [--small]      write the data files
    fits DIR [ROW...]       fits of data files: fit-100k fit-2k fit-1m-24
    """;

string[] rest = [.. args.Skip(1).Where(a => !a.StartsWith('-'))];
switch (args.FirstOrDefault())
{
    case "data" when rest.Length == 1:
        Directory.CreateDirectory(rest[0]);
        foreach (Work work in AllWorks.All) WorkFile.Write(work, rest[0], args.Contains("--small") ? work.SmallRows : work.Rows);
        return 0;
    case "fits" when rest.Length > 0:
        foreach (string row in rest.Skip(1)) FitRuns.Fit(AllWorks.Named(row), rest[0]).Print();
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
