using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Imputation.Numerics.Kernels;

namespace Imputation.Benchmarks.Kernels;

/// <summary>A ← A + αccᵀ for every column c of eight matrices of order k, as expectation propagation begins with.</summary>
public class LaneMovesBenchmark
{
    private double[] _a = [], _mean = [], _alpha = [];
    private LaneMoves _moves = new(0);

    [Params(5, 19, 45)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_a, _mean, _moves) = (new double[LaneMatrices.Length(K)], new double[K * LaneMatrices.Lanes], new LaneMoves(K));
        _alpha = KernelBenchmarks.Numbers(LaneMatrices.Lanes, 1);
        for (int i = 0; i < K; i++) _a.AsSpan((i * (i + 1) / 2 + i) * LaneMatrices.Lanes, LaneMatrices.Lanes).Fill(1);
        for (int lane = 0; lane < _alpha.Length; lane++) _alpha[lane] = -Math.Abs(_alpha[lane]) / K; // stays positive definite for long
    }

    [Benchmark(Baseline = true)]
    public void Scalar()
    {
        for (int j = 0; j < K; j++) _moves.Add<SimdScalar, double>(_a, K, j, _alpha, _alpha, _mean);
        _moves.Make<SimdScalar, double>(_a, K);
    }

    [Benchmark]
    public void Four()
    {
        for (int j = 0; j < K; j++) _moves.Add<Simd256, Vector256<double>>(_a, K, j, _alpha, _alpha, _mean);
        _moves.Make<Simd256, Vector256<double>>(_a, K);
    }

    [Benchmark]
    public void Kernel()
    {
        for (int j = 0; j < K; j++) _moves.Add(_a, K, j, _alpha, _alpha, _mean);
        _moves.Make(_a, K);
    }
}
