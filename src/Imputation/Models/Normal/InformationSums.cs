using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Normal;

/// <summary>Score and observed information of the normal model at a fit, in coordinates in which the fitted covariance is the unit
/// matrix.</summary>
/// <remarks>With Σ = LLᵀ, dμ = Lm and dΣ = LDLᵀ. For a pattern with observed O let L_O = RQ be the rows of L that are observed, R
/// lower triangular and the rows of Q orthonormal; P = QᵀQ, and y = QᵀR⁻¹(x_O − μ_O) for each of its n rows, with sums Y₁ = Σy and Y₂
/// = Σyyᵀ. Then
/// <code>
/// dℓ   = mᵀY₁ + ½ tr(D(Y₂ − nP))
/// −d²ℓ = n mᵀPm + 2 mᵀPDY₁ + tr(DPDW),   W = Y₂ − ½nP,
/// </code>
/// which is the second differential of the normal log-likelihood (Magnus and Neudecker 2019, §15.3; by patterns Yuan and Bentler
/// 2000, Savalei 2010) in these coordinates. A prior's −½w log|Σ| − ½ tr(Σ⁻¹Λ) adds a pattern with P = I and W = L⁻¹ΛL⁻ᵀ − ½wI. The
/// rows enter through Y₁ and Y₂ only, so that beyond one pass over the data the cost, p⁴/4 multiplications a pattern, does not grow
/// with them. Q comes from L and not from Σ_OO: rounding does not meet the condition of Σ.</remarks>
internal sealed class InformationSums
{
    private const int BatchRows = 256, BatchPatterns = 128, PairsAtOnce = 32;

    private readonly int _p;

    private InformationSums(int p)
    {
        _p = p;
        PairCount = p * (p + 1) / 2;
        Width = PairCount + p;
        Products = new double[PairCount * Width];
        Means = new double[p * p];
        MeanScore = new double[p];
        CovarianceScore = new double[PairCount];
    }

    /// <summary>p(p + 1)/2.</summary>
    public int PairCount { get; }

    /// <summary>Distance between rows of <see cref="Products"/>.</summary>
    public int Width { get; }

    /// <summary>Σ over patterns of P's pairs, down, by W's pairs and then Y₁, across; pairs as in a lower triangle by rows.</summary>
    public double[] Products { get; }

    /// <summary>Σ nP, p × p, lower triangle.</summary>
    public double[] Means { get; }

    /// <summary>Σ Y₁: derivative of the objective by m.</summary>
    public double[] MeanScore { get; }

    /// <summary>Σ ½(Y₂ − nP): derivative of the objective by D, for each element of its lower triangle.</summary>
    public double[] CovarianceScore { get; }

    /// <summary>The log-likelihood at the fit, on the data's own scale.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Rows with something observed.</summary>
    public int RowCount { get; private set; }

    /// <summary>Index of a pair, in either order.</summary>
    public static int Pair(int a, int b) => a >= b ? a * (a + 1) / 2 + b : b * (b + 1) / 2 + a;

