using Xunit.Abstractions;

namespace Imputation.Tests.Cli;

/// <summary>Output appears whole or not at all, and never where it would do harm.</summary>
public sealed class OutputTests(ITestOutputHelper log) : IDisposable
{
    private const string Small = "a,b\n1,2\nNA,3\n4,NA\n2,2.5\n3,1\n";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("--out")]
    [InlineData("--model-out")]
    [InlineData("--ledger")]
    [InlineData("--json")]
    public void OutputEqualToInput_IsRefused(string option)
    {
        string input = _scratch.Write("in.csv", Small);
        string[] others = option == "--out" ? [] : ["--out", _scratch.Path("out.csv")];
        Impute.Run(["fill", input, .. others, option, Path.Combine(_scratch.Folder, ".", "in.csv")], null).Expect(2).Says(option,
            "is an input");
        Assert.Equal(Small, File.ReadAllText(input));
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Fact]
    public void OutputThatLinksToTheInput_IsRefused()
    {
        string input = _scratch.Write("in.csv", Small);
        File.CreateSymbolicLink(_scratch.Path("link.csv"), input);
        Impute.Run("fill", input, "--out", _scratch.Path("link.csv")).Expect(2).Says("is an input");
        Assert.Equal(Small, File.ReadAllText(input));
    }

    [Fact]
    public void OutputEqualToTheModel_IsRefused()
    {
        string model = _scratch.Write("m.json", "{}");
        Impute.Run("apply", model, _scratch.Write("in.csv", Small), "--out", model, "--to", "csv").Expect(2).Says("is an input");
        Assert.Equal("{}", File.ReadAllText(model));
    }

    [Fact]
    public void TwoOutputsInOnePlace_AreRefused()
    {
        string input = _scratch.Write("in.csv", Small), same = _scratch.Path("same.csv");
        Impute.Run("fill", input, "--out", same, "--ledger", Path.Combine(_scratch.Folder, "x", "..", "same.csv")).Expect(2).Says("--out",
            "--ledger");
        Impute.Run("fill", input, "--out", "-", "--json", "-").Expect(2).Says("--out", "--json", "standard output");
        Assert.Equal(["in.csv"], _scratch.Names);
    }

    [Fact]
    public void UnwritablePlaces_AreNamedBeforeTheWork()
    {
        string input = _scratch.Write("in.csv", "a,b\nthis,is\nnever,read\n");
        string folder = Directory.CreateDirectory(_scratch.Path("folder")).FullName;
        Impute.Run("fill", input, "--out", _scratch.Path("none/out.csv")).Expect(2).Says("none", "does not exist");
        Impute.Run("fill", input, "--out", folder, "--to", "csv").Expect(2).Says("is a folder");
        Impute.Run("fill", input, "--out", _scratch.Path("in.csv/out.csv")).Expect(2).Says("in.csv");
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), "--model-out", _scratch.Path("none/m.json")).Expect(2).Says("m.json");
        if (Directory.Exists("/proc")) Impute.Run("fill", input, "--out", "/proc/out.csv").Expect(2).Says("/proc/out.csv");
        Assert.Equal(["folder", "in.csv"], _scratch.Names);
    }

    [Fact]
    public void FullDisk_LeavesNothing()
    {
        if (!File.Exists("/dev/full"))
        {
            log.WriteLine("No /dev/full here; a disk that is full cannot be had without it.");
            return;
        }
        string input = _scratch.Write("in.csv", Small);
        Impute.Run("fill", input, "--out", _scratch.Path("out.csv"), "--ledger", "/dev/full").Expect(2).Says("/dev/full");
        Assert.DoesNotContain(_scratch.Names, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        Impute.Run("describe", input, "--json", "/dev/full").Expect(2).Says("/dev/full");
    }

    [Fact]
    public void FullFileSystem_LeavesNothing()
    {
        string disk = Directory.CreateDirectory(_scratch.Path("disk")).FullName;
        if (!OperatingSystem.IsLinux() || Shell("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", disk) != 0)
        {
            log.WriteLine("No small file system can be mounted here (that takes Linux and root); FullDisk_LeavesNothing stands for it.");
            return;
        }
        try
        {
            Impute.Run("fill", Repository.Example("bfi.csv"), "--out", Path.Combine(disk, "out.csv"), "--model-out",
                _scratch.Path("m.json")).Expect(2).Says("out.csv");
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
            Assert.Equal(["disk"], _scratch.Names);
        }
        finally
        {
            Shell("umount", disk);
        }
    }

    [Fact]
    public void StandardInputAndOutput_CarryTheTableAndNothingElse()
    {
        byte[] bytes = File.ReadAllBytes(Repository.Example("nhanes.csv"));
        ImputeResult result = Impute.Run(["fill", "-", "--out", "-"], bytes).Expect(0).Says("standard input", "25 rows", "27 cells");
        File.WriteAllBytes(_scratch.Path("out.csv"), result.Output);
        Assert.Equal(27, CsvCells.AssertCompletes(Repository.Example("nhanes.csv"), _scratch.Path("out.csv")));
    }

    [Fact]
    public void Quiet_SaysNothing()
    {
        ImputeResult result = Impute.Run("fill", Repository.Example("nhanes.csv"), "--out", _scratch.Path("out.csv"), "--quiet").Expect(0);
        Assert.Empty(result.Output);
        Assert.Empty(result.Error);
    }

    private static int Shell(string command, params string[] args)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(command,
            args)
        { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
