using System.Diagnostics;
using Imputation.Files.Streams;
using Xunit.Abstractions;

namespace Imputation.Tests.Cli;

/// <summary>Outputs that are no files: full devices, pipes, descriptors; and what is left of a command that was killed.</summary>
public sealed class DeviceTests(ITestOutputHelper log) : IDisposable
{
    private const string Small = "a,b\n1,2\nNA,3\n4,NA\n2,2.5\n3,1\n";
    private const string Full = "cannot be written: the disk is full";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private bool Lacks(bool there, string what)
    {
        if (!there) log.WriteLine($"Not tested: this machine has no {what}.");
        return !there;
    }

    [Fact]
    public void AFullStandardOutput_IsAnErrorOfTheOutput()
    {
        if (Lacks(File.Exists("/dev/full"), "/dev/full")) return;
        string input = _scratch.Write("in.csv", Small), done = _scratch.Path("done.csv"), model = _scratch.Path("m.json");
        Impute.Run("fit", input, "--out", model).Expect(0);
        string[][] commands =
        [
            ["--version"], ["--help"], ["fill", "--help"], ["fill", input, "--out", "-"], ["fill", input, "--out", "/dev/stdout"],
            ["fill", input, "--out", done], ["fill", input, "--out", done, "--json", "-"], ["describe", input], ["describe", input,
                "--report", "-"], ["fit", input, "--out", "-"], ["apply", model, input, "--out", "-"], ["analyze", input, "a ~ b"],
            ["multiple", input, "-m", "3", "--long", "-"],
        ];
        foreach (string[] command in commands)
        {
            ImputeResult result = Impute.InShell("\"$@\" > /dev/full", command).Expect(2).Says($"standard output {Full}");
            Assert.Single(result.Error.TrimEnd().Split('\n'));
        }
        // The table is in its place before the summary fails, and is named.
        Impute.InShell("\"$@\" > /dev/full", ["fill", input, "--out", done]).Expect(2).Says($"Already written: {done}.");
        Impute.InShell("\"$@\" > /dev/full", ["multiple", input, "-m", "3", "--out", _scratch.Path("d")]).Expect(2).Says(Full,
            "3 of 3 imputations are finished", "in.imp01.csv", "in.imp03.csv", "--resume");
    }

    [Fact]
    public void AFullStandardError_ChangesNoExitCode()
    {
        if (Lacks(File.Exists("/dev/full"), "/dev/full")) return;
        string input = _scratch.Write("in.csv", Small);
        Impute.InShell("\"$@\" 2> /dev/full", ["fill", _scratch.Path("none.csv"), "--out", _scratch.Path("x.csv")]).Expect(2);
        Impute.InShell("\"$@\" 2> /dev/full", ["fill", input, "--out", "-"]).Expect(0);
    }

    [Fact]
    public void AFullDevice_IsNamed_WhateverIsWrittenToIt()
    {
        if (Lacks(File.Exists("/dev/full"), "/dev/full")) return;
        string input = _scratch.Write("in.csv", Small), done = _scratch.Path("done.csv");
        Impute.Run("fill", input, "--out", "/dev/full").Expect(2).Says($"'/dev/full' {Full}");
        foreach (string option in (string[])["--report", "--json", "--ledger", "--model-out"])
            Impute.Run("fill", input, "--out", done, option, "/dev/full").Expect(2).Says($"'/dev/full' {Full}");
        foreach (string option in (string[])["--json", "--ledger"])
            Impute.Run("multiple", input, "-m", "3", "--out", _scratch.Path("d"), option, "/dev/full").Expect(2).Says($"'/dev/full' {Full}",
                "in.imp01.csv", "in.imp02.csv", "in.imp03.csv", "in.imputations.json");
        Impute.Run("multiple", input, "-m", "3", "--long", "/dev/full").Expect(2).Says($"'/dev/full' {Full}");
        Impute.Run("multiple", input, "-m", "3", "--method", "da", "--long", _scratch.Path("l.csv"), "--traces", "/dev/full").Expect(2)
            .Says($"'/dev/full' {Full}", $"The 3 imputations are written: {_scratch.Path("l.csv")}.");
        Impute.Run("describe", input, "--report", "/dev/full").Expect(2).Says($"'/dev/full' {Full}");
        Impute.Run("analyze", input, "a ~ b", "--out", "/dev/full").Expect(2).Says($"'/dev/full' {Full}");
        Assert.Equal(["d", "in.csv", "l.csv"], _scratch.Names);
    }

    [Fact]
    public void AnImputationThatCannotBeWritten_LeavesTheFinishedOnes_ByName()
    {
        string input = _scratch.Write("in.csv", Small), folder = _scratch.Path("d");
        Directory.CreateDirectory(Path.Combine(folder, "in.imp03.csv")); // a folder in the place of the third
        ImputeResult result = Impute.Run("multiple", input, "-m", "4", "--threads", "1", "--out", folder).Expect(2).Says("is a folder",
            "2 of 4 imputations are finished", Path.Combine(folder, "in.imp01.csv"), Path.Combine(folder, "in.imp02.csv"));
        Assert.DoesNotContain("in.imp04.csv", result.Error);
    }

