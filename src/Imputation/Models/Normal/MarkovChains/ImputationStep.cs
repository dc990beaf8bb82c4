using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;

namespace Imputation.Models.Normal.MarkovChains;

/// <summary>The I-step over some of the patterns: draws the missing cells given the observed ones, and sums up the completed rows and their
/// cross-products about μ.</summary>
/// <remarks>The missing cells of a row are x_M = μ_M + B(x_O − μ_O) + Lz, with LLᵀ = C and z standard normal (Schafer 1997, §5.4.1).
/// Rotated rows are explained at <see cref="DataAugmentationBlock"/>. Each pattern has a random stream of its own, determined by seed,
/// chain, iteration and pattern, so that the draws do not depend on threads. An instance is a workspace for one thread at a
/// time.</remarks>
internal sealed class ImputationStep
{
    private const int BatchRows = 64;

    private readonly int _stride;
    private readonly BlockConditional _conditional;
    private readonly double[] _batch;
    private readonly double[] _factor;
    private readonly double[] _noise;
    private readonly double[] _bartlett;
    private int _batched;

    public ImputationStep(int p)
    {
        _stride = CrossProduct.Stride(p);
        _conditional = new BlockConditional(p);
        _batch = new double[BatchRows * _stride];
        _factor = new double[p * p];
        _noise = new double[BatchRows * p];
        _bartlett = new double[p * p];
        Sum = new double[_stride];
        Products = new double[_stride * _stride];
    }

    /// <summary>Distance between rows of <see cref="Products"/>.</summary>
    public int Stride => _stride;

    /// <summary>Σ (x − μ) over the rows done.</summary>
    public double[] Sum { get; }

    /// <summary>Σ (x − μ)(x − μ)ᵀ over the rows done; lower triangle.</summary>
    public double[] Products { get; }

