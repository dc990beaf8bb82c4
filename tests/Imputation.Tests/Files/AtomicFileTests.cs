using Imputation.Files;
using Imputation.Files.Streams;
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
        Assert.Contains("'/dev/full' cannot be written: the disk is full",
            Assert.Throws<OutputException>(() => file.Stream.Write("x"u8)).Message);
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

    [Fact]
    public void AnExistingFile_KeepsItsOwner_WhereTheSuperuserReplacesIt()
    {
        bool may = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;
        if (OperatingSystem.IsWindows() || Lacks(may, "superuser to give files away")) return;
        File.WriteAllText(At("file"), "before");
        // A number that 21 bits cannot hold, too.
        foreach ((uint user, uint group) in ((uint, uint)[])[(1500, 1600), (1_234_567_890, 3_000_000_000)])
        {
            new UnixOwner(user, group).Take(At("file"));
            File.SetUnixFileMode(At("file"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Equal(new UnixOwner(user, group), UnixOwner.Of(At("file")));
            AtomicFile.Write(At("file"), stream => stream.Write("after"u8));
            Assert.Equal(new UnixOwner(user, group), UnixOwner.Of(At("file")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(At("file")));
        }
        Assert.Equal("after", File.ReadAllText(At("file")));
    }

    [Fact]
    public async Task ANamedPipe_IsWrittenThrough_AlsoThroughALink()
    {
        if (Lacks(!OperatingSystem.IsWindows(), "named pipes")) return;
        Run("mkfifo", At("pipe"));
        File.CreateSymbolicLink(At("link"), "pipe");
        Assert.False(OutputPlace.IsRegular(At("pipe")));
        foreach (string name in (string[])["pipe", "link"])
        {
            AtomicFile.Create(At(name)).Dispose(); // a test whether it can be written; a reader sees nothing of it
            Task<string> reader = Task.Run(() => File.ReadAllText(At("pipe")));
            AtomicFile.Write(At(name), stream => stream.Write("through"u8));
            Assert.Equal("through", await reader.WaitAsync(TimeSpan.FromSeconds(20))); // the reader sees the end
            Task<string> empty = Task.Run(() => File.ReadAllText(At("pipe")));
            AtomicFile.Write(At(name), _ => { });
            Assert.Empty(await empty.WaitAsync(TimeSpan.FromSeconds(20)));
        }
        Assert.Equal(["link", "pipe"], Names());
        Assert.False(OutputPlace.IsRegular(At("pipe")));
    }

    [Fact]
    public void ADevice_IsOne_WhateverItsName()
    {
        if (Lacks(File.Exists("/dev/null"), "/dev/null")) return;
        Assert.True(OutputPlace.Of("/dev/null").IsDevice);
        Assert.True(OutputPlace.Of("/proc/self/fd/1").IsDevice);
        File.CreateSymbolicLink(At("null"), "/dev/null");
        File.CreateSymbolicLink(At("out"), "/dev/stdout");
        File.CreateSymbolicLink(At("dev"), "/dev");
        Assert.True(OutputPlace.Of(At("null")).IsDevice);
        Assert.True(OutputPlace.Of(At("out")).IsDevice);
        Assert.True(OutputPlace.Of(At("dev/null")).IsDevice); // by its type
        Assert.False(OutputPlace.Of(At("new")).IsDevice);
        Assert.Contains("no such device", Assert.Throws<OutputException>(() => AtomicFile.Create("/dev/nulll")).Message);
        File.CreateSymbolicLink(At("round"), "round");
        Assert.Contains("round", Assert.Throws<OutputException>(() => AtomicFile.Create(At("round"))).Message);
    }

    [Fact]
    public void FilesOfKilledProcesses_AreDeleted_AndNoOthers()
    {
        if (Lacks(!OperatingSystem.IsWindows(), "Unix")) return;
        int dead;
        using (var ended = System.Diagnostics.Process.Start("true"))
        {
            ended.WaitForExit();
            dead = ended.Id;
        }
        using var alive = System.Diagnostics.Process.Start("sleep", "60");
        try
        {
            string[] others =
            [
                $".impute-{alive.Id}-abcdefghij1.tmp", ".impute-notes.tmp", $".impute-{dead}-ABCDEFGHIJ1.tmp", $".impute-{dead}-a.tmp",
                $".impute-{dead}-abcdefghij1.tmp.csv", $"impute-{dead}-abcdefghij1.tmp", ".impute--abcdefghij1.tmp",
            ];
            foreach (string name in others) File.WriteAllText(At(name), "mine");
            Run("mkfifo", At($".impute-{dead}-abcdefghij2.tmp")); // somebody's trap
            using var locked = new FileStream(At($".impute-{dead}-abcdefghij3.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None);
            File.WriteAllText(At($".impute-{dead}-abcdefghij4.tmp"), "left");
            // The number of a process that runs, which began after the file was written.
            File.WriteAllText(At($".impute-{alive.Id}-abcdefghij5.tmp"), "left");
            File.SetLastWriteTimeUtc(At($".impute-{alive.Id}-abcdefghij5.tmp"), alive.StartTime.ToUniversalTime().AddMinutes(-1));

            using (AtomicFile first = AtomicFile.Create(At("out")))
            {
                first.Stream.Write("1"u8);
                AtomicFile.Write(At("out"), stream => stream.Write("2"u8));
                first.Commit();
            }
            Assert.Equal("1", File.ReadAllText(At("out")));
            Assert.Equal([.. others.Append($".impute-{dead}-abcdefghij2.tmp").Append($".impute-{dead}-abcdefghij3.tmp").Append("out")
                .Order(StringComparer.Ordinal)], Names());
        }
        finally
        {
            alive.Kill();
        }
    }

    [Fact]
    public void FilesAlreadyInTheirPlaces_AreNamed_WhereALaterOneFails()
    {
        using AtomicFile one = AtomicFile.Create(At("one")), two = AtomicFile.Create(At("two")), three = AtomicFile.Create(At("three"));
        Directory.CreateDirectory(At("three"));
        OutputException e = Assert.Throws<OutputException>(() => AtomicFile.CommitAll([one, two, three]));
        Assert.Contains($"'{At("three")}' cannot be written", e.Message);
        Assert.EndsWith($"Already written: {At("one")}, {At("two")}.", e.Message);
    }

    private static void Run(string command, string argument)
    {
        using var process = System.Diagnostics.Process.Start(command, [argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
