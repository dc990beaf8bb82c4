using System.Reflection;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Files.Resuming;
using Imputation.Parquet;
using Imputation.ParquetNet;
using Imputation.Reports;
using Imputation.Tests.Cli;
using Imputation.Tests.Files.Spss;
using Imputation.Tests.Reports;

namespace Imputation.Tests.Files;

/// <summary>A disk that fills up after any number of bytes, for every writer: an error of the file, and nothing of it stays.</summary>
public sealed class FullDiskTests : IDisposable
{
    /// <summary>Outputs up to this length are tried with every number of bytes.</summary>
    private const int Small = 1200;

    private static readonly Table s_table = Csv.Read("a,b,c,t\n1,2,5,x\nNA,3,1,y\n4,NA,2,x\n2,2.5,NA,z\n3,1,7,x\n6,4,4,NA\n5,2,3,x\n"
        + "2,NA,1,y\n4,4,6,x\n1,1,NA,x\n");

    private static readonly Lazy<Dictionary<string, Action<Stream>>> s_writers = new(Writers);

    private readonly Scratch _scratch = new();

    public static TheoryData<string> Names => [.. s_writers.Value.Keys];

    public void Dispose() => _scratch.Dispose();

    private static Dictionary<string, Action<Stream>> Writers()
    {
        ImputationResult done = s_table.Impute(new NormalOptions { Prior = CovariancePrior.Ridge(1) });
        Table typed = Table.FromArray(["a", "b"], new double[,] { { 1, 2.5 }, { 3, 4 }, { 5, 6 } });
        ImputationSet set = Set();
        IReadOnlyList<PooledTerm> terms = [.. set.Analyze("a ~ b").Coefficients.Names.Select((name, k) =>
            new PooledTerm(name, set.Analyze("a ~ b").Coefficients.Coefficients[k]))];
        ImputationSet chains = s_table.ImputeMultiple(new MultipleOptions
        {
            Count = 2,
            Method = MultipleMethod.DataAugmentation,
            Model = new NormalOptions { Prior = CovariancePrior.Ridge(1) },
            DataAugmentation = new DataAugmentationOptions { ChainCount = 2, BurnIn = 10, Thinning = 5 },
        }, new RunOptions { Seed = 1 });
        chains.Make(0);
        DiagnosticReport report = FabricatedReport.Of(FabricatedReport.Wide(30, 3));
        DiagnosticReport described = s_table.Diagnose();
        ITableFormat net = new ParquetFormat(ParquetNetEngine.Instance);
        ImputationResult latent = s_table.Impute(new LatentNormalOptions());
        Table Spss(string file) => SpssFiles.Read(SpssFiles.Bytes(file))
            .Impute(new NormalOptions { Prior = CovariancePrior.Ridge(1) }).Table;
        Table spss = Spss("pspp-none.sav"), bytes = Spss("haven-byte.sav"), zlib = Spss("pspp-zlib.zsav");
        MixtureChoice mixtures = NormalMixture.Choose(s_table, 1, 2, options: new NormalMixtureOptions { Restarts = 5 });
        double[,] shares = mixtures.Best.Responsibilities(s_table);
        TableWriteOptions gzip = new() { Compression = TableCompression.Gzip };
        return new Dictionary<string, Action<Stream>>
        {
            ["CsvTable, its own bytes"] = stream => CsvTable.Write(stream, done.Table),
            ["CsvTable"] = stream => CsvTable.Write(stream, typed),
            ["CsvTable, zipped"] = stream => CsvTable.Write(stream, typed, gzip),
            ["CsvTable, its own bytes, zipped"] = stream => CsvTable.Write(stream, done.Table, gzip),
            ["SpssTable"] = stream => SpssTable.Write(stream, spss),
            ["SpssTable, bytes"] = stream => SpssTable.Write(stream, bytes),
            ["SpssTable, zlib"] = stream => SpssTable.Write(stream, zlib),
            ["ParquetTable"] = stream => ParquetTable.Write(stream, done.Table),
            ["ParquetTable by Parquet.Net"] = stream => net.Write(stream, done.Table, TableWriteOptions.Default, CancellationToken.None),
            ["StackedImputations"] = stream => StackedImputations.Write(stream, set, new CsvFormat(), includeOriginal: true),
            ["StackedImputations as Parquet"] = stream => StackedImputations.Write(stream, set, new ParquetFormat()),
            ["StackedImputations by Parquet.Net"] = stream => StackedImputations.Write(stream, set, net),
            ["ModelFile"] = stream => ModelFile.Write(stream, done.Fit),
            ["ModelFile, latent"] = stream => ModelFile.Write(stream, latent.Fit),
            ["CodebookFile"] = stream => CodebookFile.Write(stream, CodebookProposal.Of(s_table)),
            ["ProbabilitiesFile"] = stream => ProbabilitiesFile.Write(stream, latent.Probabilities),
            ["StackedImputations, zipped"] = stream => StackedImputations.Write(stream, set, new CsvFormat(), gzip),
            ["SegmentsFile"] = stream => SegmentsFile.Write(stream, new[,] { { 0.9, 0.1 }, { 0.25, 0.75 } }),
            ["LedgerFile"] = stream => LedgerFile.Write(stream, done.Cells),
            ["TracesFile"] = stream => TracesFile.Write(stream, chains.Chains!.Traces),
            ["PooledFile"] = stream => PooledFile.Write(stream, terms),
            ["ReportPage"] = stream => ReportPage.Write(stream, report, new ReportHeading("t.csv")),
            ["MixturePage"] = stream => MixturePage.Write(stream, s_table, mixtures, shares, new ReportHeading("t.csv")),
            ["RunReport"] = stream => RunReport.Write(stream, done, FillOptions.Default, new RunOptions()),
            ["MultipleReport"] = stream => MultipleReport.Write(stream, set, 6, 0, null, null),
            ["AnalysisReport"] = stream => AnalysisReport.Write(stream, set.Analyze("a ~ b"), set),
            ["PooledReport"] = stream => PooledReport.Write(stream, terms),
            ["DiagnosticsJson"] = stream => DiagnosticsJson.Write(stream, described),
            ["DescriptionReport"] = stream => DescriptionReport.Write(stream, TableDescription.Of(described.Context), described),
        };
    }

