using Imputation.Em;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Factor;

/// <summary>EM for factor analysis with missing cells, on the standardised scale.</summary>
/// <remarks>Rubin and Thayer (1982); Tipping and Bishop (1999) for equal uniquenesses. Only the factors count as missing data, not the
/// missing cells, so a step is longer and its cost goes with the observed cells. The E-step gives mean and covariance of each row's
/// factors; the M-step regresses each column on them, over the rows in which it is observed:
/// <code>
/// (μ_j, λ_j) = S_j⁻¹ Σ w E[z̃] x_j,  S_j = Σ w E[z̃z̃ᵀ],  z̃ = (1, z);    ψ_j = (Σ w x_j² − (μ_j, λ_j)ᵀ Σ w E[z̃] x_j) / Σ w
/// </code>
/// A ridge of r degrees of freedom counts as r rows in which the factors are as spread as ever, and the column has its variance, 1, but
/// nothing to do with them: it adds r to Σ w x_j², to Σ w and to the diagonal of S_j, and −½r Σ_j (log ψ_j + (1 + λ_jᵀλ_j) / ψ_j) to the
/// objective. Rows are one loop, columns another, and each sum is made by one thread: the same bits on any number of threads.</remarks>
internal sealed class FactorEm : IEmModel<FactorParameters>, IEmCoordinates<FactorParameters>
{
    /// <summary>Least uniqueness, as a share of the column's variance: it keeps a Heywood column's likelihood finite.</summary>
    public const double LeastUniqueness = 1e-6;

    private const double ChunkCost = 100_000;

    private readonly FactorData _data;
    private readonly int _q;
    private readonly double[]? _shape; // ψ_j = σ² times it; null where each column has its own ψ_j
    private readonly double _shapeRows;
    private readonly double _ridge;
    private readonly FactorParameters? _known;
    private readonly ParallelOptions _parallel;
    private readonly int[] _chunks;

    /// <param name="data">The data.</param>
    /// <param name="factorCount">q.</param>
    /// <param name="noise">Uniquenesses by column, or one variance in the units of the data.</param>
    /// <param name="ridge">Degrees of freedom of the ridge prior; 0 for none.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="start">The deterministic start; null to find one.</param>
    public FactorEm(FactorData data, int factorCount, FactorNoise noise, double ridge, int threads,
        FactorParameters? start = null)
    {
        (_data, _q, _ridge, _known, _parallel) = (data, factorCount, ridge, start, ParallelWork.Options(threads));
        if (noise == FactorNoise.Equal)
        {
            // σ² in the units of the data is σ²/s_j² here; the geometric mean of the scales is taken out to keep numbers near 1.
            double middle = data.Scale.Average(Math.Log);
            _shape = Array.ConvertAll(data.Scale, s => Math.Exp(2 * (middle - Math.Log(s))));
            _shapeRows = data.ObservedCellWeight + ridge * data.ColumnCount;
        }
        _chunks = Chunks();
    }

    /// <inheritdoc/>
    public FactorParameters Initialize(EmStart start) => start.Index == 0 && _known is not null
        ? new FactorParameters(_known.Mean, _known.Loadings, _known.Uniquenesses) // without the metric of other data
        : FactorStart.Make(_data, _q, _shape, start);

