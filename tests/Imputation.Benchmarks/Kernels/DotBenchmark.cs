using BenchmarkDotNet.Attributes;
using Imputation.Numerics.Kernels;

namespace Imputation.Benchmarks.Kernels;

/// <summary>Σ aᵢbᵢ over p numbers.</summary>
public class DotBenchmark
{
    private double[] _a = [], _b = [];

    [Params(5, 20, 100)]
    public int P { get; set; }

    [GlobalSetup]
    public void Setup() => (_a, _b) = (KernelBenchmarks.Numbers(P, 1), KernelBenchmarks.Numbers(P, 2));

    [Benchmark(Baseline = true)]
    public double Scalar() => Dot.Scalar(_a, _b);

    [Benchmark]
    public double Kernel() => Dot.Product(_a, _b);
}
