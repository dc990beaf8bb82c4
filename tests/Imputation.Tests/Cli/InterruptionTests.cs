using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Imputation.Tests.Cli;

public sealed class InterruptionTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task SignalDuringAFit_ExitsWith130AndLeavesNothing(string signal)
    {
        if (OperatingSystem.IsWindows()) return; // no signals to send there
        string input = _scratch.Write("in.csv", Large());
        string output = _scratch.Write("out.csv", "as it was\n");
        using Process process = Impute.Start(["fill", input, "--out", output, "--model-out", _scratch.Path("m.json"), "--restarts", "10000",
            "--tolerance", "1e-14", "--no-acceleration"]);
        Task<byte[]> text = Impute.ReadAll(process.StandardOutput.BaseStream), error = Impute.ReadAll(process.StandardError.BaseStream);
        await Task.Delay(2000); // well into the work; earlier is no harder
        Assert.False(process.HasExited, "the fit was meant to be long");
        Send(signal, process);
        ImputeResult result = Impute.Finish(process, text, error).Expect(130);
        Assert.Empty(result.Output);
        Assert.Equal(["in.csv", "out.csv"], _scratch.Names);
        Assert.Equal("as it was\n", File.ReadAllText(output));
    }

    [Fact]
    public async Task SignalWhileWaitingForStandardInput_ExitsWith130()
    {
        if (OperatingSystem.IsWindows()) return; // no signals to send there
        using Process process = Impute.Start(["fill", "-", "--out", _scratch.Path("out.csv")]);
        Task<byte[]> text = Impute.ReadAll(process.StandardOutput.BaseStream), error = Impute.ReadAll(process.StandardError.BaseStream);
        await Task.Delay(1000);
        Send("INT", process);
        Impute.Finish(process, text, error).Expect(130);
        Assert.Empty(_scratch.Names);
    }

    private static void Send(string signal, Process process)
    {
        if (signal == "INT" && IgnoresInterrupts(process))
        {
            Console.WriteLine("SIGINT is ignored here, as in jobs that a shell runs in the background: SIGTERM is sent instead.");
            signal = "TERM";
        }
        Impute.Send(signal, process);
    }

    /// <summary>What a process was started to ignore it goes on to ignore.</summary>
    private static bool IgnoresInterrupts(Process process)
    {
        string status = $"/proc/{process.Id}/status";
        if (!File.Exists(status)) return false;
        string mask = File.ReadLines(status).First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0; // signal 2
    }

    /// <summary>3,000 rows of 60 columns, a third of the cells missing.</summary>
    private static string Large()
    {
        var random = new Random(1);
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, 60).Select(j => $"v{j}"))).Append('\n');
        for (int row = 0; row < 3000; row++)
            text.AppendJoin(',', Enumerable.Range(0, 60).Select(_ => random.Next(3) == 0 ? "" : random.NextDouble().ToString("F4",
                CultureInfo.InvariantCulture))).Append('\n');
        return text.ToString();
    }
}
