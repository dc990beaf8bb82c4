using System.Diagnostics;
using System.Globalization;
using Imputation.Models;
using Imputation.Models.Mixture;
using Imputation.Patterns;

namespace Imputation;

/// <summary>What mixtures are compared by.</summary>
public enum MixtureCriterion
{
    /// <summary>The Bayesian information criterion, <see cref="FitReport.Bic"/>.</summary>
    Bic,

    /// <summary>The integrated completed likelihood, <see cref="NormalMixtureFit.Icl"/>: components must be apart.</summary>
    Icl,

    /// <summary>The log density of hidden cells given the others of their rows: 10 % of the observed cells, in the patterns of missing
    /// cells that the table has, are hidden from a fit of their own; of small tables up to five times others.</summary>
    Hidden,
}

/// <summary>One of the mixtures that were compared.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record MixtureCandidate
{
    internal MixtureCandidate(int components, NormalMixtureFit fit, double score, double hiddenLogDensity)
    {
        Components = components;
        Fit = fit;
        Score = score;
        HiddenLogDensity = hiddenLogDensity;
    }

    /// <summary>Number of components.</summary>
    public int Components { get; internal init; }

    /// <summary>The fit to all cells.</summary>
    public NormalMixtureFit Fit { get; internal init; }

    /// <summary>The criterion; smaller is better. Of hidden cells it is −<see cref="HiddenLogDensity"/>.</summary>
    public double Score { get; internal init; }

    /// <summary>Mean log density of a hidden cell, in the units of the data; NaN where none was hidden.</summary>
    public double HiddenLogDensity { get; internal init; }

    /// <summary>Whether the fit converged to a proper end.</summary>
    public bool IsSound => Fit.Report.Outcome == EmOutcome.Converged && Fit.Report.ImproperEnd is null;

    /// <summary>How the fit ended, in words.</summary>
    internal string Outcome => IsSound ? "converged"
        : $"{Fit.Report.Outcome}{(Fit.Report.ImproperEnd is null ? "" : ", improper")}";

    /// <summary>The candidate in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Components} components: score {Score:F4}, log-likelihood {Fit.Report.LogLikelihood:F4}");
}

/// <summary>Mixtures that were compared, and the best of them. Immutable.</summary>
public sealed class MixtureChoice
{
    private const int HiddenKey = 77;

    private MixtureChoice(MixtureCriterion criterion, IReadOnlyList<MixtureCandidate> candidates)
    {
        Criterion = criterion;
        Candidates = candidates;
        Best = (candidates.Where(c => c.IsSound).MinBy(c => c.Score) ?? candidates.MinBy(c => c.Score)!).Fit;
    }

    /// <summary>What they were compared by.</summary>
    public MixtureCriterion Criterion { get; }

    /// <summary>All candidates, in the order of their numbers of components.</summary>
    public IReadOnlyList<MixtureCandidate> Candidates { get; }

    /// <summary>The fit of the one with the smallest score, among those that converged to a proper end.</summary>
    public NormalMixtureFit Best { get; }

    internal static MixtureChoice Among(Table table, ModelOptions common, int[] counts, MixtureCriterion criterion, RunOptions? run,
        CancellationToken cancellation, Func<int, (ModelOptions Options, MixturePlan Plan)> candidate)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (!Enum.IsDefined(criterion)) throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "There is no such criterion.");
        run ??= RunOptions.Default;
        SurveyReading survey = common.Read(table);
        var candidates = new List<MixtureCandidate>();
        foreach (int k in counts)
        {
            (ModelOptions options, MixturePlan plan) = candidate(k);
            var fit = (NormalMixtureFit)options.Prepare(survey, run, cancellation).Model;
            double hidden = criterion == MixtureCriterion.Hidden ? Hidden(survey.Table, options, plan, run, cancellation) : double.NaN;
            cancellation.ThrowIfCancellationRequested();
            candidates.Add(new MixtureCandidate(k, fit, criterion switch
            {
                MixtureCriterion.Bic => fit.Report.Bic,
                MixtureCriterion.Icl => fit.Icl,
                _ => -hidden,
            }, hidden));
        }
        return new MixtureChoice(criterion, candidates);
    }

    /// <summary>The log-likelihood of all cells less that of those not hidden, under a fit to the latter: the log density of the hidden
    /// ones given the others.</summary>
    private static double Hidden(Table table, ModelOptions options, MixturePlan plan, RunOptions run, CancellationToken cancellation)
    {
        (Column[] columns, _, MixtureLayout layout) = MixtureFitting.Columns(table, options, plan);
        var data = MixtureData.From(layout, columns, plan.Shape == MixtureShape.Spherical, table.RowWeights);
        var matrix = IncompleteMatrix.FromColumns(Array.ConvertAll(columns, ModelFrame.AsNumbers));
        MixtureEm all = MixtureFitting.Model(data, plan, options, run);
        double density = 0, weights = 0;
        foreach (bool[][] hidden in HoldoutCells.Several(matrix, MissingPatterns.Of(matrix), run.Seed, HiddenKey))
        {
            MixtureEm model = MixtureFitting.Model(data.Hiding(hidden, out double weight), plan, options, run);
            MixtureParameters fitted = EmDriver.Fit(model, plan.Components == 1 ? options with { Restarts = 1 } : options, run,
                cancellation).Parameters;
            cancellation.ThrowIfCancellationRequested();
            density += all.LogLikelihood(fitted) - model.LogLikelihood(fitted);
            weights += weight;
        }
        return density / weights;
    }
}