    /// <inheritdoc/>
    public EmStep<FactorParameters> Step(FactorParameters current, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int p = _data.ColumnCount, r = _q + 1, patterns = _data.Patterns.Length;
        double[] scores = new double[_data.RowCount * _q], moments = new double[patterns * r * r], logs = new double[patterns];

        // E-step: for each pattern Σ w E[z̃z̃ᵀ], for each row E[z], and the log-likelihood.
        void Rows(int chunk)
        {
            var posterior = new FactorPosterior(current);
            var deviations = new double[p];
            for (int k = _chunks[chunk]; k < _chunks[chunk + 1]; k++)
                logs[k] = Expect(_data.Patterns[k], current, posterior, deviations, scores, moments.AsSpan(k * r * r, r * r));
        }
        if (_chunks.Length == 2) Rows(0);
        else ParallelWork.For(_chunks.Length - 1, _parallel, Rows);
        double logLikelihood = _data.LogJacobian, size = Math.Abs(_data.LogJacobian);
        foreach (double log in logs) (logLikelihood, size) = (logLikelihood + log, size + Math.Abs(log));

        // M-step: a regression for each column.
        double[] mean = new double[p], loadings = new double[p * _q], uniquenesses = new double[p], roots = new double[p * r * r];
        var usable = new bool[p];
        void Column(int j) =>
            usable[j] = Regress(j, current, scores, moments, mean, loadings, uniquenesses, roots.AsSpan(j * r * r, r * r));
        if (_chunks.Length == 2)
            for (int j = 0; j < p; j++) Column(j);
        else ParallelWork.For(p, _parallel, Column);
        if (_shape is not null)
        {
            // uniquenesses holds sums of squares so far
            double sum = 0;
            for (int j = 0; j < p; j++) sum += uniquenesses[j] / _shape[j];
            double variance = Math.Max(sum / _shapeRows, LeastUniqueness);
            for (int j = 0; j < p; j++) uniquenesses[j] = variance * _shape[j];
        }
        current.Metric = new FactorMetric(current, roots, _data.Weight,
            Array.ConvertAll(_data.ObservedWeights, n => (n + _ridge) / _data.Weight), _shape);
        double prior = 0, condition = 1;
        for (int j = 0; j < p; j++)
        {
            double psi = current.Uniquenesses[j], variance = current.Variance(j);
            condition = Math.Max(condition, variance / psi);
            if (_ridge > 0) prior -= 0.5 * _ridge * (Math.Log(psi) + (1 + variance - psi) / psi);
        }
        bool degenerate = !double.IsFinite(logLikelihood) || usable.Contains(false);
        return new EmStep<FactorParameters>(degenerate ? current : new FactorParameters(mean, loadings, uniquenesses),
            logLikelihood + prior, logLikelihood)
        {
            Degenerate = degenerate,
            Rounding = 4e-15 * (size + Math.Abs(prior)) + 2.2e-16 * _data.Weight * condition,
        };
    }

    private double Expect(FactorPattern pattern, FactorParameters current, FactorPosterior posterior, double[] deviations,
        double[] scores, Span<double> moments)
    {
        int q = _q, r = q + 1, o = pattern.Observed.Length;
        if (!posterior.Begin(pattern.Observed)) return double.NaN;
        double quadratics = 0;
        for (int i = 0; i < pattern.Rows.Length; i++)
        {
            ReadOnlySpan<double> cells = _data.Cells.AsSpan(pattern.FirstCell + i * o, o);
            for (int b = 0; b < o; b++) deviations[b] = cells[b] - current.Mean[pattern.Observed[b]];
            posterior.Given(deviations.AsSpan(0, o));
            double[] z = posterior.Mean;
            z.CopyTo(scores, (pattern.First + i) * q);
            double weight = pattern.Weights?[i] ?? 1;
            quadratics += weight * posterior.Quadratic;
            for (int a = 0; a < q; a++)
            {
                double x = weight * z[a];
                moments[(a + 1) * r] += x;
                for (int b = 0; b <= a; b++) moments[(a + 1) * r + b + 1] += x * z[b];
            }
        }
        moments[0] = pattern.Weight;
        for (int a = 0; a < q; a++)
            for (int b = 0; b <= a; b++) moments[(a + 1) * r + b + 1] += pattern.Weight * posterior.Covariance[a * q + b];
        return -0.5 * (pattern.Weight * (o * Math.Log(2 * Math.PI) + posterior.LogDeterminant) + quadratics);
    }

    /// <summary>The regression of a column on the factors. S_j is factored in <paramref name="root"/>. False where it cannot be.</summary>
    private bool Regress(int j, FactorParameters current, double[] scores, double[] moments, double[] mean, double[] loadings,
        double[] uniquenesses, Span<double> root)
    {
        int q = _q, r = q + 1;
        if (_data.ObservedWeights[j] == 0)
        {
            // A resample without this column's rows says nothing of it.
            mean[j] = current.Mean[j];
            current.Loading(j).CopyTo(loadings.AsSpan(j * q));
            uniquenesses[j] = _shape is null ? current.Uniquenesses[j] : 0;
            for (int a = 0; a < r; a++) root[a * r + a] = 1e-9;
            return true;
        }
        Span<double> cross = r <= 64 ? stackalloc double[r] : new double[r], beta = r <= 64 ? stackalloc double[r] : new double[r];
        cross.Clear();
        double square = 0;
        foreach ((int k, int place) in _data.Having[j])
        {
            FactorPattern pattern = _data.Patterns[k];
            ReadOnlySpan<double> part = moments.AsSpan(k * r * r, r * r);
            for (int i = 0; i < part.Length; i++) root[i] += part[i];
            int o = pattern.Observed.Length;
            for (int i = 0, cell = pattern.FirstCell + place, at = pattern.First * q; i < pattern.Rows.Length; i++, cell += o, at += q)
            {
                double x = _data.Cells[cell], weighted = x * (pattern.Weights?[i] ?? 1);
                square += weighted * x;
                cross[0] += weighted;
                for (int a = 0; a < q; a++) cross[a + 1] += weighted * scores[at + a];
            }
        }
        square += _ridge;
        for (int a = 1; a < r; a++) root[a * r + a] += _ridge;
        if (!Cholesky.Factor(root, r, r)) return false;
        cross.CopyTo(beta);
        Cholesky.SolveLower(root, r, r, beta, 1, 1);
        Cholesky.SolveUpper(root, r, r, beta, 1, 1);
        mean[j] = beta[0];
        beta[1..].CopyTo(loadings.AsSpan(j * q));
        double rest = square;
        for (int a = 0; a < r; a++) rest -= beta[a] * cross[a];
        rest = Math.Max(rest, 0);
        uniquenesses[j] = _shape is null ? Math.Max(rest / (_data.ObservedWeights[j] + _ridge), LeastUniqueness) : rest;
        return true;
    }

