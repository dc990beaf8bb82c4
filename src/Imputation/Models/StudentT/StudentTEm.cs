using Imputation.Em;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;

namespace Imputation.Models.StudentT;

/// <summary>EM for the multivariate t distribution with missing cells, on the standardised scale.</summary>
/// <remarks>Liu and Rubin (1995). Given a gamma variable u, of mean 1 and ν degrees of freedom, a row is N(μ, Σ/u). With o its observed
/// columns and δ = d_Oᵀ Σ_OO⁻¹ d_O, the E-step gives its weight and what ν needs,
/// <code>
/// w = E[u] = (ν + o) / (ν + δ)      E[log u] = ψ((ν + o)/2) − log((ν + δ)/2)
/// </code>
/// and the M-step weighted moments, Σ = (Σ w d̂d̂ᵀ + C) / n, with C the conditional covariance of the missing cells, and the ν that solves
/// log(ν/2) + 1 − ψ(ν/2) + mean(E[log u] − w) = 0. Chunks of patterns depend on the data only and are added in their order.</remarks>
internal sealed class StudentTEm : IEmModel<StudentTParameters>, IEmCoordinates<StudentTParameters>
{
    /// <summary>Range of ν. At the upper end the distribution is the normal one.</summary>
    public const double LeastDegrees = 0.05, MostDegrees = 1000;

    /// <summary>Variance of the scatter, in units of the column's own, at which it has collapsed on a value that many rows share: the
    /// likelihood grows without end, and the covariances of the column are noise.</summary>
    public const double Collapsed = 1e-20;

    private const double ChunkCost = 200_000;

    private readonly GaussianData _data;
    private readonly double? _fixedDegrees;
    private readonly StudentTParameters? _known;
    private readonly ParallelOptions _parallel;
    private readonly int[] _chunks;
    private readonly int[][] _observed;
    private readonly int[][] _missing;

    /// <param name="data">The data.</param>
    /// <param name="degreesOfFreedom">ν where it is given; null to estimate it.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="start">The deterministic start; null for available moments and ν = 10.</param>
    public StudentTEm(GaussianData data, double? degreesOfFreedom, int threads, StudentTParameters? start = null)
    {
        (_data, _fixedDegrees, _known, _parallel) = (data, degreesOfFreedom, start, ParallelWork.Options(threads));
        (_observed, _missing) = ([.. data.Patterns.Select(k => k.Observed.ToArray())], [.. data.Patterns.Select(k => k.Missing.ToArray())]);
        var starts = new List<int> { 0 };
        double cost = 0, p = data.ColumnCount;
        for (int k = 0; k < _observed.Length; k++)
        {
            if (cost > Math.Max(ChunkCost, 50 * p * p)) (starts, cost) = ([.. starts, k], 0);
            cost += p * p * p + data.Patterns.RowCountOf(k) * 2 * p * p;
        }
        _chunks = [.. starts, _observed.Length];
    }

    /// <inheritdoc/>
    public StudentTParameters Initialize(EmStart start)
    {
        if (start.Index == 0 && _known is not null) return _known;
        int p = _data.ColumnCount;
        var identity = new double[p * p];
        for (int j = 0; j < p; j++) identity[j * p + j] = 1;
        // Uncorrelated columns; random starts differ in how heavy their tails are, and in where they are.
        double[] mean = [.. Enumerable.Range(0, p).Select(j => start.Index == 0 ? 0
            : 0.5 * Numerics.Random.CounterRandom.Normal(start.Seed, start.Index, j, 0))];
        double degrees = start.Index == 0 ? 10 : Math.Exp(4 * Numerics.Random.CounterRandom.Uniform(start.Seed, start.Index, p, 0));
        return new StudentTParameters(GaussianParameters.Create(mean, identity)!, _fixedDegrees ?? degrees);
    }

    /// <summary>Sums over some of the rows.</summary>
    private sealed class Sums(int p)
    {
        public double Weight { get; set; }

        public double Scale { get; set; } // Σ (E[log u] − w)

        public double LogLikelihood { get; set; }

        public double Size { get; set; }

        public bool Failed { get; set; }

        public double[] First { get; } = new double[p];

        public double[] Second { get; } = new double[p * p]; // lower triangle
    }

