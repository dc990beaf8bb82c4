using System.Numerics;
using System.Runtime.CompilerServices;

namespace Imputation.Numerics.Random;

/// <summary>A short stream of random numbers that belongs to a key: the same whoever draws it, so long as one hand draws all of it.
/// For the inner loops of simulations, where <see cref="CounterRandom"/>'s inversion would cost more than all the rest.</summary>
/// <remarks>xoshiro256++ (Blackman and Vigna 2021), its state filled from the key by SplitMix64's finaliser; normal numbers by
/// <see cref="Ziggurat"/>; gamma numbers by Marsaglia and Tsang (2000), "A simple method for generating gamma variables".</remarks>
internal struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _s0, _s1, _s2, _s3;

    /// <summary>The stream of a key of four parts.</summary>
    public RandomStream(ulong seed, long first, long second, long third)
    {
        ulong h = CounterRandom.Mix(seed + Golden * (ulong)(first + 1));
        h = CounterRandom.Mix(h + 0xD1B54A32D192ED03 * (ulong)(second + 1));
        h = CounterRandom.Mix(h + 0x8CB92BA72F3D8DD7 * (ulong)(third + 1));
        _s0 = CounterRandom.Mix(h += Golden);
        _s1 = CounterRandom.Mix(h += Golden);
        _s2 = CounterRandom.Mix(h += Golden);
        _s3 = CounterRandom.Mix(h + Golden) | 1; // never all 0
    }

    /// <summary>64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits()
    {
        ulong result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0, t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number strictly between 0 and 1.</summary>
    public double Uniform() => ((Bits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>A standard normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Normal()
    {
        // The layer from bits that the number does not use.
        ulong bits = Bits();
        int layer = (int)(bits & (Ziggurat.Layers - 1));
        double x = ((long)bits >> 11) * Unsafe.Add(ref Ziggurat.Scales, layer);
        return Math.Abs(x) < Unsafe.Add(ref Ziggurat.Edges, layer + 1) ? x : Ziggurat.Outside(ref this, x, layer);
    }

    /// <summary>Fills with standard normal numbers.</summary>
    public void Normals(Span<double> target)
    {
        RandomStream local = this; // in registers
        for (int i = 0; i < target.Length; i++) target[i] = local.Normal();
        this = local;
    }

    /// <summary>A χ² number with any positive degrees of freedom.</summary>
    public double ChiSquared(double degreesOfFreedom)
    {
        double shape = 0.5 * degreesOfFreedom;
        if (shape < 1) return ChiSquared(degreesOfFreedom + 2) * Math.Pow(Uniform(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(), v = 1 + c * x;
            if (v <= 0) continue;
            v *= v * v;
            double u = Uniform(), squared = x * x;
            if (u < 1 - 0.0331 * squared * squared || Math.Log(u) < 0.5 * squared + d * (1 - v + Math.Log(v))) return 2 * d * v;
        }
    }
}
