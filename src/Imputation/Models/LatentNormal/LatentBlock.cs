using System.Runtime.CompilerServices;
using Imputation.Models.Gaussian;
using Imputation.Numerics;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.LatentNormal;

/// <summary>The posterior of all latent variables of up to eight rows side by side, which have as many points and as many intervals but
/// not the same. A workspace for one thread.</summary>
/// <remarks>A table with cells missing at random has nearly as many patterns as rows, so that little can be shared among rows; but eight
/// rows can take the same steps at once (<see cref="LaneMatrices"/>). With C the points, I the intervals and M the missing: I and M are
/// conditioned on C; expectation propagation, as in <see cref="ExpectationPropagation"/>, gives the posterior of I; and that of M follows
/// by regression on I. A row's result is the same in any lane and beside any other rows.</remarks>
internal sealed class LatentBlock(int q)
{
    /// <summary>Number of rows at most.</summary>
    public const int Lanes = LaneMatrices.Lanes;

    private const int MostSweeps = 200;

    private readonly double[] _prior = new double[LaneMatrices.Length(q)];     // C, I, M: given C
    private readonly double[] _posterior = new double[LaneMatrices.Length(q)]; // I, M
    private readonly double[] _known = new double[q * Lanes];                  // z_C − μ_C
    private readonly double[] _regressed = new double[q * Lanes];              // E z given C, less μ
    private readonly double[] _mean = new double[q * Lanes];                   // posterior, of I
    private readonly double[] _priorMean = new double[q * Lanes];              // of I given C
    private readonly double[] _lower = new double[q * Lanes];
    private readonly double[] _upper = new double[q * Lanes];
    private readonly double[] _precision = new double[q * Lanes]; // τ
    private readonly double[] _shift = new double[q * Lanes];     // ν
    private readonly double[] _column = new double[q * Lanes];
    private readonly LaneMoves _moves = new(q);
    private readonly double[] _variance = new double[Lanes]; // posterior, of one interval
    private readonly int[] _order = new int[q * Lanes];
    private readonly LatentGroup?[] _groups = new LatentGroup?[Lanes];
    private readonly double[] _alpha = new double[Lanes];
    private readonly double[] _beta = new double[Lanes];
    private readonly double[] _quadratic = new double[Lanes];
    private readonly double[] _logDeterminant = new double[Lanes];
    private readonly LogProduct[] _ratio = new LogProduct[Lanes]; // |V₀|/|V|
    private readonly LogProduct[] _mass = new LogProduct[Lanes];
    private readonly double[] _log = new double[Lanes];
    private readonly bool[] _done = new bool[Lanes];
    private SiteCavity? _cavity;
    private GaussianParameters? _parameters;
    private int _count;
    private int _points;
    private int _intervals;

    /// <summary>Log density of the points and log mass of the box, of each row.</summary>
    public double[] Evidence { get; } = new double[Lanes];

    /// <summary>Number of variables that are not points: intervals, then missing.</summary>
    public int FreeCount => q - _points;

    /// <summary>Their covariance: lower triangles, interleaved.</summary>
    public ReadOnlySpan<double> Covariance => _posterior.AsSpan(0, LaneMatrices.Length(FreeCount));

    /// <summary>The variable at each place, points first, interleaved.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <summary>Takes rows, all of which have as many points and intervals as the first.</summary>
    /// <param name="parameters">Mean and covariance.</param>
    /// <param name="data">The data.</param>
    /// <param name="groups">The group of each row.</param>
    /// <param name="units">The rows.</param>
    /// <param name="count">Their number.</param>
    /// <param name="sites">Where expectation propagation begins, and where it ended.</param>
    /// <param name="tolerance">Largest change of a site in a last sweep, in standard deviations.</param>
    public void Run(GaussianParameters parameters, LatentData data, LatentGroup[] groups, int[] units, int count, SiteMemory sites,
        double tolerance)
    {
        _count = count;
        (_points, _intervals) = (groups[0].Points.Length, groups[0].Intervals.Length);
        Condition(parameters, groups);
        Regress(parameters, data, units);
        if (_intervals > 0)
        {
            Begin(parameters, data, units, sites);
            Sweep(tolerance);
        }
        double constant = _points * Math.Log(2 * Math.PI);
        for (int lane = 0; lane < count; lane++)
        {
            Evidence[lane] = _points == 0 ? 0 : -0.5 * (constant + _logDeterminant[lane] + _quadratic[lane]);
            if (_intervals == 0) continue;
            // ½ log|V|/|V₀|, and what the sites contribute.
            Evidence[lane] += _log[lane] + 0.5 * (_mass[lane].Log - _ratio[lane].Log);
            Span<double> own = sites.Of(units[lane]);
            for (int j = 0; j < _intervals; j++)
                (own[2 * j], own[2 * j + 1]) = (_precision[j * Lanes + lane], _shift[j * Lanes + lane]);
        }
        LaneMatrices.Extend(_prior, _points, _intervals, q - _points - _intervals, _precision, _posterior, _column);
    }

