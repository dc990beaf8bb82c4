using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Imputation.Numerics.Kernels;

/// <summary>The operations on a register of doubles, so that a kernel is written once for every width. The compiler specialises the
/// kernel for each implementation (AVX-512, AVX2, 128 bits, scalar) and inlines these calls, so that the interface costs nothing.</summary>
/// <typeparam name="V">The register.</typeparam>
internal interface ISimd<V> where V : struct
{
    /// <summary>Doubles in a register.</summary>
    static abstract int Width { get; }

    /// <summary>Reads a register of doubles, <paramref name="offset"/> doubles after <paramref name="source"/>; unchecked.</summary>
    static abstract V Load(ref double source, nuint offset);

    /// <summary>Writes a register, <paramref name="offset"/> doubles after <paramref name="target"/>; unchecked.</summary>
    static abstract void Store(V value, ref double target, nuint offset);

    /// <summary>The same number in every lane.</summary>
    static abstract V Broadcast(double value);

    /// <summary>a + b.</summary>
    static abstract V Add(V a, V b);

    /// <summary>ab.</summary>
    static abstract V Multiply(V a, V b);

    /// <summary>ab + c, in one rounding where the processor can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>a / b.</summary>
    static abstract V Divide(V a, V b);

    /// <summary>The sum over all lanes.</summary>
    static abstract double Sum(V a);
}

/// <summary>Which register widths this processor has.</summary>
internal static class Simd
{
    /// <summary>Whether there are registers of eight doubles. Not <see cref="Vector512.IsHardwareAccelerated"/>, which is
    /// false on processors that lower their clock for such registers: these kernels are faster with them even there.</summary>
    public static bool Is512 => Avx512F.IsSupported;

    /// <summary>Whether there are registers of four doubles.</summary>
    public static bool Is256 => Vector256.IsHardwareAccelerated;

    /// <summary>Whether there are registers of two doubles: on every processor of x64 and Arm64.</summary>
    public static bool Is128 => Vector128.IsHardwareAccelerated;

    /// <summary>ab + c, in one rounding where the processor can.</summary>
    public static Vector<double> MultiplyAdd(Vector<double> a, Vector<double> b, Vector<double> c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? Vector.FusedMultiplyAdd(a, b, c) : a * b + c;
}

/// <summary>Eight at a time.</summary>
internal readonly struct Simd512 : ISimd<Vector512<double>>
{
    public static int Width => 8;

    public static Vector512<double> Load(ref double source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    public static void Store(Vector512<double> value, ref double target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    // One instruction where there is AVX-512, else by way of narrower registers, so that the tests of this width run on every processor.
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    public static double Sum(Vector512<double> a) => Vector512.Sum(a);
}

/// <summary>Four at a time.</summary>
internal readonly struct Simd256 : ISimd<Vector256<double>>
{
    public static int Width => 4;

    public static Vector256<double> Load(ref double source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    public static void Store(Vector256<double> value, ref double target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c) : a * b + c;

    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    public static double Sum(Vector256<double> a) => Vector256.Sum(a);
}

/// <summary>Two at a time.</summary>
internal readonly struct Simd128 : ISimd<Vector128<double>>
{
    public static int Width => 2;

    public static Vector128<double> Load(ref double source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    public static void Store(Vector128<double> value, ref double target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? Vector128.FusedMultiplyAdd(a, b, c) : a * b + c;

    public static Vector128<double> Divide(Vector128<double> a, Vector128<double> b) => a / b;

    public static double Sum(Vector128<double> a) => Vector128.Sum(a);
}

/// <summary>One at a time: for processors without vector registers, and as the reference in tests of the other widths.</summary>
internal readonly struct SimdScalar : ISimd<double>
{
    public static int Width => 1;

    public static double Load(ref double source, nuint offset) => Unsafe.Add(ref source, offset);

    public static void Store(double value, ref double target, nuint offset) => Unsafe.Add(ref target, offset) = value;

    public static double Broadcast(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Multiply(double a, double b) => a * b;

    public static double MultiplyAdd(double a, double b, double c) => a * b + c;

    public static double Divide(double a, double b) => a / b;

    public static double Sum(double a) => a;
}
