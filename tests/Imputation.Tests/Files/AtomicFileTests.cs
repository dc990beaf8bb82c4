using Imputation.Files;
using Xunit.Abstractions;

namespace Imputation.Tests.Files;

public sealed class AtomicFileTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("impute-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    /// <summary>Says why a test cannot run here.</summary>
    private bool Lacks(bool there, string what)
    {
        if (!there) output.WriteLine($"Not tested: this machine has no {what}.");
        return !there;
    }

    private string[] Names() => [.. new DirectoryInfo(_folder).GetFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal)];

    [Fact]
    public void NothingAppears_BeforeCommit_NorIfItNeverComes()
    {
        File.WriteAllText(At("old"), "before");
        using (AtomicFile fresh = AtomicFile.Create(At("new")), replacing = AtomicFile.Create(At("old")))
        {
            fresh.Stream.Write("half"u8);
            replacing.Stream.Write("half"u8);
            Assert.False(File.Exists(At("new")));
        }
        Assert.Equal(["old"], Names());
        Assert.Equal("before", File.ReadAllText(At("old")));
    }

    [Fact]
    public void Commit_PutsTheWholeFileInItsPlace()
    {
        File.WriteAllText(At("old"), "before, and longer than after");
        using (AtomicFile file = AtomicFile.Create(At("old")))
        {
            file.Stream.Write("after"u8);
            file.Commit();
        }
        Assert.Equal(["old"], Names());
        Assert.Equal("after", File.ReadAllText(At("old")));
    }

    [Fact]
    public void AnOutputThatFailsMidway_LeavesTheOldFile()
    {
        File.WriteAllText(At("t.csv"), "before");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => CsvTable.Write(At("t.csv"), Table.FromArray(["x"], new double[,] { { 1 } }), null,
            cancelled.Token));
        Assert.Equal(["t.csv"], Names());
        Assert.Equal("before", File.ReadAllText(At("t.csv")));
    }

    [Fact]
    public void TheOutput_MayBeTheInput()
    {
        File.WriteAllText(At("t.csv"), "a,b\r\n1.50,NA\r\n2,3\r\n");
        CsvTable.Write(At("t.csv"), Csv.Fill(CsvTable.Read(At("t.csv")), 7.5));
        Assert.Equal("a,b\r\n1.50,7.5\r\n2,3\r\n", File.ReadAllText(At("t.csv")));
    }

    [Fact]
    public void SeveralFiles_AreCommittedTogether()
    {
        using AtomicFile one = AtomicFile.Create(At("one")), two = AtomicFile.Create(At("two"));
        one.Stream.Write("1"u8);
        two.Stream.Write("2"u8);
        AtomicFile.CommitAll([one, two]);
        Assert.Equal(["one", "two"], Names());
        Assert.Throws<InvalidOperationException>(one.Commit);
    }

    [Fact]
    public void TwoOutputsOfOneName_AreRefused_AndNeitherAppears()
    {
        using (AtomicFile one = AtomicFile.Create(At("same")), two = AtomicFile.Create(Path.Combine(_folder, ".", "same")))
            Assert.Contains("same", Assert.Throws<OutputException>(() => AtomicFile.CommitAll([one, two])).Message);
        Assert.Empty(Names());
    }

    [Fact]
    public void AnUnwritablePlace_IsNamed_AsSoonAsTheFileIsOpened()
    {
        Assert.Contains("such' does not exist", Assert.Throws<OutputException>(() => AtomicFile.Create(At("no/such/file"))).Message);
        Assert.Contains("is a folder", Assert.Throws<OutputException>(() => AtomicFile.Create(_folder)).Message);
        File.WriteAllText(At("file"), "");
        Assert.Equal(At("file/below"), Assert.Throws<OutputException>(() => AtomicFile.Create(At("file/below"))).Path);
    }

    [Fact]
    public void AFolderThatMayNotBeWritten_IsRefused()
    {
        // The superuser may write everywhere; /proc refuses even him.
        if (Lacks(Directory.Exists("/proc/self"), "/proc")) return;
        OutputException e = Assert.Throws<OutputException>(() => AtomicFile.Create("/proc/self/out.csv"));
        Assert.Contains("/proc/self/out.csv", e.Message);
    }

    [Fact]
    public void AFullDisk_IsToldByName()
    {
        if (Lacks(File.Exists("/dev/full"), "/dev/full")) return;
        using AtomicFile file = AtomicFile.Create("/dev/full");
        file.Stream.Write("x"u8);
        Assert.Contains("'/dev/full' cannot be written: the disk is full", Assert.Throws<OutputException>(file.Commit).Message);
    }

    [Fact]
    public void Devices_AreWrittenTo_NotReplaced()
    {
        if (Lacks(File.Exists("/dev/null"), "/dev/null")) return;
        using (AtomicFile file = AtomicFile.Create("/dev/null"))
        {
            file.Stream.Write("x"u8);
            file.Commit();
        }
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Fact]
    public void ASymbolicLink_StaysOne_AndItsTargetIsReplaced()
    {
        if (Lacks(!OperatingSystem.IsWindows(), "symbolic links for everybody")) return;
        Directory.CreateDirectory(At("elsewhere"));
        File.WriteAllText(At("elsewhere/target"), "before");
        File.CreateSymbolicLink(At("link"), Path.Combine("elsewhere", "target"));
        using (AtomicFile file = AtomicFile.Create(At("link")))
        {
            file.Stream.Write("after"u8);
            file.Commit();
        }
        Assert.Equal("after", File.ReadAllText(At("elsewhere/target")));
        Assert.NotNull(new FileInfo(At("link")).LinkTarget);
        Assert.Equal(["elsewhere", "link"], Names());
    }

    [Fact]
    public void AnExistingFile_KeepsItsPermissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Lacks(false, "Unix permissions");
            return;
        }
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        File.WriteAllText(At("file"), "");
        File.SetUnixFileMode(At("file"), mode);
        using (AtomicFile file = AtomicFile.Create(At("file"))) file.Commit();
        Assert.Equal(mode, File.GetUnixFileMode(At("file")));
    }
}
