using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>One of the distinct points where starts ended.</summary>
public sealed record NormalEndPoint : FitEndPoint
{
    internal NormalEndPoint(IReadOnlyList<string> columns, double[] mean, double[,] covariance, double objective, double logLikelihood,
        int startCount)
        : base(objective, logLikelihood, startCount)
    {
        Mean = Array.AsReadOnly(mean);
        Covariance = new SymmetricMatrix(columns, covariance);
    }

    /// <summary>p means, in the units of the data.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>p × p, in the units of the data.</summary>
    public SymmetricMatrix Covariance { get; }

    internal override IReadOnlyList<ModelParameter> Parameters => [new("mean", Mean.ToArray()), new("covariance", Covariance.Values)];

    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}

/// <summary>A fitted multivariate normal model. Immutable.</summary>
public sealed class NormalFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "normal";

    /// <summary>Multiplications up to which predictions take their uncertainty from the observed information.</summary>
    private const double MostInformationWork = 5e8;

    private SymmetricMatrix? _named;
    private GaussianMoments? _moments;
    private Predictive? _predicting;
    private readonly double[] _mean;
    private readonly double[,] _covariance;
    private bool _isDraw;

    /// <param name="mean">p means, copied.</param>
    /// <param name="covariance">p × p, copied.</param>
    internal NormalFit(double[] mean, double[,] covariance)
    {
        _mean = (double[])mean.Clone();
        _covariance = (double[,])covariance.Clone();
        Mean = Array.AsReadOnly(_mean);
    }

    /// <summary>Means of the modelled columns.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Maximum-likelihood (or posterior-mode) covariance of the modelled columns.</summary>
    /// <value>p × p, by place or by column names, divisor n (not n − 1), in the units of the data.</value>
    public SymmetricMatrix Covariance => _named ??= new SymmetricMatrix(Columns, _covariance);

    /// <summary>The distinct points where starts ended, best first.</summary>
    public IReadOnlyList<NormalEndPoint> EndPoints => [.. Report.EndPoints.Cast<NormalEndPoint>()];

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => "multivariate normal";

    internal override GaussianMoments Moments => _moments ??= new GaussianMoments(_mean, _covariance);

    internal override IConditional Over(ModelFrame frame) => new GaussianFrame(Predicting.Moments, frame, PredictionErrors);

    internal override Func<int, CancellationToken, FittedModel> Resampled(IRowSource rows, StreamOptions stream, RunOptions run) =>
        new StreamedBootstrap(rows, this, stream, run).Draw;

    internal override Finding? CautionInPredicting => Predicting.Prior is not { } prior ? null : new Finding(FindingSeverity.Warning,
        "singular-model", $"The covariance of the complete table that was fitted is singular; cells were predicted under the ridge prior "
            + $"{prior}, the weakest that makes it regular.", [], "Fit the model under a prior of your choice, such as ridge:1.");

    /// <summary>The moments that predict, and the ridge that makes them regular; null where they are as fitted.</summary>
    private sealed record Predictive(GaussianMoments Moments, CovariancePrior? Prior);

    private Predictive Predicting => _predicting ??= Regular();

    /// <summary>The moments, or where the sample is singular, which only complete data can be, those under the weakest ridge with which
    /// they predict.</summary>
    private Predictive Regular()
    {
        int n = Report.RowCount, p = Columns.Count;
        bool singular = Report.Method == FitMethod.Complete && Moments.Standardised.Parameters is null;
        foreach (double df in singular ? RidgeLadder.From(n > p ? 0 : 1) : [])
        {
            var shrunk = (double[,])_covariance.Clone();
            for (int i = 0; i < p; i++)
                for (int j = 0; j < p; j++) shrunk[i, j] *= i == j ? 1 : n / (n + df);
            var moments = new GaussianMoments(_mean, shrunk);
            if (moments.Standardised.Parameters is not null) return new Predictive(moments, CovariancePrior.Ridge(df));
        }
        return new Predictive(Moments, null);
    }

    /// <remarks>From the observed information where the fit still has its data and that takes less than about a second, else from
    /// counts. A draw of the parameters has no estimation error of its own: imputations show it by their differences.</remarks>
    internal override IPredictionErrors? PredictionErrors(long cells)
    {
        if (_isDraw || Report.RowCount == 0) return null;
        double p = Columns.Count, q = p * (p + 3) / 2;
        double work = cells * (q * q + 4 * p * p * p) + Report.PatternCount * Math.Pow(p, 4) / 4 + 2 * q * q * q;
        if (Data is not null && p <= ObservedInformation.MostColumns && work <= MostInformationWork
            && Moments.Standardised.Parameters is { } parameters && this.Information().Space is { } space)
            return new InformationErrors(space, parameters);
        long[] counts = [.. Columns.Select(name => Report.ColumnUses.FirstOrDefault(use => use.Name == name)?.ObservedCount ?? 0)];
        CovariancePrior prior = Report.Prior;
        double weight = prior.Kind is CovariancePriorKind.None or CovariancePriorKind.Auto ? 0 : prior.DegreesOfFreedom + p + 1;
        return counts.Contains(0) ? null : new CountedErrors(Report.RowCount, counts, weight);
    }

    internal override IReadOnlyList<ModelParameter> Parameters => [new("mean", _mean), new("covariance", _covariance)];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static NormalFit Read(IParameterReader file, FitReport report) => new(file.Vector("mean", file.Columns.Count),
        file.Covariance("covariance"))
    {
        Columns = file.Columns,
        Report = report with
        {
            EndPoints = [.. file.EndPoints.Zip(report.EndPoints).Select(e => new NormalEndPoint(
                file.Columns, e.First.Vector("mean", file.Columns.Count), e.First.Symmetric("covariance"), e.Second.Objective,
                    e.Second.LogLikelihood,
                    e.Second.StartCount))],
        },
    };

    /// <summary>The same model with other parameters, such as a draw: there is no likelihood, trace or score for these.</summary>
    internal NormalFit With(double[] mean, double[,] covariance) => new(mean, covariance)
    {
        Columns = Columns,
        Report = Report.OfDraw(),
        _isDraw = true,
    };

    /// <summary>The data that the fit was made from, as they were given; null of a fit read from a file.</summary>
    internal IncompleteMatrix? Data { get; init; }

    /// <summary>Whether the model was fitted to statistics of rows.</summary>
    internal bool IsOfStatistics { get; init; }

    /// <summary>Whether rows were weighted: the information of a weighted likelihood says nothing of sampling errors.</summary>
    internal bool IsWeighted { get; init; }

    /// <summary>The standard errors, once they were asked for.</summary>
    internal ObservedInformation? KnownInformation { get; set; }

    /// <summary>Most threads that the fit was made with, which are those of its standard errors too.</summary>
    internal int Threads { get; init; }
}