    /// <summary>The largest change, over the columns, of the mean in standard deviations, of the uniqueness as a share of the variance, and
    /// of the length of the column's row of ΛΛᵀ as correlations.</summary>
    /// <remarks>It does not depend on rotations of the factors. With D the difference and S the sum of the two Λ, the change of ΛΛᵀ is
    /// ½(SDᵀ + DSᵀ), in which little cancels.</remarks>
    public double Distance(FactorParameters from, FactorParameters to)
    {
        int p = _data.ColumnCount, q = _q;
        double[] difference = new double[p * q], sum = new double[p * q];
        double[] ss = new double[q * q], sd = new double[q * q], dd = new double[q * q];
        double largest = 0;
        for (int j = 0; j < p; j++)
        {
            double variance = from.Variance(j), reciprocal = 1 / Math.Sqrt(variance);
            largest = Math.Max(largest, Math.Abs(to.Mean[j] - from.Mean[j]) * reciprocal);
            largest = Math.Max(largest, Math.Abs(to.Uniquenesses[j] - from.Uniquenesses[j]) / variance);
            Span<double> d = difference.AsSpan(j * q, q), s = sum.AsSpan(j * q, q);
            for (int a = 0; a < q; a++)
            {
                d[a] = (to.Loading(j)[a] - from.Loading(j)[a]) * reciprocal;
                s[a] = (to.Loading(j)[a] + from.Loading(j)[a]) * reciprocal;
            }
            for (int a = 0; a < q; a++)
            {
                for (int b = 0; b < q; b++)
                {
                    ss[a * q + b] += s[a] * s[b];
                    sd[a * q + b] += s[a] * d[b];
                    dd[a * q + b] += d[a] * d[b];
                }
            }
        }
        for (int j = 0; j < p; j++)
        {
            ReadOnlySpan<double> d = difference.AsSpan(j * q, q), s = sum.AsSpan(j * q, q);
            double square = 0;
            for (int a = 0; a < q; a++)
                for (int b = 0, at = a * q; b < q; b++, at++)
                    square += d[a] * ss[at] * d[b] + 2 * d[a] * sd[at] * s[b] + s[a] * dd[at] * s[b];
            largest = Math.Max(largest, 0.5 * Math.Sqrt(Math.Max(0, square)));
        }
        return largest;
    }

    /// <inheritdoc/>
    public int CoordinateCount => _data.ColumnCount * (_q + 1) + (_shape is null ? _data.ColumnCount : 1);

    /// <inheritdoc/>
    public void Write(FactorParameters origin, FactorParameters point, Span<double> coordinates) =>
        MetricOf(origin).Write(point, coordinates);

    /// <inheritdoc/>
    public FactorParameters? Read(FactorParameters origin, ReadOnlySpan<double> coordinates) => MetricOf(origin).Read(coordinates);

    private FactorMetric MetricOf(FactorParameters origin)
    {
        if (origin.Metric is null) Step(origin, CancellationToken.None);
        return origin.Metric!;
    }

    /// <summary>The first pattern of each chunk, and the end: chunks of about equal cost, which depend on the data only.</summary>
    private int[] Chunks()
    {
        var starts = new List<int> { 0 };
        double cost = 0;
        for (int k = 0; k < _data.Patterns.Length; k++)
        {
            if (cost > ChunkCost)
            {
                starts.Add(k);
                cost = 0;
            }
            FactorPattern pattern = _data.Patterns[k];
            double cells = pattern.Observed.Length * (_q + 1.0);
            cost += cells * (_q + 1) + Math.Pow(_q + 1, 3) + pattern.Rows.Length * (3 * cells + 2 * (_q + 1) * (_q + 1));
        }
        return [.. starts, _data.Patterns.Length];
    }
}
