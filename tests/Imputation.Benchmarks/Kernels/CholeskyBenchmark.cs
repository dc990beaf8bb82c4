using BenchmarkDotNet.Attributes;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Benchmarks.Kernels;

/// <summary>A = LLᵀ of order p, with a copy of A each time.</summary>
public class CholeskyBenchmark
{
    private double[] _matrix = [], _factor = [];

    [Params(5, 20, 100)]
    public int P { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        double[] x = KernelBenchmarks.Numbers(P * P, 1);
        _matrix = new double[P * P];
        _factor = new double[P * P];
        for (int i = 0; i < P; i++)
            for (int j = 0; j < P; j++) _matrix[i * P + j] = Dot.Scalar(x.AsSpan(i * P, P), x.AsSpan(j * P, P)) / P + (i == j ? 1 : 0);
    }

    /// <summary>The textbook's three loops (Golub and Van Loan 2013, algorithm 4.2.1, by rows).</summary>
    [Benchmark(Baseline = true)]
    public bool Scalar()
    {
        _matrix.CopyTo(_factor, 0);
        for (int i = 0; i < P; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = _factor[i * P + j];
                for (int k = 0; k < j; k++) sum -= _factor[i * P + k] * _factor[j * P + k];
                if (i == j && !(sum > 0)) return false;
                _factor[i * P + j] = i == j ? Math.Sqrt(sum) : sum / _factor[j * P + j];
            }
        return true;
    }

    [Benchmark]
    public bool Kernel()
    {
        _matrix.CopyTo(_factor, 0);
        return Cholesky.Factor(_factor, P, P);
    }
}