    /// <summary>Runs blocks <paramref name="first"/> to <paramref name="end"/> − 1 from zero sums. False where a factorisation
    /// fails.</summary>
    public bool Run(GaussianParameters parameters, DataAugmentationBlock[] blocks, int first, int end, DrawKey key)
    {
        Array.Clear(Sum);
        Array.Clear(Products);
        _batched = 0;
        _conditional.Begin(parameters);
        for (int b = first; b < end; b++)
        {
            DataAugmentationBlock block = blocks[b];
            for (int k = 0; k < block.Rows.Count; k++)
            {
                if (!_conditional.Select(block.Rows, k) || !Factor()) return false;
                var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, block.Rows.IndexOf(k));
                int kept = block.Rows.RowCountOf(k);
                // Rows as they are: each counts once in the sum.
                if (!block.IsRotated(k))
                {
                    Add(ref stream, block.Rows, k, 0, kept, 1);
                    continue;
                }
                // Rotated rows: the first is √n x̄ and alone has the sum, n x̄ = √n (√n x̄), so √n μ is subtracted from it. The others are
                // deviations already (weight 0). Of the remaining n − kept rows only the noise is left, and only its cross-products count.
                int n = block.CountOf(k);
                Add(ref stream, block.Rows, k, 0, 1, Math.Sqrt(n));
                Add(ref stream, block.Rows, k, 1, kept, 0);
                AddWishart(ref stream, n - kept);
            }
        }
        Flush();
        _conditional.Leave(); // a workspace outlives the data
        return true;
    }

    /// <summary>Adds rows of the pattern with their missing cells drawn; <paramref name="weight"/> is the multiple of μ subtracted from
    /// each row, and the row's weight in the sum.</summary>
    private void Add(ref RandomStream stream, PatternBlock block, int pattern, int first, int end, double weight)
    {
        int m = block.MissingCount, o = block.ObservedCount;
        ReadOnlySpan<double> cells = block.Rows(pattern);
        while (first < end)
        {
            int count = Math.Min(end - first, BatchRows - _batched);
            // As many rows as the batch has room for: conditional means first, then noise on the missing cells.
            Span<double> rows = _batch.AsSpan(_batched * _stride, count * _stride);
            _conditional.Complete(cells[(first * o)..], count, rows, weight);
            first += count;
            if (m > 0)
            {
                Span<double> noise = _noise.AsSpan(0, count * m);
                stream.Normals(noise);
                AddNoise(noise, m, count, rows);
            }
            if (weight != 0)
            {
                for (int r = 0; r < count; r++) AddScaled.To(Sum, weight, rows.Slice(r * _stride, _stride));
            }
            if ((_batched += count) == BatchRows) Flush();
        }
    }

    /// <summary>Adds the cross-products of rows that are only noise Lz. They are Wishart, L(TTᵀ)Lᵀ with Bartlett's factor T, so that L
    /// times the m columns of T replaces any number of rows.</summary>
    private void AddWishart(ref RandomStream stream, double degreesOfFreedom)
    {
        int m = _conditional.Missing.Length;
        if (m == 0) return;
        Span<double> columns = _bartlett.AsSpan(0, m * m); // column by column
        Bartlett.Draw(ref stream, degreesOfFreedom, m, columns);
        for (int c = 0; c < m;)
        {
            int count = Math.Min(m - c, BatchRows - _batched);
            Span<double> rows = _batch.AsSpan(_batched * _stride, count * _stride);
            rows.Clear();
            AddNoise(columns.Slice(c * m, count * m), m, count, rows);
            c += count;
            if ((_batched += count) == BatchRows) Flush();
        }
    }

    /// <summary>Adds Lz to the missing cells of rows, with a z of m numbers for each row.</summary>
    private void AddNoise(ReadOnlySpan<double> noise, int m, int count, Span<double> rows)
    {
        ReadOnlySpan<int> missing = _conditional.Missing;
        ref double factor = ref MemoryMarshal.GetArrayDataReference(_factor);
        ref double z = ref MemoryMarshal.GetReference(noise[..(count * m)]);
        ref double row = ref MemoryMarshal.GetReference(rows[..(count * _stride)]);
        ref int columns = ref MemoryMarshal.GetReference(missing);
        for (; count > 0; count--, row = ref Unsafe.Add(ref row, _stride), z = ref Unsafe.Add(ref z, m))
        {
            // (Lz)_a = Σ_{b≤a} L_ab z_b; l: row a of L.
            ref double l = ref factor;
            for (int a = 0; a < m; a++, l = ref Unsafe.Add(ref l, m))
            {
                // Two sums, so that an addition need not wait for the last; pairs up to the diagonal, then b = a where it is left over.
                double even = 0, odd = 0;
                int b = 0;
                for (; b < a; b += 2)
                {
                    even += Unsafe.Add(ref l, b) * Unsafe.Add(ref z, b);
                    odd += Unsafe.Add(ref l, b + 1) * Unsafe.Add(ref z, b + 1);
                }
                if (b == a) even += Unsafe.Add(ref l, b) * Unsafe.Add(ref z, b);
                Unsafe.Add(ref row, Unsafe.Add(ref columns, a)) += even + odd;
            }
        }
    }

    /// <summary>Cholesky factor L of C, which may be singular: a pivot within rounding of 0 becomes 0, as the column is then determined by
    /// the others to a dozen digits. False where C is not finite.</summary>
    private bool Factor()
    {
        int m = _conditional.Missing.Length;
        ReadOnlySpan<double> covariance = _conditional.Covariance;
        Span<double> factor = _factor.AsSpan(0, m * m);
        for (int i = 0; i < m; i++)
        {
            Span<double> row = factor.Slice(i * m, m);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> other = factor.Slice(j * m, m);
                // L_ij = (C_ij − Σ_{k<j} L_ik L_jk) / L_jj, and 0 below a pivot of 0.
                double s = covariance[i * m + j];
                for (int k = 0; k < j; k++) s -= row[k] * other[k];
                if (j < i) row[j] = other[j] > 0 ? s / other[j] : 0;
                else if (double.IsFinite(s)) row[i] = s > 1e-14 * covariance[i * m + i] ? Math.Sqrt(s) : 0;
                else return false;
            }
        }
        return true;
    }

    private void Flush()
    {
        // Σ ddᵀ of the whole batch at once.
        CrossProduct.Add(_batch, _batched, _stride, Products);
        _batched = 0;
    }
}
