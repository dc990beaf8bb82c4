using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Imputation.Numerics.Kernels;

/// <summary>Asks the processor to fetch what is about to be read; nothing where it cannot be asked.</summary>
internal static class Prefetch
{
    /// <summary>Fetches the part of memory that a number is in.</summary>
    public static unsafe void Of(ref double number)
    {
        // An array moved meanwhile means that something else is fetched: no harm.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref number));
    }
}