    /// <inheritdoc/>
    public EmStep<StudentTParameters> Step(StudentTParameters current, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int p = _data.ColumnCount, chunks = _chunks.Length - 1;
        var parts = new Sums[chunks];
        void Chunk(int c)
        {
            parts[c] = new Sums(p);
            var row = new StudentTPattern(current);
            for (int k = _chunks[c]; k < _chunks[c + 1] && !parts[c].Failed; k++)
                if (_observed[k].Length > 0) Add(k, row, parts[c], null);
        }
        if (chunks == 1) Chunk(0);
        else ParallelWork.For(chunks, _parallel, Chunk);

        Sums all = new(p);
        foreach (Sums part in parts)
        {
            all.Weight += part.Weight;
            all.Scale += part.Scale;
            all.LogLikelihood += part.LogLikelihood;
            all.Size += part.Size;
            all.Failed |= part.Failed;
            AddScaled.To(all.First, 1, part.First);
            AddScaled.To(all.Second, 1, part.Second);
        }
        double n = _data.Weight, logLikelihood = all.LogLikelihood + _data.LogJacobian;
        double[] mean = new double[p], scatter = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            mean[i] = current.Normal.Mean[i] + all.First[i] / all.Weight;
            for (int j = 0; j <= i; j++)
                scatter[i * p + j] = scatter[j * p + i] = (all.Second[i * p + j] - all.First[i] * all.First[j] / all.Weight) / n;
        }
        bool collapsed = Enumerable.Range(0, p).Any(j => !(scatter[j * p + j] > Collapsed));
        GaussianParameters? next = all.Failed || !double.IsFinite(logLikelihood) || collapsed ? null
            : GaussianParameters.Create(mean, scatter);
        return new EmStep<StudentTParameters>(
            next is null ? current : new StudentTParameters(next, _fixedDegrees ?? Degrees(all.Scale / n)), logLikelihood, logLikelihood)
        {
            Degenerate = next is null,
            Rounding = 4e-15 * (all.Size + _data.LogJacobianSize) + 2.2e-16 * n * current.Normal.Condition,
        };
    }

    /// <summary>The weight of each row of the matrix, w; NaN where nothing is observed.</summary>
    public double[] Weights(StudentTParameters at)
    {
        var weights = new double[_data.Matrix.RowCount];
        Array.Fill(weights, double.NaN);
        var row = new StudentTPattern(at);
        for (int k = 0; k < _observed.Length; k++)
            if (_observed[k].Length > 0) Add(k, row, new Sums(_data.ColumnCount), weights);
        return weights;
    }

    private void Add(int k, StudentTPattern pattern, Sums sums, double[]? weights)
    {
        int p = _data.ColumnCount, o = _observed[k].Length;
        int[] observed = _observed[k], missing = _missing[k];
        if (!pattern.Begin(observed, missing))
        {
            sums.Failed = true;
            return;
        }
        double[] cells = new double[o], full = new double[p];
        double count = 0;
        foreach (int row in _data.Patterns.RowsOf(k))
        {
            double c = _data.RowWeights?[row] ?? 1;
            if (c == 0) continue;
            for (int b = 0; b < o; b++)
            {
                int j = observed[b];
                cells[b] = full[j] = (_data.Matrix[row, j] - _data.Center[j]) / _data.Scale[j] - pattern.Parameters.Normal.Mean[j];
            }
            pattern.Given(cells);
            for (int a = 0; a < missing.Length; a++) full[missing[a]] = pattern.Mean(a);
            double weighted = c * pattern.Weight;
            if (weights is not null) weights[row] = pattern.Weight;
            sums.Weight += weighted;
            sums.Scale += c * (pattern.LogWeight - pattern.Weight);
            sums.LogLikelihood += c * pattern.LogDensity;
            sums.Size += c * Math.Abs(pattern.LogDensity);
            AddScaled.To(sums.First, weighted, full);
            for (int i = 0; i < p; i++) AddScaled.To(sums.Second.AsSpan(i * p, i + 1), weighted * full[i], full.AsSpan(0, i + 1));
            count += c;
        }
        for (int a = 0; a < missing.Length; a++)
            for (int b = 0; b <= a; b++) sums.Second[missing[a] * p + missing[b]] += count * pattern.Covariance[a * missing.Length + b];
    }

    /// <summary>The root of log(ν/2) + 1 − ψ(ν/2) + m, which falls with ν, by bisection in log ν.</summary>
    private static double Degrees(double m)
    {
        double low = Math.Log(LeastDegrees), high = Math.Log(MostDegrees);
        double Slope(double logDegrees) => Math.Exp(logDegrees) / 2 is var x ? Math.Log(x) + 1 - Gamma.Digamma(x) + m : 0;
        if (Slope(high) >= 0) return MostDegrees;
        if (Slope(low) <= 0) return LeastDegrees;
        for (int i = 0; i < 200 && high - low > 1e-16 * Math.Abs(high); i++)
        {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) break;
            if (Slope(middle) > 0) low = middle;
            else high = middle;
        }
        return Math.Exp(0.5 * (low + high));
    }

    /// <summary><see cref="GaussianCoordinates.Distance"/>; and the change of log ν, less the higher ν is, as it then matters
    /// less.</summary>
    public double Distance(StudentTParameters from, StudentTParameters to)
    {
        double ofDegrees = double.IsInfinity(from.DegreesOfFreedom) ? 0
            : Math.Abs(Math.Log(to.DegreesOfFreedom / from.DegreesOfFreedom)) / (1 + from.DegreesOfFreedom / 10);
        return Math.Max(ofDegrees, GaussianCoordinates.Distance(from.Normal, to.Normal));
    }

    /// <summary>Those of mean and scatter, and of log ν where it is estimated.</summary>
    public int CoordinateCount => GaussianCoordinates.Count(_data.ColumnCount) + (_fixedDegrees is null ? 1 : 0);

    /// <summary><see cref="GaussianCoordinates"/>, and log ν by the root of its information.</summary>
    public void Write(StudentTParameters origin, StudentTParameters point, Span<double> coordinates)
    {
        GaussianCoordinates.Write(origin.Normal, point.Normal, 1, coordinates);
        if (_fixedDegrees is null) coordinates[^1] = LogWeight(origin) * Math.Log(point.DegreesOfFreedom / origin.DegreesOfFreedom);
    }

    /// <inheritdoc/>
    public StudentTParameters? Read(StudentTParameters origin, ReadOnlySpan<double> coordinates)
    {
        if (GaussianCoordinates.Read(origin.Normal, 1, coordinates) is not { } normal) return null;
        return new StudentTParameters(normal, _fixedDegrees ?? Math.Clamp(origin.DegreesOfFreedom
            * Math.Exp(coordinates[^1] / LogWeight(origin)), LeastDegrees, MostDegrees));
    }

    /// <summary>The root of the complete-data information about log ν from one row, ν²(¼ψ′(ν/2) − 1/(2ν)).</summary>
    private static double LogWeight(StudentTParameters at)
    {
        double nu = at.DegreesOfFreedom;
        return Math.Sqrt(nu * nu * (0.25 * Gamma.Trigamma(0.5 * nu) - 0.5 / nu));
    }
}
