using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Em.Certificate;

/// <summary>The leading eigenvalues of the EM map's derivative at a point near a fixed one.</summary>
/// <remarks>The derivative is J = I − I_com⁻¹ I_obs (Dempster, Laird and Rubin 1977, §3): an eigenvalue is a fraction of missing
/// information. The largest is EM's linear rate. 1 means no information along that direction; above 1 the observed information is
/// negative there and the point is a saddle. The eigenvalues are found from differences of the map, as J is symmetric in
/// <see cref="IEmCoordinates{T}"/> about the point: a model needs no derivatives. A run's last steps are such differences already,
/// mostly along the slow directions. In addition, the direction of the largest eigenvalue is measured, and a random vector shows
/// whether the run has missed one.</remarks>
internal sealed class EmCurvature
{
    private const int FewestMeasured = 6, MostMeasured = 40, MostAtRandom = 20;

    /// <summary>The same where a rate to two digits is asked for, and the distance from the largest eigenvalue beyond which there is then
    /// no other.</summary>
    private const int MostToTheEnd = 60;
    private const double Near = 0.004;

    /// <summary>Error up to which the image of a direction is taken from a run's steps. It affects only the products of such
    /// directions with each other: along a measured one the images are corrected.</summary>
    private const double Trust = 0.03;

    /// <summary>Asymmetry of J above which the differences may be mostly rounding.</summary>
    private const double Asymmetric = 1e-3;

    /// <summary>Eigenvalue from which on forward differences do not decide whether it is 1.</summary>
    private const double CloseToOne = 0.999;

    private readonly RitzSpace _space;
    private readonly double _flatness;

    private EmCurvature(RitzSpace space, double flatness)
    {
        _space = space;
        _flatness = flatness;
        foreach (double value in space.Values)
            if (value < 1 - flatness) DeterminedRate = Math.Max(DeterminedRate, value);
    }

    /// <summary>The largest eigenvalue.</summary>
    public double Rate => _space.Values[0];

    /// <summary>The largest eigenvalue below 1: the rate along the directions that the data determine.</summary>
    public double DeterminedRate { get; }

    /// <summary>The direction of the largest eigenvalue, of unit length, in coordinates about the point.</summary>
    public double[] Direction => _space.Directions[0];

    /// <summary>Whether the objective seems to curve upward along <see cref="Direction"/>.</summary>
    public bool IsSaddle => Rate > 1 + _flatness;

    /// <summary>Whether the objective is flat along <see cref="Direction"/>.</summary>
    public bool IsFlat => Math.Abs(Rate - 1) <= _flatness;

    /// <summary>(I − J)⁻¹ f, the way that is left after a step f: exact inside the space that was looked at, and at most this long outside
    /// of it, by the largest rate. Directions that the data do not determine do not count.</summary>
    public (double[] Inside, double[] Outside) Remaining(double[] step)
    {
        double[] outside = (double[])step.Clone(), inside = new double[step.Length];
        for (int k = 0; k < _space.Count; k++)
        {
            double share = Dot.Product(_space.Directions[k], step);
            AddScaled.To(outside, -share, _space.Directions[k]);
            if (_space.Values[k] < 1 - _flatness) AddScaled.To(inside, share / (1 - _space.Values[k]), _space.Directions[k]);
        }
        for (int i = 0; i < outside.Length; i++) outside[i] /= 1 - DeterminedRate;
        return (inside, outside);
    }

    /// <summary>Directions looked at that the data determine, and I − J times each; least determined last.</summary>
    public IEnumerable<(double[] Way, double[] Change)> Determined()
    {
        for (int k = _space.Count - 1; k >= 0; k--)
        {
            if (_space.Values[k] >= 1 - _flatness) continue;
            var change = (double[])_space.Directions[k].Clone();
            AddScaled.To(change, -1, _space.Images[k]);
            yield return (_space.Directions[k], change);
        }
    }

