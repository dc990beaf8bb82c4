using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling] // what this calls takes numbers and pointers only; then it can be compiled ahead of time

namespace Imputation.Numerics.Threading;

/// <summary>Which processor a thread runs on: known on Linux, and of no effect elsewhere or where the system forbids it.</summary>
internal static unsafe class Processor
{
    /// <summary>Of a mask with a bit for each processor.</summary>
    private const int MaskBytes = 1024;

    private static readonly bool s_known = OperatingSystem.IsLinux() && IsKnown();

    /// <summary>That of the calling thread, from 0; −1 where it is not known.</summary>
    public static int Current => s_known ? sched_getcpu() : -1;

    /// <summary>Has the calling thread leave a processor, if it runs there, for another one that it may use. It may come back to it later.</summary>
    public static void Leave(int processor)
    {
        if (processor < 0 || processor >= 8 * MaskBytes || Current != processor) return;
        byte* mask = stackalloc byte[MaskBytes];
        ref byte part = ref mask[processor / 8];
        byte bit = (byte)(1 << (processor % 8));
        if (sched_getaffinity(0, MaskBytes, mask) != 0 || (part & bit) == 0) return;
        part ^= bit;
        if (sched_setaffinity(0, MaskBytes, mask) != 0) return; // it may use no other
        part ^= bit;
        _ = sched_setaffinity(0, MaskBytes, mask);
    }

    private static bool IsKnown()
    {
        try
        {
            return sched_getcpu() >= 0;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern int sched_getcpu();

    [DllImport("libc", ExactSpelling = true)]
    private static extern int sched_getaffinity(int thread, nint length, byte* mask);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int sched_setaffinity(int thread, nint length, byte* mask);
}
