using System.CommandLine;
using Imputation.Cli.Exits;

namespace Imputation.Cli.Options;

/// <summary>How the model is fitted: the same for <c>fill</c> and <c>fit</c>.</summary>
internal sealed class FittingOptions
{
    private readonly Option<ModelOptions?> _model = new("--model")
    {
        Description = "Model: normal (multivariate normal, numbers only), latent (latent normal: numbers and categories), mixture:K (K "
            + "normal components), classes:K (K latent classes of categories), factor:Q (factor analysis with Q factors, by default as "
            + "many as predict hidden cells best), t (multivariate t, for heavy tails), auto (these are compared by hidden cells, and "
            + "combined column by column), or best (the one of them that predicts hidden cells best). Default: normal where no category is "
            + "modelled, otherwise latent.",
        HelpName = "normal|latent|mixture:K|classes:K|factor[:Q]|t|auto|best",
        CustomParser = Values.Model,
    };

    private readonly Option<CovariancePrior?> _prior = new("--prior")
    {
        Description = "Prior of the covariance: none (maximum likelihood), auto (none if the likelihood has a unique maximum, otherwise "
            + "the weakest ridge that gives one; with few rows for the columns the ridge that predicts hidden cells best; for the latent "
            + "normal model ridge:2), ridge:DF, or jeffreys.",
        HelpName = "none|auto|ridge:DF|jeffreys",
        CustomParser = Values.Prior,
        DefaultValueFactory = _ => CovariancePrior.Auto,
    };

    private readonly Option<MixtureShape?> _shape = new("--shape")
    {
        Description = "Covariances of a mixture's components: full (the default), tied, diagonal or spherical.",
        HelpName = "full|tied|diagonal|spherical",
        CustomParser = Values.Shape,
    };

    private readonly Option<int?> _restarts = new("--restarts")
    {
        Description = "Number of starting points, 1 by default and for mixtures and classes 200; with more than one, distinct maxima are "
            + "reported.",
        HelpName = "K",
        CustomParser = result => Values.Whole(1, "a number of starts")(result),
    };

    private readonly Option<double?> _tolerance = new("--tolerance")
    {
        Description = "Convergence tolerance: estimated distance to the maximum, in standard deviations; default 1e-6, for the latent "
            + "normal model 1e-4, for t 1e-8.",
        HelpName = "T",
        CustomParser = Values.Positive,
    };

    private readonly Option<int> _maxIterations = new("--max-iterations")
    {
        Description = "Maximum number of iterations per start.",
        HelpName = "N",
        CustomParser = Values.Whole(1, "a number of iterations"),
        DefaultValueFactory = _ => NormalOptions.Default.MaxIterations,
    };

    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "Column of survey weights: rows count by it in the estimates, and it is no predictor.",
        HelpName = "COLUMN",
    };

    private readonly Option<bool> _noGroupEffects = new("--no-group-effects")
    {
        Description = "Rows of a group, such as a household, say nothing of each other.",
    };

    private readonly Option<bool> _noAcceleration = new("--no-acceleration")
    {
        Description = "Disable acceleration (same result, "
        + "slower)."
    };

    /// <param name="command">The command.</param>
    /// <param name="clusters">Whether it fits mixtures only, so that there is no model to choose.</param>
    public void AddTo(Command command, bool clusters = false)
    {
        if (!clusters) command.Options.Add(_model);
        foreach (Option option in (Option[])[_shape, _weights, _prior, _restarts, _tolerance, _maxIterations, _noAcceleration])
            command.Options.Add(option);
        if (!clusters) command.Options.Add(_noGroupEffects);
    }

    public CovariancePrior Prior(ParseResult parsed) => parsed.GetValue(_prior) ?? CovariancePrior.Auto;

    /// <summary>Shape of the components; full where none is given.</summary>
    public MixtureShape Shape(ParseResult parsed) => parsed.GetValue(_shape) ?? MixtureShape.Full;

    /// <exception cref="UsageException">A shape is given.</exception>
    public void RefuseShape(ParseResult parsed, string why)
    {
        if (parsed.GetValue(_shape) is not null) throw new UsageException($"{_shape.Name} is about covariances of numbers; {why}.");
    }

    public ModelOptions Read(ParseResult parsed, ColumnSelection columns, Codebook? codebook, Table table) =>
        Read(parsed, Chosen(parsed), columns, codebook, table);

    /// <summary>A model with the options that all models have.</summary>
    public ModelOptions Read(ParseResult parsed, ModelOptions model, ColumnSelection columns, Codebook? codebook, Table table) =>
        model with
        {
            Prior = Prior(parsed),
            Restarts = parsed.GetValue(_restarts) ?? model.Restarts,
            Tolerance = parsed.GetValue(_tolerance) ?? model.Tolerance,
            MaxIterations = parsed.GetValue(_maxIterations),
            Accelerate = !parsed.GetValue(_noAcceleration),
            Columns = columns,
            Codebook = codebook,
            Weight = Weight(parsed, table),
            GroupEffects = !parsed.GetValue(_noGroupEffects),
        };

    /// <summary>A model of statistics of rows.</summary>
    /// <exception cref="UsageException">An option that needs the rows.</exception>
    public ModelOptions OfStatistics(ParseResult parsed, ColumnSelection columns, Table names) =>
        parsed.GetValue(_weights) is null ? Read(parsed, columns, codebook: null, names)
            : throw new UsageException($"{_weights.Name}: statistics count every row once; rows cannot be weighted any more.");

    /// <summary>What was given of the options by which a fit is another one; a run to be resumed must have the same. Those that were not
    /// given are left out, as in the manifests of runs before there were these options.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings(ParseResult parsed)
    {
        foreach (Option option in (Option[])[_model, _shape, _weights, _noGroupEffects])
            if (parsed.GetResult(option) is { Implicit: false } given)
                yield return new(option.Name, given.Tokens.Count == 0 ? "yes" : string.Join(",", given.Tokens.Select(t => t.Value)));
    }

    /// <exception cref="UsageException">The table has no such column of numbers.</exception>
    private string? Weight(ParseResult parsed, Table table)
    {
        if (parsed.GetValue(_weights) is not { } given) return null;
        string name = ColumnNames.One(_weights.Name, given, table);
        ColumnNames.RequireNumeric(_weights.Name, name, table, "a weight is a number");
        return name;
    }

    /// <summary>The model that was named, or one by the columns, with the shape of a mixture.</summary>
    private ModelOptions Chosen(ParseResult parsed)
    {
        ModelOptions named = parsed.GetValue(_model) ?? new AutomaticOptions();
        if (named is BestModelOptions && Prior(parsed).Kind != CovariancePriorKind.Auto)
            throw new UsageException($"{_model.Name} {(named is BestModelOptions { Combine: false } ? "best" : "auto")} chooses the prior "
                + $"of each model too; leave out {_prior.Name}, or name a model.");
        if (named is NormalMixtureOptions mixture) named = mixture with { Shape = Shape(parsed) };
        else if (parsed.GetValue(_shape) is not null)
            throw new UsageException($"{_shape.Name} is about the components of a mixture; use it with --model mixture:K.");
        return named;
    }
}