    /// <summary>Analyses the map about a point, which is 0 in its coordinates.</summary>
    /// <param name="map">The EM map in coordinates; null where a point has no image.</param>
    /// <param name="image">The image of 0.</param>
    /// <param name="known">The run's information on the derivative: differences of points near by, newest first, the differences of
    /// their images, and their distance from this point.</param>
    /// <param name="lengthened">About (I − J)⁻¹ times a vector, if the run knows that.</param>
    /// <param name="toTheEnd">Whether another eigenvalue is excluded close to the largest that was found, instead of half-way from it to
    /// 1. This takes many more evaluations of the map.</param>
    /// <returns>Null where the map cannot be differentiated: the point is next to the degenerate.</returns>
    public static EmCurvature? Analyse(
        Func<double[], double[]?> map,
        double[] image,
        List<(double[] Way, double[] Image, double Distance)>? known = null,
        Func<double[], double[]>? lengthened = null,
        bool toTheEnd = false)
    {
        var space = new RitzSpace();
        foreach ((double[] way, double[] itsImage, double distance) in known ?? []) space.Infer(way, itsImage, distance, Trust);
        var chain = new RandomChain(image.Length);
        double forward = 1e-6, flatness = 1e-6;
        double[]? Forward(double[] v) => Scaled(map(Scaled(v, forward)!), 1 / forward, image);
        Search(Forward, space, chain, lengthened, flatness, double.PositiveInfinity, toTheEnd);
        bool doubtful = space.Count == 0 || chain.Asymmetry > Asymmetric;
        if (!doubtful && space.Values[0] <= CloseToOne) return new EmCurvature(space, flatness);

        // The rounding error of an image: its change under a change of the point that is far too small to matter.
        // Where the parameters are nearly degenerate it is not small, and differences must be taken over longer steps.
        const double imperceptible = 1e-13;
        double[]? again = Scaled(map(Scaled(RandomChain.RandomUnit(image.Length), imperceptible)!), 1, image);
        double noise = again is null ? imperceptible : Math.Max(imperceptible, Math.Sqrt(Dot.Product(again, again)));
        if (doubtful && Math.Sqrt(noise) > forward)
        {
            forward = Math.Sqrt(noise);
            Search(Forward, space = new RitzSpace(), new RandomChain(image.Length), lengthened, flatness, double.PositiveInfinity,
                toTheEnd);
        }
        if (space.Count == 0) return null;

        // Forward differences cost one step of the map each; where they find the rate close to 1 the question is 1 or not 1,
        // and central differences decide it.
        double central = Math.Max(1e-4, Math.Cbrt(noise));
        flatness = Math.Max(flatness, 10 * (noise / central + central * central));
        double[]? Central(double[] v)
        {
            double[]? behind = map(Scaled(v, -central)!);
            return behind is null ? null : Scaled(map(Scaled(v, central)!), 0.5 / central, behind);
        }
        if (space.Values[0] > CloseToOne)
        {
            space.Distrust();
            Search(Central, space, null, lengthened, flatness, CloseToOne, toTheEnd: false);
        }
        return new EmCurvature(space, flatness);
    }

    /// <summary>Measures until the largest eigenvalue is settled and a larger one excluded.</summary>
    /// <param name="derivative">J v for a unit vector v; null where the map cannot be differentiated.</param>
    /// <param name="space">The known directions and images, before and after.</param>
    /// <param name="chain">Vectors that search for a missed eigenvalue; null for no search.</param>
    /// <param name="lengthened">About (I − J)⁻¹ times a vector: the error of the largest eigenvalue's direction lies mostly along the
    /// slow ones (Davidson 1975).</param>
    /// <param name="flatness">Difference from 1 that counts as none.</param>
    /// <param name="inQuestion">Eigenvalues above this are measured, the largest in any case.</param>
    /// <param name="toTheEnd">See <see cref="Analyse"/>.</param>
    private static void Search(
        Func<double[], double[]?> derivative,
        RitzSpace space,
        RandomChain? chain,
        Func<double[], double[]>? lengthened,
        double flatness,
        double inQuestion,
        bool toTheEnd)
    {
        bool inferred = space.Count > 0;
        if (inferred) space.Solve();
        double lastMet = double.NaN, enough = chain is null ? 0.99 : 0.5; // where the question is 1 or not 1, inferring does not do
        for (int measured = 0; measured < (toTheEnd ? MostToTheEnd : MostMeasured); measured++)
        {
            int k = 0;
            while (k < space.Count && (space.Measured(k) > enough || (k > 0 && space.Values[k] < inQuestion))) k++;
            if (k < space.Count)
            {
                if (derivative(space.Directions[k]) is not { } better) return;
                space.Measure(k, better);
                space.Solve();
                continue;
            }

            // The error of a symmetric matrix's eigenvalue goes with the square of the residual: a tenth of the gap to 1 leaves it a
            // hundredth of that gap. So does twice as much where other eigenvalues, as far as the last residual met them, are far enough
            // away.
            double top = space.Count == 0 ? double.NaN : space.Values[0], gap = Math.Abs(1 - top);
            double[]? residual = space.Count == 0 ? null : space.Residual(0);
            double length = residual is null ? double.NaN : Math.Sqrt(Dot.Product(residual, residual));
            bool settled = length < Math.Max(0.1 * gap, flatness / 4)
                || (length < 0.2 * gap && length * length < 0.01 * gap * (top - lastMet));
            bool excluded = chain is null || chain.Count >= (toTheEnd ? MostToTheEnd : MostAtRandom)
                || (measured >= FewestMeasured && chain.Excludes(toTheEnd ? top + Near : Math.Max(top, (1 + top) / 2)));
            if (settled && excluded) return;
            bool fromChain = chain is not null && (!excluded || !inferred);
            double[]? wanted = fromChain ? chain!.Next(space) : space.Outside(lengthened is null ? residual! : lengthened(residual!))?.Unit;
            if (wanted is not { } direction || derivative(direction) is not { } image) return;
            space.Add(direction, image);
            if (fromChain) chain!.Add(space, direction, image);
            else lastMet = Dot.Product(direction, image);
            space.Solve();
        }
    }

    /// <summary>(a − b) · scale, b being 0 by default.</summary>
    private static double[]? Scaled(double[]? a, double scale, double[]? b = null)
    {
        if (a is null) return null;
        var scaled = new double[a.Length];
        for (int i = 0; i < a.Length; i++) scaled[i] = (a[i] - (b is null ? 0 : b[i])) * scale;
        return scaled;
    }
}