    /// <summary>Sums over the rows of a fit.</summary>
    /// <param name="fitted">The fit over its data.</param>
    /// <param name="priorWeight">w = ξ + p + 1; 0 for none.</param>
    /// <param name="priorProducts">L⁻¹ΛL⁻ᵀ, p × p.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    public static InformationSums Of(GaussianRows fitted, double priorWeight, double[] priorProducts, int threads,
        CancellationToken cancellation)
    {
        int p = fitted.Scale.Length;
        var sums = new InformationSums(p);
        int[] patterns = [.. Enumerable.Range(0, fitted.Patterns.Count).Where(k => fitted.Patterns.MissingCountOf(k) < p)];
        var batch = new Part[Math.Min(patterns.Length, BatchPatterns)];
        double[] lefts = new double[batch.Length * sums.PairCount], rights = new double[batch.Length * sums.Width];
        for (int k = 0; k < batch.Length; k++) batch[k] = new Part(p, lefts.AsMemory(k * sums.PairCount, sums.PairCount),
            rights.AsMemory(k * sums.Width, sums.Width));
        ParallelOptions parallel = ParallelWork.Options(threads, cancellation);
        for (int first = 0; first < patterns.Length; first += BatchPatterns)
        {
            int from = first, count = Math.Min(BatchPatterns, patterns.Length - first);
            ParallelWork.For(count, parallel, k => batch[k].Fill(fitted, fitted.Patterns[patterns[from + k]], cancellation));
            sums.Add(batch.AsSpan(0, count), lefts, rights, parallel);
        }
        if (priorWeight != 0) sums.AddPrior(priorWeight, priorProducts);
        return sums;
    }

    private void Add(ReadOnlySpan<Part> parts, double[] lefts, double[] rights, ParallelOptions parallel)
    {
        foreach (Part part in parts)
        {
            RowCount += part.RowCount;
            LogLikelihood += part.LogLikelihood;
            AddScaled.To(MeanScore, 1, part.Right[PairCount..]);
            for (int a = 0; a < _p; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    double np = part.RowCount * part.Left[Pair(a, b)];
                    Means[a * _p + b] += np;
                    CovarianceScore[Pair(a, b)] += 0.5 * (part.Right[Pair(a, b)] - 0.5 * np);
                }
            }
        }

        // Rows of the product are independent: the same bits on any number of threads.
        int count = parts.Length;
        ParallelWork.For((PairCount + PairsAtOnce - 1) / PairsAtOnce, parallel, block =>
        {
            int first = block * PairsAtOnce, rows = Math.Min(PairsAtOnce, PairCount - first);
            BlockProduct.Add(1, lefts.AsSpan(first), 1, PairCount, rights, Width, Products.AsSpan(first * Width), Width, rows, count,
                Width);
        });
    }

    private void AddPrior(double weight, double[] products)
    {
        for (int a = 0; a < _p; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double w = products[a * _p + b] - (a == b ? 0.5 * weight : 0);
                for (int j = 0; j < _p; j++) Products[Pair(j, j) * Width + Pair(a, b)] += w;
                CovarianceScore[Pair(a, b)] += 0.5 * (w - (a == b ? 0.5 * weight : 0));
            }
        }
    }

    /// <summary>The contribution of one pattern; a workspace.</summary>
    private sealed class Part(int p, Memory<double> leftMemory, Memory<double> rightMemory)
    {
        private readonly double[] _q = new double[p * p], _r = new double[p * p], _squares = new double[p * p], _turned = new double[p * p];
        private readonly double[] _sum = new double[p];
        private double[] _rows = [];

        /// <summary>P's pairs.</summary>
        public Span<double> Left => leftMemory.Span;

        /// <summary>W's pairs, then Y₁.</summary>
        public Span<double> Right => rightMemory.Span;

        public int RowCount { get; private set; }

        public double LogLikelihood { get; private set; }

        public void Fill(GaussianRows fitted, MissingPattern pattern, CancellationToken cancellation)
        {
            int[] observed = pattern.Observed;
            int o = observed.Length, n = RowCount = pattern.RowCount;
            for (int a = 0; a < o; a++)
            {
                Span<double> row = _q.AsSpan(a * p, p);
                row.Clear();
                fitted.Parameters.Factor.AsSpan(observed[a] * p, observed[a] + 1).CopyTo(row);
            }
            RowReduction.Reduce(_q, o, p, _r);
            SumRows(fitted, pattern, cancellation);

            double quadratic = 0, logs = 0;
            for (int a = 0; a < o; a++)
            {
                quadratic += _squares[a * o + a];
                logs += Math.Log(_r[a * o + a]) + Math.Log(fitted.Scale[observed[a]]);
                _squares[a * o + a] -= 0.5 * n;
                for (int b = 0; b < a; b++) _squares[b * o + a] = _squares[a * o + b];
            }
            LogLikelihood = -0.5 * (n * (o * Math.Log(2 * Math.PI) + 2 * logs) + quadratic);

            // W = Qᵀ(Σuuᵀ − ½nI)Q
            Span<double> turned = _turned.AsSpan(0, o * p);
            turned.Clear();
            for (int a = 0; a < o; a++)
                for (int b = 0; b < o; b++) AddScaled.To(turned.Slice(a * p, p), _squares[a * o + b], _q.AsSpan(b * p, p));
            Span<double> left = Left, right = Right, first = right[left.Length..];
            left.Clear();
            right.Clear();
            for (int k = 0; k < o; k++)
            {
                ReadOnlySpan<double> q = _q.AsSpan(k * p, p), t = _turned.AsSpan(k * p, p);
                AddScaled.To(first, _sum[k], q);
                for (int a = 0; a < p; a++)
                {
                    if (q[a] == 0) continue;
                    int at = Pair(a, 0);
                    AddScaled.To(left.Slice(at, a + 1), q[a], q);
                    AddScaled.To(right.Slice(at, a + 1), q[a], t);
                }
            }
        }

        /// <summary>Σu and Σuuᵀ of u = R⁻¹(x_O − μ_O), standardised.</summary>
        private void SumRows(GaussianRows fitted, MissingPattern pattern, CancellationToken cancellation)
        {
            int[] observed = pattern.Observed;
            int o = observed.Length;
            Array.Clear(_sum);
            _squares.AsSpan(0, o * o).Clear();
            if (_rows.Length < o * Math.Min(BatchRows, pattern.RowCount)) _rows = new double[o * Math.Min(BatchRows, pattern.RowCount)];
            for (int start = 0; start < pattern.RowCount; start += BatchRows)
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<int> rows = pattern.Rows.Slice(start, Math.Min(BatchRows, pattern.RowCount - start));
                int count = rows.Length;
                for (int a = 0; a < o; a++)
                {
                    int j = observed[a];
                    ReadOnlySpan<double> column = fitted.Matrix.Column(j);
                    for (int r = 0; r < count; r++) _rows[a * count + r] = (column[rows[r]] - fitted.Center[j]) / fitted.Scale[j];
                }
                Cholesky.SolveLower(_r, o, o, _rows, count, count);
                for (int a = 0; a < o; a++)
                {
                    ReadOnlySpan<double> u = _rows.AsSpan(a * count, count);
                    for (int r = 0; r < count; r++) _sum[a] += u[r];
                    for (int b = 0; b <= a; b++) _squares[a * o + b] += Dot.Product(u, _rows.AsSpan(b * count, count));
                }
            }
        }
    }
}
