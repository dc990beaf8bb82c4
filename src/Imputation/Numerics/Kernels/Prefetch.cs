using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Imputation.Numerics.Kernels;

/// <summary>Asks the processor to load memory into its cache ahead of use; does nothing where there is no such instruction.</summary>
internal static class Prefetch
{
    /// <summary>Prefetches the cache line that holds a number.</summary>
    public static unsafe void Of(ref double number)
    {
        // The array is not pinned. If the collector moves it meanwhile, another line is fetched, which does no harm.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref number));
    }
}
