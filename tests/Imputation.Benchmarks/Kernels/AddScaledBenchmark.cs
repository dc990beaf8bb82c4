using BenchmarkDotNet.Attributes;
using Imputation.Numerics.Kernels;

namespace Imputation.Benchmarks.Kernels;

/// <summary>y ← y + αx over p numbers.</summary>
public class AddScaledBenchmark
{
    private double[] _x = [], _y = [];

    [Params(5, 20, 100)]
    public int P { get; set; }

    [GlobalSetup]
    public void Setup() => (_x, _y) = (KernelBenchmarks.Numbers(P, 1), KernelBenchmarks.Numbers(P, 2));

    [Benchmark(Baseline = true)]
    public void Scalar() => AddScaled.Scalar(_y, 1e-9, _x);

    [Benchmark]
    public void Kernel() => AddScaled.To(_y, 1e-9, _x);
}
