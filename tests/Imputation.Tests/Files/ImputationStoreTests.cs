using Imputation.Files;
using Imputation.Parquet;
using Imputation.ParquetNet;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Files;

/// <summary>Imputations that are kept as they are finished, without the command.</summary>
public sealed class ImputationStoreTests : IDisposable
{
    private const int Count = 6;

    private static readonly Dictionary<string, string> s_settings = new() { ["data"] = "airquality", ["seed"] = "5" };

    private static readonly Table s_table = CsvTable.Read(Repository.Example("airquality.csv"));

    private readonly Scratch _scratch = new();

    public static TheoryData<string> Formats => ["csv", "parquet"];

    public void Dispose() => _scratch.Dispose();

    private static ImputationSet Set(int count = Count, int threads = 0) =>
        s_table.ImputeMultiple(new MultipleOptions { Count = count }, new RunOptions { Seed = 5, Threads = threads });

    private static ITableFormat Format(string name) => name == "csv" ? new CsvFormat() : new ParquetFormat();

    private ImputationFolder Folder(string name, string format = "csv", Dictionary<string, string>? settings = null) =>
        new(_scratch.Path(name), "air", Format(format), settings ?? s_settings);

    private StackedImputations Stacked(string name, bool includeOriginal = true, Dictionary<string, string>? settings = null) =>
        new(_scratch.Path(name), new CsvFormat(), settings ?? s_settings, includeOriginal: includeOriginal);

    /// <summary>Writes until some imputations are finished, then cancels.</summary>
    private static void Interrupt(IImputationStore store, int after, int threads)
    {
        using var source = new CancellationTokenSource();
        int made = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => store.Write(Set(threads: threads), (_, _) =>
        {
            if (Interlocked.Increment(ref made) > after) source.Cancel();
        }, source.Token));
        Assert.InRange(store.FinishedCount, 1, Count - 1);
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(f => Path.GetFileName(f)!, f => Convert.ToHexString(File.ReadAllBytes(f)));

    [Theory, MemberData(nameof(Formats))]
    public void AFolder_ThatIsInterruptedAndResumed_HasTheBytesOfOneThatWasNot(string format)
    {
        Folder("whole", format).Write(Set());
        ImputationFolder first = Folder("resumed", format);
        Interrupt(first, 3, threads: 1);
        Assert.Equal(3, first.FinishedCount);

        ImputationFolder second = Folder("resumed", format);
        second.Resume();
        var made = new List<int>();
        second.Write(Set(), (k, _) =>
        {
            lock (made) made.Add(k);
        });
        Assert.Equal((3, Count), (second.KeptCount, second.FinishedCount));
        Assert.Equal([3, 4, 5], made.Order());
        Assert.Equal(Contents(_scratch.Path("whole")), Contents(_scratch.Path("resumed")));
        Assert.Equal([.. second.FileNames, "air.imputations.json"], Contents(_scratch.Path("resumed")).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Set(1)[0].Table.Columns.Select(Values),
            Format(format).Read(Path.Combine(second.Path, second.FileNames[0]), TableReadOptions.Default).Columns.Select(Values));
    }

    [Fact]
    public void AStackedFile_ThatIsInterruptedAndResumed_HasTheBytesOfOneThatWasNot()
    {
        Stacked("whole.csv").Write(Set());
        StackedImputations first = Stacked("resumed.csv");
        Interrupt(first, 3, threads: 1);
        Assert.Equal(["resumed.csv.partial", "resumed.csv.partial.json", "whole.csv"], _scratch.Names);

        File.AppendAllText(_scratch.Path("resumed.csv.partial"), "4,1,half a li"); // as a power cut would leave it
        StackedImputations second = Stacked("resumed.csv");
        second.Resume();
        int made = 0;
        second.Write(Set(), (_, _) => made++);
        Assert.Equal((first.FinishedCount, Count), (second.KeptCount, second.FinishedCount));
        Assert.Equal(Count - first.FinishedCount, made);
        Assert.Equal(File.ReadAllText(_scratch.Path("whole.csv")), File.ReadAllText(_scratch.Path("resumed.csv")));
        Assert.Equal(["resumed.csv", "whole.csv"], _scratch.Names);
    }

    [Fact]
    public void AStackedFile_IsWhatTheStreamGets()
    {
        Stacked("file.csv").Write(Set());
        using var stream = new MemoryStream();
        StackedImputations.Write(stream, Set(), new CsvFormat(), includeOriginal: true);
        Assert.Equal(File.ReadAllBytes(_scratch.Path("file.csv")), stream.ToArray());
    }

