using Imputation.Models;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation;

/// <summary>Chooses a model and how it is fitted.</summary>
public abstract record ModelOptions : EmOptions
{
    internal ModelOptions() { }

    /// <summary>Which columns of a table are modelled; by default every one that the model can use and that is not an identifier.</summary>
    public ColumnSelection Columns { get; init; } = ColumnSelection.Default;

    /// <summary>What the columns mean: missing codes, levels, universes; null where only the data say so.</summary>
    public Codebook? Codebook { get; init; }

    /// <summary>The column of survey weights: rows count in the estimates by it, and it is no predictor. Default null: the column that
    /// the codebook says to be a weight, and where it says none, all rows count the same.</summary>
    public string? Weight { get; init; }

    /// <summary>Whether effects of groups enter the model: where rows have a key, such as a household, what the others of its rows have
    /// predicts a row, the less the fewer they are. Default true.</summary>
    public bool GroupEffects { get; init; } = true;

    /// <summary>Prior of covariances, for models that have any; default <see cref="CovariancePrior.None"/>, maximum likelihood.</summary>
    public CovariancePrior Prior { get; init; } = CovariancePrior.None;

    /// <summary>Fits the model to a table.</summary>
    /// <param name="table">The data.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/>.</remarks>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public FittedModel Fit(Table table, RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        run ??= RunOptions.Default;
        run.Validate();
        return Prepare(Read(table), run, cancellation).Model;
    }

    /// <summary>Whether the model takes categories besides numbers.</summary>
    internal virtual bool TakesCategories => false;

    /// <summary>Fits the model to statistics of rows, such as those of parts of a table that were counted apart.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">The model needs the rows themselves; or no row, or no column that can be
    /// modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the statistics do not have.</exception>
    public FittedModel Fit(PatternStatistics statistics, RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        run ??= RunOptions.Default;
        run.Validate();
        return FitStatistics(statistics, run, cancellation);
    }

    /// <summary>Fits the model to statistics of rows, where it can.</summary>
    internal virtual FittedModel FitStatistics(PatternStatistics statistics, RunOptions run, CancellationToken cancellation) =>
        throw new ImputationDataException("This model needs the rows of the table; from statistics of rows only the normal model can be "
            + "fitted (--model normal).");

    /// <summary>Fits the model to rows that come in batches, such as those of a table that does not fit into memory.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="stream">How much memory they may take, and where those go that it does not hold.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">The model needs all rows in memory; or no row, or no column that can be
    /// modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the rows do not have.</exception>
    public FittedModel Fit(IRowSource rows, StreamOptions? stream = null, RunOptions? run = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        stream ??= StreamOptions.Default;
        stream.Validate();
        run ??= RunOptions.Default;
        run.Validate();
        return FitStream(rows, stream, run, cancellation);
    }

    /// <summary>Fits the model to rows that come in batches, where it can.</summary>
    internal virtual FittedModel FitStream(IRowSource rows, StreamOptions stream, RunOptions run, CancellationToken cancellation) =>
        throw new ImputationDataException("This model needs all rows in memory; to rows in batches only the normal model can be fitted "
            + "(--model normal). Or fit the model to some of the rows, and apply it to all.");

    /// <summary>Whether the model can predict by effects of groups.</summary>
    internal virtual bool TakesGroupEffects => true;

    /// <summary>Reads a table by the codebook, as far as its columns are used.</summary>
    /// <exception cref="ArgumentException">The table does not have the column of weights.</exception>
    internal SurveyReading Read(Table table)
    {
        Codebook? codebook = Codebook?.Confirmed() ?? table.Source?.Codebook;
        if (Weight is not null && !table.TryGetColumn(Weight, out _))
            throw new ArgumentException($"No column '{Weight}' of weights; the table has "
                + $"{TextFormat.Names(table.Columns.Select(c => c.Name))}.");
        return SurveyReading.Of(table, Weight is null ? codebook : (codebook ?? Codebook.Empty).WithWeight(Weight), Columns,
            groupEffects: GroupEffects && TakesGroupEffects);
    }

    /// <summary>These options for the columns, the codebook and the weights of others.</summary>
    internal ModelOptions For(ModelOptions other) => this with
    {
        Columns = other.Columns,
        Codebook = other.Codebook,
        Weight = other.Weight,
        GroupEffects = other.GroupEffects,
    };

    /// <summary>These options with all that does not depend on the model as in others.</summary>
    internal ModelOptions Like(ModelOptions other) => For(other) with
    {
        Prior = other.Prior,
        Tolerance = other.Tolerance,
        MaxIterations = other.MaxIterations,
        Restarts = other.Restarts,
        Accelerate = other.Accelerate,
        KnownRate = other.KnownRate,
    };

    /// <summary>Fits the model to a table that has been read; the fit keeps the codebook, and reports what the reading found.</summary>
    internal PreparedFit Prepare(SurveyReading survey, RunOptions run, CancellationToken cancellation)
    {
        PreparedFit fit = Prepare(survey.Table, run, cancellation);
        fit.Model.Keep(survey.Codebook, survey.Findings);
        return fit;
    }

    /// <summary>Fits the model and keeps intermediate results for reuse: the patterns, and a source of parameter draws.</summary>
    internal abstract PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation);

    /// <summary>These options with every choice made that a fit made by itself: to fit the same model again to nearly the same
    /// data.</summary>
    internal virtual ModelOptions Settled(FittedModel fit) => this with { Prior = fit.Report.Prior };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Columns);
        ArgumentNullException.ThrowIfNull(Prior);
    }
}
