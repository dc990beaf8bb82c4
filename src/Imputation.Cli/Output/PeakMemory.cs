using System.Diagnostics;

namespace Imputation.Cli.Output;

/// <summary>The most memory that this process has had.</summary>
internal static class PeakMemory
{
    /// <summary>Peak resident memory in bytes, including the runtime; null where the system does not report it.</summary>
    public static long? Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var peak ? peak : null;
    }
}