    /// <summary>A writer that comes anew is tried too.</summary>
    [Fact]
    public void EveryWriter_IsTried()
    {
        string[] writers = [.. new[] { typeof(CsvTable), typeof(ParquetTable), typeof(ParquetNetEngine), typeof(ReportPage) }
            .SelectMany(of => of.Assembly.GetExportedTypes()).Where(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Any(method => method.Name == "Write" && method.GetParameters()[0].ParameterType == typeof(Stream)))
            .Select(type => type.Name)];
        Assert.Equal(writers.Order(), s_writers.Value.Keys.Select(key => key.Split(' ', ',')[0]).Distinct().Order());
    }

    private static ImputationSet Set(int threads = 0) => s_table.ImputeMultiple(
        new MultipleOptions { Count = 4, Model = new NormalOptions { Prior = CovariancePrior.Ridge(1) } },
        new RunOptions { Seed = 1, Threads = threads });

    /// <summary>Every number of bytes that is too small; of a long output some, and the last ones.</summary>
    private static IEnumerable<int> Rooms(long length, int step) =>
        Enumerable.Range(0, (int)length).Where(room => room % step == 0 || room >= length - 12);

    [Theory, MemberData(nameof(Names))]
    public void Writers_FailWithTheDisksError_AndLeaveNothing(string name)
    {
        Action<Stream> write = s_writers.Value[name];
        using var whole = new MemoryStream();
        write(whole);
        string path = _scratch.Write("out", "as it was");
        int length = (int)whole.Length, step = length <= Small ? 1 : length / 150;
        foreach (int room in Rooms(length, step))
        {
            // A writer may not hide the error by itself either: a caller's own stream has nobody who remembers it.
            IOException raw = Assert.ThrowsAny<IOException>(() => write(new FullDisk(room).Medium(new MemoryStream())));
            Assert.Equal(28, raw.HResult & 0xFFFF);

            OutputException e = Assert.Throws<OutputException>(() => AtomicFile.Write(path, write, new FullDisk(room).Medium));
            Assert.Equal($"'{path}' cannot be written: the disk is full; free some space or name another place.", e.Message);
            Assert.Equal(["out"], _scratch.Names);
            Assert.Equal("as it was", File.ReadAllText(path));
        }
        Assert.Throws<OutputException>(() => AtomicFile.Write(path, write, new FullDisk(length - 1) { FailsLate = true }.Medium));
        Assert.Throws<OutputException>(() => AtomicFile.Write(_scratch.Path("new"), write, new FullDisk(length / 2).Medium));
        Assert.Equal(["out"], _scratch.Names);
        Assert.Equal("as it was", File.ReadAllText(path));
        AtomicFile.Write(path, write, new FullDisk(length).Medium);
        Assert.Equal(whole.ToArray(), File.ReadAllBytes(path));
    }

    [Fact]
    public void AWriterThatHidesTheError_IsNotTakenForDone()
    {
        string path = _scratch.Write("out", "as it was");
        using (AtomicFile file = AtomicFile.Create(path, new FullDisk(3).Medium))
        {
            try
            {
                file.Stream.Write("abcdef"u8);
            }
            catch (IOException)
            {
                // As a library might.
            }
            Assert.Throws<OutputException>(() => file.Stream.Write("g"u8));
            Assert.Contains("the disk is full", Assert.Throws<OutputException>(file.Commit).Message);
        }
        Assert.Contains("the disk is full", Assert.Throws<OutputException>(() => AtomicFile.Write(path, stream =>
        {
            try
            {
                stream.Write("abcdef"u8);
            }
            catch (IOException e)
            {
                throw new InvalidOperationException("something else", e);
            }
        }, new FullDisk(3).Medium)).Message);
        Assert.Equal(["out"], _scratch.Names);
        Assert.Equal("as it was", File.ReadAllText(path));
    }