    /// <summary>Through the seam of formats: every format holds the same numbers, and the library takes them apart again.</summary>
    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("parquet.net")]
    public void StackedImputations_AreTakenApartAgain(string format)
    {
        ITableFormat way = format == "parquet.net" ? new ParquetFormat(ParquetNetEngine.Instance) : Format(format);
        using var stream = new MemoryStream();
        ImputationSet set = Set(2);
        StackedImputations.Write(stream, set, way, includeOriginal: true);
        stream.Position = 0;
        LongImputations apart = LongImputations.Of(way.Read(stream, "stacked", TableReadOptions.Default));
        Assert.Equal(2, apart.Count);
        Assert.Equal(s_table.Columns.Select(Values), apart.Incomplete!.Columns.Select(Values));
        for (int k = 0; k < 2; k++) Assert.Equal(set[k].Table.Columns.Select(Values), apart[k].Columns.Select(Values));
    }

    [Theory]
    [InlineData("seed", "6", "seed was 5 and is 6 now")]
    [InlineData("prior", "ridge:1", "prior was not given and is ridge:1 now")]
    public void AnotherRunsSettings_AreRefusedByName_AndNothingIsTouched(string name, string value, string difference)
    {
        Dictionary<string, string> others = new(s_settings) { [name] = value };
        Folder("folder").Write(Set(2));
        Dictionary<string, string> before = Contents(_scratch.Path("folder"));
        OtherRunException refused = Assert.Throws<OtherRunException>(Folder("folder", settings: others).Resume);
        Assert.Equal((difference, _scratch.Path("folder/air.imputations.json")), (refused.Difference, refused.Manifest));
        Assert.Contains(difference, refused.Message);
        Assert.Equal(before, Contents(_scratch.Path("folder")));

        Interrupt(Stacked("stacked.csv"), 2, threads: 1);
        Assert.Equal(difference, Assert.Throws<OtherRunException>(Stacked("stacked.csv", settings: others).Resume).Difference);
        Assert.Contains("imputation 0 was yes and is no now",
            Assert.Throws<OtherRunException>(Stacked("stacked.csv", includeOriginal: false).Resume).Message);
    }

    [Fact]
    public void WithoutResume_ARunBeginsAnew()
    {
        Interrupt(Folder("folder"), 2, threads: 1);
        ImputationFolder anew = Folder("folder");
        int made = 0;
        anew.Write(Set(), (_, _) => Interlocked.Increment(ref made));
        Assert.Equal((0, Count), (anew.KeptCount, made));
    }

    [Fact]
    public void WhereNothingIsThere_ResumingIsBeginning()
    {
        ImputationFolder folder = Folder("new");
        folder.Resume();
        Assert.False(Directory.Exists(folder.Path));
        folder.Write(Set(2));
        Assert.Equal((0, 2), (folder.KeptCount, folder.FinishedCount));
    }

    [Fact]
    public void ADamagedFile_IsMadeAgain()
    {
        Folder("folder").Write(Set(3));
        string second = _scratch.Path("folder/air.imp02.csv"), text = File.ReadAllText(second);
        File.WriteAllText(second, text.Replace('1', '2')); // of the same length
        ImputationFolder folder = Folder("folder");
        folder.Resume();
        folder.Write(Set(3));
        Assert.Equal(2, folder.KeptCount);
        Assert.Equal(text, File.ReadAllText(second));
    }

    [Fact]
    public void FilesOfOtherRuns_AreNamed_AndStay()
    {
        Folder("folder").Write(Set(4));
        _scratch.Write("folder/air.impression.csv", "x\n");
        _scratch.Write("folder/other.imp09.csv", "x\n");
        ImputationFolder folder = Folder("folder");
        folder.Write(Set(2));
        Assert.Equal(["air.imp03.csv", "air.imp04.csv"], folder.FilesOfOtherRuns());
        Assert.True(File.Exists(_scratch.Path("folder/air.imp04.csv")));
    }

    /// <summary>A manifest is a file that others may write: no name in it leads out of the folder.</summary>
    [Fact]
    public void AManifest_CannotNameFilesElsewhere()
    {
        Folder("folder").Write(Set(2));
        string manifest = _scratch.Path("folder/air.imputations.json"), kept = _scratch.Write("air.imp01.csv",
            File.ReadAllText(_scratch.Path("folder/air.imp01.csv")));
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"air.imp01.csv\"", "\"../air.imp01.csv\""));
        ImputationFolder folder = Folder("folder");
        folder.Resume();
        folder.Write(Set(2));
        Assert.Equal(1, folder.KeptCount);
        Assert.True(File.Exists(kept));
    }

    [Fact]
    public void WhatCannotBeResumed_IsRefusedAtOnce()
    {
        Assert.True(StackedImputations.CanResume("x.csv", new CsvFormat()));
        Assert.False(StackedImputations.CanResume("x.parquet", new ParquetFormat()));
        Assert.False(StackedImputations.CanResume("/dev/stdout", new CsvFormat()));
        Assert.Contains("parquet", Assert.Throws<ArgumentException>(() =>
            new StackedImputations("x.parquet", new ParquetFormat(), s_settings)).Message);
        Assert.Throws<NotSupportedException>(() =>
            new ParquetFormat().Append(Stream.Null, s_table, TableWriteOptions.Default, continues: true));
    }

    [Theory]
    [InlineData(".imp")]
    [InlineData(".id")]
    public void AColumnOfTheNamesThatAreAdded_IsRefused(string name)
    {
        var table = new Table([NumericColumn.Number(name, [1, 2, 3, 4]), NumericColumn.Number("x", [1, double.NaN, 2, 5])]);
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 2 });
        using var stream = new MemoryStream();
        Assert.Equal(name, Assert.Throws<ImputationDataException>(() => StackedImputations.Write(stream, set, new CsvFormat())).Column);
        Assert.Equal(0, stream.Length);
    }

    private static double[] Values(Column column) => ((NumericColumn)column).Values.ToArray();
}
