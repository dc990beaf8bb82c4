using Imputation.Models.Gaussian;

namespace Imputation.Models.LatentNormal;

/// <summary>Mean and covariance of the latent variables, with a memory of the sites that expectation propagation ended with near
/// there.</summary>
/// <param name="Gaussian">Mean and covariance; the variance of scale-free latent variables is 1.</param>
/// <param name="Sites">The memory, shared by the points of one run: a start for the next E-step, whose result it does not change beyond its
/// tolerance.</param>
internal sealed record LatentParameters(GaussianParameters Gaussian, SiteMemory Sites)
{
    /// <summary>Rescales scale-free latent variables about their thresholds to variance 1, which no probability notices.</summary>
    public static GaussianParameters? Normalised(double[] mean, double[] covariance, LatentLayout layout)
    {
        int q = layout.Count;
        var scale = new double[q];
        for (int j = 0; j < q; j++) scale[j] = layout.ScaleFree[j] ? 1 / Math.Sqrt(covariance[j * q + j]) : 1;
        for (int i = 0; i < q; i++)
        {
            if (layout.ScaleFree[i]) mean[i] = layout.Origin[i] + scale[i] * (mean[i] - layout.Origin[i]);
            for (int j = 0; j <= i; j++) covariance[i * q + j] = covariance[j * q + i] *= scale[i] * scale[j];
            if (layout.ScaleFree[i]) covariance[i * q + i] = 1;
        }
        return GaussianParameters.Create(mean, covariance);
    }
}

/// <summary>The sites of every row's interval cells as the last E-step of a run left them.</summary>
internal sealed class SiteMemory
{
    private LatentData? _owner;
    private double[] _sites = [];

    /// <summary>Length of the last step of EM from here, in standard deviations.</summary>
    public double LastStep { get; set; } = 1;

    /// <summary>Takes sites for these data. A run may have begun over a sample: an interval then begins with the mean of its sites there,
    /// which is much nearer than nothing.</summary>
    public void For(LatentData data)
    {
        if (ReferenceEquals(_owner, data)) return;
        (LatentData? before, double[] old) = (_owner, _sites);
        _owner = data;
        _sites = new double[2L * data.UnitCount * data.LatentCount];
        if (before is null || !ReferenceEquals(before.Layout, data.Layout)) return;
        var sums = new Dictionary<(int, double), (double Precision, double Shift, int Count)>();
        int length = 2 * data.LatentCount;
        foreach ((int unit, int variable, int place) in Intervals(before))
        {
            (int, double) key = (variable, before.Lower(unit)[variable]);
            (double precision, double shift, int count) = sums.GetValueOrDefault(key);
            int at = unit * length + 2 * place;
            sums[key] = (precision + old[at], shift + old[at + 1], count + 1);
        }
        foreach ((int unit, int variable, int place) in Intervals(data))
        {
            if (!sums.TryGetValue((variable, data.Lower(unit)[variable]), out var sum)) continue;
            Span<double> own = Of(unit).Slice(2 * place, 2);
            (own[0], own[1]) = (sum.Precision / sum.Count, sum.Shift / sum.Count);
        }
    }

    /// <summary>Every interval: its unit, its latent variable, and its place among those of the unit.</summary>
    private static IEnumerable<(int Unit, int Variable, int Place)> Intervals(LatentData data) =>
        from g in data.Groups
        from unit in Enumerable.Range(g.First, g.Count)
        from place in Enumerable.Range(0, g.Intervals.Length)
        select (unit, g.Intervals[place], place);

    /// <summary>The sites of a unit: two numbers for each interval cell, in the order of latent variables.</summary>
    public Span<double> Of(int unit) => _sites.AsSpan(2 * unit * _owner!.LatentCount, 2 * _owner.LatentCount);
}