    /// <summary>E z − μ of a row, in the order of variables.</summary>
    public void Deviations(int lane, Span<double> target)
    {
        int c = _points, k = _intervals;
        for (int p = 0; p < c; p++) target[_order[p * Lanes + lane]] = _known[p * Lanes + lane];
        for (int j = 0; j < k; j++)
        {
            int variable = _order[(c + j) * Lanes + lane], at = j * Lanes + lane;
            target[variable] = _mean[at] - _parameters!.Mean[variable];
            // With P the prior, a missing variable's mean moves by P_MI (ν − τm).
            _column[at] = _shift[at] - _precision[at] * _mean[at];
        }
        for (int a = c + k; a < q; a++)
        {
            int row = (a * (a + 1) / 2 + c) * Lanes + lane;
            double sum = _regressed[a * Lanes + lane];
            for (int j = 0; j < k; j++) sum += _prior[row + j * Lanes] * _column[j * Lanes + lane];
            target[_order[a * Lanes + lane]] = sum;
        }
    }

    /// <summary>The covariance of intervals and missing given the points; that of the rows before, where they had the same kinds of
    /// cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Condition(GaussianParameters parameters, LatentGroup[] groups)
    {
        bool same = ReferenceEquals(parameters, _parameters);
        for (int lane = 0; lane < Lanes; lane++)
        {
            // An empty lane does the same as the first.
            LatentGroup group = groups[lane < _count ? lane : 0];
            if (ReferenceEquals(_groups[lane], group)) continue;
            same = false;
            _groups[lane] = group;
            for (int i = 0; i < q; i++) _order[i * Lanes + lane] = group.Order[i];
        }
        if (same) return;
        _parameters = parameters;
        double[] covariance = parameters.Covariance;
        Span<int> rows = stackalloc int[Lanes];
        for (int i = 0, at = 0; i < q; i++)
        {
            for (int lane = 0; lane < Lanes; lane++) rows[lane] = _order[i * Lanes + lane] * q;
            for (int j = 0; j <= i; j++, at += Lanes)
            {
                Span<double> target = _prior.AsSpan(at, Lanes);
                ReadOnlySpan<int> columns = _order.AsSpan(j * Lanes, Lanes);
                for (int lane = 0; lane < Lanes; lane++) target[lane] = covariance[rows[lane] + columns[lane]];
            }
        }
        LaneMatrices.Condition(_prior, q, _points);
        for (int lane = 0; lane < Lanes; lane++)
        {
            LogProduct pivots = LogProduct.One;
            for (int p = 0; p < _points; p++) pivots.Multiply(_prior[p * (p + 3) / 2 * Lanes + lane]);
            _logDeterminant[lane] = pivots.Log;
        }
    }