    [Fact]
    public void AManifest_IsAsItWas()
    {
        string path = _scratch.Write("m.json", "as it was");
        var manifest = new ImputationManifest(new Dictionary<string, string> { ["seed"] = "1" }, [new(1, "f.csv", 10, "ab")]);
        using var whole = new MemoryStream();
        var all = new FullDisk(long.MaxValue);
        manifest.Write(_scratch.Path("whole"), all.Medium);
        for (int room = 0; room < all.Written; room++)
            Assert.Throws<OutputException>(() => manifest.Write(path, new FullDisk(room).Medium));
        Assert.Equal("as it was", File.ReadAllText(path));
        Assert.Equal(["m.json", "whole"], _scratch.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Imputations_ThatAreFinishedStay_AndAreNamed_AndTheRunCanBeResumed(bool stacked)
    {
        string At(string folder, string name = "") => Path.Combine(_scratch.Path(folder), name);
        var settings = new Dictionary<string, string> { ["seed"] = "1" };
        IImputationStore Store(string folder, long room, out FullDisk disk)
        {
            disk = new FullDisk(room);
            if (stacked) Directory.CreateDirectory(_scratch.Path(folder));
            return stacked ? new StackedImputations(At(folder, "all.csv"), new CsvFormat(), settings) { Medium = disk.Medium }
                : new ImputationFolder(At(folder), "t", new CsvFormat(), settings) { Medium = disk.Medium };
        }
        Dictionary<string, string> Contents(string folder) => Directory.Exists(At(folder))
            ? new DirectoryInfo(At(folder)).EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = 0 })
                .ToDictionary(f => f.Name, f => File.ReadAllText(f.FullName)) : [];

        IImputationStore reference = Store("whole", long.MaxValue, out FullDisk all);
        reference.Write(Set());
        Dictionary<string, string> whole = Contents("whole");
        Assert.Equal(whole.Keys.Order(), reference.FilesLeft.Select(f => Path.GetFileName(f)!).Order());
        int most = 0;
        foreach (int room in Rooms(all.Written, 23))
        {
            IImputationStore store = Store("r", room, out _);
            OutputException e = Assert.Throws<OutputException>(() => store.Write(Set(threads: 1 + room % 2)));
            Assert.Contains("the disk is full", e.Message);
            Dictionary<string, string> left = Contents("r");
            Assert.Equal(left.Keys.Order(), store.FilesLeft.Select(f => Path.GetFileName(f)!).Order());
            most = Math.Max(most, store.FinishedCount);
            if (store.FinishedCount == 0)
            {
                Assert.Empty(left);
                Assert.Equal(stacked, Directory.Exists(At("r"))); // the folder was the run's own
            }
            foreach ((string name, string text) in left.Where(f => !f.Key.EndsWith(".json", StringComparison.Ordinal)))
            {
                if (stacked) Assert.StartsWith(text, whole["all.csv"]);
                else Assert.Equal(whole[name], text);
                Assert.True(text.EndsWith('\n'), "a line is half written");
            }
            IImputationStore again = Store("r", long.MaxValue, out _);
            again.Resume();
            again.Write(Set());
            Assert.Equal(whole, Contents("r"));
            Directory.Delete(At("r"), recursive: true);
        }
        Assert.InRange(most, 3, 4);
    }

    /// <summary>The files of a command: all of them, or none.</summary>
    [Fact]
    public void FilesOfACommand_ComeTogetherOrNotAtAll()
    {
        int length = 0;
        for (int room = 0; ; room++)
        {
            File.WriteAllText(_scratch.Path("table"), "as it was");
            var disk = new FullDisk(room);
            using var outputs = new Outputs { Medium = disk.Medium };
            outputs.Plan("--out", "table", _scratch.Path("table"));
            outputs.Plan("--ledger", "ledger", _scratch.Path("ledger"));
            outputs.Check();
            outputs.Fill("--out", stream => CsvTable.Write(stream, s_table));
            outputs.Fill("--ledger", stream => stream.Write("row,column\n"u8));
            if (room == 0 || room < length)
            {
                OutputException e = Assert.Throws<OutputException>(() => outputs.Commit(CancellationToken.None));
                Assert.DoesNotContain("Already written", e.Message);
                outputs.Dispose();
                Assert.Equal(["table"], _scratch.Names);
                Assert.Equal("as it was", File.ReadAllText(_scratch.Path("table")));
                if (room > 0) continue;
                using var whole = new MemoryStream();
                CsvTable.Write(whole, s_table);
                length = (int)whole.Length + "row,column\n".Length;
                continue;
            }
            outputs.Commit(CancellationToken.None);
            Assert.Equal(["ledger", "table"], _scratch.Names);
            return;
        }
    }
}