    [Fact]
    public async Task APipe_GetsTheOutput_AndStaysOne()
    {
        if (Lacks(!OperatingSystem.IsWindows(), "named pipes")) return;
        string input = _scratch.Write("in.csv", Small), pipe = _scratch.Path("pipe"), done = _scratch.Path("done.csv");
        using (var make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        Impute.Run("fill", input, "--out", done, "--ledger", _scratch.Path("cells.csv")).Expect(0);
        string[] before = _scratch.Names;
        Task<string> table = Task.Run(() => File.ReadAllText(pipe));
        Impute.Run("fill", input, "--out", pipe).Expect(0);
        Assert.Equal(File.ReadAllText(done), await table);
        Task<string> cells = Task.Run(() => File.ReadAllText(pipe));
        Impute.Run("fill", input, "--out", done, "--ledger", pipe).Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("cells.csv")), await cells);
        Task<string> page = Task.Run(() => File.ReadAllText(pipe));
        Impute.Run("describe", input, "--report", pipe).Expect(0);
        Assert.EndsWith("</html>\n", await page);
        Task<string> stacked = Task.Run(() => File.ReadAllText(pipe));
        Impute.Run("multiple", input, "-m", "2", "--long", pipe).Expect(0);
        Assert.StartsWith(".imp,.id,a,b\n", await stacked);
        Assert.Equal(before, _scratch.Names);
        Assert.False(OutputPlace.IsRegular(pipe));
    }

    [Fact]
    public void StandardOutputByItsOtherNames_IsStandardOutput()
    {
        if (Lacks(File.Exists("/dev/stdout"), "/dev/stdout")) return;
        string input = _scratch.Write("in.csv", Small), log = _scratch.Write("log", "before\n");
        byte[] expected = Impute.Run("fill", input, "--out", "-").Expect(0).Output;
        foreach (string name in (string[])["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
        {
            if (!File.Exists(name)) continue;
            Impute.InShell("\"$@\" > copy", ["fill", input, "--out", name], _scratch.Folder).Expect(0).Says("Filled");
            Assert.Equal(expected, File.ReadAllBytes(_scratch.Path("copy")));
        }
        if (!Directory.Exists("/dev/fd")) return;
        Impute.InShell("\"$@\" 3>> log", ["fill", input, "--out", _scratch.Path("x.csv"), "--ledger", "/dev/fd/3"], _scratch.Folder)
            .Expect(0);
        Assert.StartsWith("before\nrow,column,", File.ReadAllText(log));
    }

    [Fact]
    public void ALinkAsOutput_StaysOne_AndALinkToADeviceIsTheDevice()
    {
        if (Lacks(File.Exists("/dev/null"), "/dev/null")) return;
        string input = _scratch.Write("in.csv", Small);
        _scratch.Write("target.csv", "as it was");
        File.CreateSymbolicLink(_scratch.Path("link.csv"), "target.csv");
        File.CreateSymbolicLink(_scratch.Path("null.csv"), "/dev/null");
        Impute.Run("fill", input, "--out", _scratch.Path("link.csv"), "--ledger", _scratch.Path("null.csv")).Expect(0);
        Assert.Equal("target.csv", new FileInfo(_scratch.Path("link.csv")).LinkTarget);
        Assert.StartsWith("a,b\n", File.ReadAllText(_scratch.Path("target.csv")));
        Assert.Equal("/dev/null", new FileInfo(_scratch.Path("null.csv")).LinkTarget);
        Assert.False(OutputPlace.IsRegular("/dev/null"));
    }

    [Fact]
    public async Task WhatAKilledCommandLeft_TheNextOneDeletes_ButNothingOfOneThatRuns()
    {
        if (Lacks(!OperatingSystem.IsWindows(), "named pipes")) return;
        string input = _scratch.Write("in.csv", Small), pipe = _scratch.Path("pipe"), done = _scratch.Path("done.csv");
        using (var make = Process.Start("mkfifo", [pipe])) make.WaitForExit();
        string[] waiting = ["fill", input, "--out", done, "--ledger", pipe], other = ["fill", input, "--out", _scratch.Path("o.csv")];
        string[] Temporary() => [.. _scratch.Names.Where(name => name.EndsWith(".tmp", StringComparison.Ordinal))];
        async Task<Process> Waits()
        {
            Process process = Impute.Start(waiting);
            // One that stays: before it writes, the command tries whether it may.
            string[] seen = [], before;
            for (int i = 0; i < 600; i++)
            {
                (before, seen) = (seen, Temporary());
                if (seen.Length > 0 && seen.SequenceEqual(before)) break;
                await Task.Delay(50);
            }
            string left = Assert.Single(seen);
            Assert.StartsWith($".impute-{process.Id}-", left);
            return process;
        }

        using (Process killed = await Waits())
        {
            killed.Kill();
            await killed.WaitForExitAsync();
        }
        Assert.Single(Temporary());
        Impute.Run(other).Expect(0);
        Assert.Empty(Temporary());

        using Process running = await Waits();
        Impute.Run(other).Expect(0);
        Assert.Single(Temporary());
        Task<string> cells = Task.Run(() => File.ReadAllText(pipe));
        Task<byte[]> text = Impute.ReadAll(running.StandardOutput.BaseStream), error = Impute.ReadAll(running.StandardError.BaseStream);
        Impute.Finish(running, text, error).Expect(0);
        Assert.StartsWith("row,column,", await cells);
        Assert.Equal(["done.csv", "in.csv", "o.csv", "pipe"], _scratch.Names);
    }

    [Fact]
    public void AReplacedFile_KeepsItsOwnerAndPermissions()
    {
        bool may = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;
        if (OperatingSystem.IsWindows() || Lacks(may, "superuser to give files away")) return;
        string input = _scratch.Write("in.csv", Small);
        foreach (string[] command in (string[][])[["fill", input, "--out"], ["multiple", input, "-m", "2", "--long"]])
        {
            string done = _scratch.Write("done.csv", "as it was");
            File.SetUnixFileMode(done, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            var owner = new UnixOwner(1500, 1600);
            owner.Take(done);
            Impute.Run([.. command, done]).Expect(0);
            Assert.Equal(owner, UnixOwner.Of(done));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(done));
            Assert.DoesNotContain("as it was", File.ReadAllText(done));
        }
    }
}