    private void Regress(GaussianParameters parameters, LatentData data, int[] units)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            ReadOnlySpan<double> points = data.Lower(units[lane < _count ? lane : 0]);
            for (int at = lane; at < _points * Lanes; at += Lanes) _known[at] = points[_order[at]] - parameters.Mean[_order[at]];
        }
        Array.Clear(_regressed);
        LaneMatrices.Regress(_prior, q, _points, _regressed, _known, _quadratic);
    }

    private void Begin(GaussianParameters parameters, LatentData data, int[] units, SiteMemory sites)
    {
        int c = _points, k = _intervals;
        for (int j = 0, to = 0; j < k; j++)
        {
            int row = (c + j) * (c + j + 1) / 2 + c, length = (j + 1) * Lanes;
            _prior.AsSpan(row * Lanes, length).CopyTo(_posterior.AsSpan(to));
            to += length;
        }
        for (int lane = 0; lane < Lanes; lane++)
        {
            int unit = units[lane < _count ? lane : 0];
            ReadOnlySpan<double> lower = data.Lower(unit), upper = data.Upper(unit);
            Span<double> own = sites.Of(unit);
            for (int j = 0; j < k; j++)
            {
                int at = j * Lanes + lane, variable = _order[c * Lanes + at];
                (_lower[at], _upper[at]) = (lower[variable], upper[variable]);
                _priorMean[at] = _mean[at] = parameters.Mean[variable] + _regressed[c * Lanes + at];
                bool usable = lane < _count && IntervalSite.IsUsable(own[2 * j], own[2 * j + 1]);
                (_precision[at], _shift[at]) = usable ? (own[2 * j], own[2 * j + 1]) : (0, 0);
            }
            _ratio[lane] = LogProduct.One;
            _done[lane] = lane >= _count;
        }
        _moves.Clear();
        for (int j = 0; j < k; j++)
        {
            bool any = false;
            _moves.Diagonal(_posterior, k, j, _variance);
            for (int lane = 0; lane < Lanes; lane++)
            {
                int at = j * Lanes + lane;
                any |= Propose(j, lane, _precision[at], _shift[at]);
            }
            if (any) _moves.Add(_posterior, k, j, _alpha, _beta, _mean);
        }
    }

    /// <summary>Moves the sites of all rows until they agree. A row is done after a sweep in which none of its sites would change by more
    /// than the tolerance, and what the sites contribute to the evidence is then known too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sweep(double tolerance)
    {
        Span<bool> moved = stackalloc bool[Lanes];
        for (int sweep = 0; sweep <= MostSweeps; sweep++)
        {
            // A last time without moves where they do not come to agree.
            double least = sweep == MostSweeps ? double.PositiveInfinity : tolerance;
            moved.Clear();
            for (int lane = 0; lane < Lanes; lane++)
                if (!_done[lane]) (_mass[lane], _log[lane]) = (LogProduct.One, 0);
            for (int j = 0; j < _intervals; j++)
            {
                bool any = false;
                _moves.Diagonal(_posterior, _intervals, j, _variance);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    _alpha[lane] = _beta[lane] = 0;
                    if (_done[lane]) continue;
                    int at = j * Lanes + lane;
                    double precision = _precision[at], shift = _shift[at];
                    (double cavity, double cavityMean) = SiteCavity.IsNeeded(_variance[lane], precision) ? Cavity(j, lane)
                        : IntervalSite.Cavity(_variance[lane], _mean[at], precision, shift);
                    double change = IntervalSite.Choose(_variance[lane], _mean[at], cavity, cavityMean, _priorMean[at], _lower[at],
                        _upper[at], ref precision, ref shift, out double mass, out double log);
                    _mass[lane].Multiply(mass);
                    _log[lane] += log;
                    // One that is not a number ends there.
                    if (!(change > least)) continue;
                    any |= Propose(j, lane, precision - _precision[at], shift - _shift[at]);
                    (_precision[at], _shift[at], moved[lane]) = (precision, shift, true);
                }
                if (any) _moves.Add(_posterior, _intervals, j, _alpha, _beta, _mean);
            }
            bool all = true;
            for (int lane = 0; lane < Lanes; lane++) all &= _done[lane] |= !moved[lane];
            if (all) break;
        }
        _moves.Make(_posterior, _intervals);
    }

    private (double Variance, double Mean) Cavity(int j, int lane)
    {
        SiteCavity cavity = _cavity ??= new SiteCavity(q);
        for (int i = 0; i < _intervals; i++)
        {
            int from = ((_points + i) * (_points + i + 1) / 2 + _points) * Lanes + lane;
            for (int l = 0; l <= i; l++) cavity.Prior[i * cavity.Stride + l] = _prior[from + l * Lanes];
            int at = i * Lanes + lane;
            (cavity.PriorMean[i], cavity.Precision[i], cavity.Shift[i]) = (_priorMean[at], _precision[at], _shift[at]);
        }
        return cavity.Of(j, _intervals);
    }

    /// <summary>V ← V − Δτ/(1 + Δτ V_jj) V_·j V_j·, m ← m + (Δν − Δτ m_j)/(1 + Δτ V_jj) V_·j, in a lane.</summary>
    private bool Propose(int j, int lane, double byPrecision, double byShift)
    {
        double ratio = 1 + byPrecision * _variance[lane];
        _alpha[lane] = -byPrecision / ratio;
        _beta[lane] = (byShift - byPrecision * _mean[j * Lanes + lane]) / ratio;
        _ratio[lane].Multiply(ratio);
        return byPrecision != 0 || byShift != 0;
    }
}
