using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Imputation.Tests.Cli;

/// <summary>Runs the command as a process, the way a user does.</summary>
internal static class Impute
{
    /// <summary>Long enough for the slowest machine; a hang fails the test instead of the build.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The command, which the reference to its project puts beside the tests.</summary>
    private static readonly string s_assembly = Path.Combine(AppContext.BaseDirectory, "impute.dll");

    /// <summary>Another build of the command, the native one, say, that IMPUTE_COMMAND names; null where it does not.</summary>
    private static readonly string? s_program = Environment.GetEnvironmentVariable("IMPUTE_COMMAND") is { Length: > 0 } program
        ? Path.GetFullPath(program) : null;

    /// <summary>Whether the command is one file without the runtime.</summary>
    public static bool IsNative => s_program is not null && !File.Exists(Path.ChangeExtension(s_program, ".dll"));

    public static ImputeResult Run(params string[] args) => Run(args, input: null);

    /// <summary>Runs to the end with <paramref name="input"/> on standard input.</summary>
    public static ImputeResult Run(IReadOnlyList<string> args, byte[]? input, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(args, folder, environment);
        Task<byte[]> output = ReadAll(process.StandardOutput.BaseStream), error = ReadAll(process.StandardError.BaseStream);
        try
        {
            if (input is not null) process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
        return Finish(process, output, error);
    }

    /// <summary>Runs in a Unix shell; in the script "$@" is the command with its arguments.</summary>
    public static ImputeResult InShell(string script, IReadOnlyList<string> args, string? folder = null)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? ""
        };
        foreach (string arg in (string[])["-c", script, "sh", s_program ?? "dotnet", .. s_program is null ? [s_assembly] : (string[])[],
            .. args]) start.ArgumentList.Add(arg);
        using Process process = Process.Start(start)!;
        return Finish(process, ReadAll(process.StandardOutput.BaseStream), ReadAll(process.StandardError.BaseStream));
    }

    /// <summary>Starts, and leaves standard input open.</summary>
    public static Process Start(IReadOnlyList<string> args, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(s_program ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? ""
        };
        foreach (string arg in (string[])[.. s_program is null ? [s_assembly] : (string[])[], .. args]) start.ArgumentList.Add(arg);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Sends a signal, INT, TERM or HUP, and at once: while a program is started to send it, the command may come to its
    /// end.</summary>
    public static void Send(string signal, Process process) => Assert.Equal(0, Kill(process.Id, signal switch
    {
        "HUP" => 1,
        "INT" => 2,
        "TERM" => 15,
        _ => throw new ArgumentException($"No signal '{signal}' here.", nameof(signal)),
    }));

    public static ImputeResult Finish(Process process, Task<byte[]> output, Task<byte[]> error)
    {
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The command did not end within {Patience}.");
        }
        return new ImputeResult(process.ExitCode, output.Result, Encoding.UTF8.GetString(error.Result));
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    public static async Task<byte[]> ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }
}

/// <summary>What a run of the command left.</summary>
internal sealed record ImputeResult(int Code, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The exit code is as expected, and nothing that no user should see was shown.</summary>
    public ImputeResult Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}\n--- standard output\n{Text}\n--- standard error\n{Error}");
        foreach (string text in (string[])[Text, Error])
        {
            Assert.DoesNotMatch(@"(?m)^\s+at \S+\(", text); // a line of a stack trace
            Assert.DoesNotContain("Exception", text);
            Assert.DoesNotContain("(Parameter '", text);
            Assert.DoesNotContain("internal error", text);
            Assert.DoesNotContain("\u001b[", text);
            Assert.DoesNotContain("Unhandled", text);
        }
        return this;
    }

    /// <summary>Each of the texts stands on standard error.</summary>
    public ImputeResult Says(params string[] texts)
    {
        foreach (string text in texts) Assert.Contains(text, Error);
        return this;
    }
}
