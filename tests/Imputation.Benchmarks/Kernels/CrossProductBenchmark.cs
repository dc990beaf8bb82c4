using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Imputation.Numerics.Kernels;

namespace Imputation.Benchmarks.Kernels;

/// <summary>C ← C + DᵀD for 256 rows of p numbers.</summary>
public class CrossProductBenchmark
{
    private const int Rows = 256;

    private double[] _batch = [], _target = [];
    private int _stride;

    [Params(5, 20, 100)]
    public int P { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _stride = CrossProduct.Stride(P);
        _target = new double[_stride * _stride];
        _batch = new double[Rows * _stride];
        for (int r = 0; r < Rows; r++) KernelBenchmarks.Numbers(P, r).CopyTo(_batch, r * _stride);
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => CrossProduct.Add<SimdScalar, double>(_batch, Rows, _stride, _target);

    [Benchmark]
    public void Four() => CrossProduct.Add<Simd256, Vector256<double>>(_batch, Rows, _stride, _target);

    [Benchmark]
    public void Kernel() => CrossProduct.Add(_batch, Rows, _stride, _target);
}
