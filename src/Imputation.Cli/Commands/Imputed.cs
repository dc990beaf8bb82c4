namespace Imputation.Cli.Commands;

/// <summary>Completed tables, made when they are asked for.</summary>
/// <param name="Tables">The tables in their order.</param>
/// <param name="Set">The source of the imputations; null where they were made elsewhere or nothing had to be filled.</param>
internal sealed record Imputed(IEnumerable<Table> Tables, ImputationSet? Set)
{
    /// <summary>The table itself, m times: nothing that matters is missing from it.</summary>
    public static Imputed Unneeded(SurveyReading survey, int count) => new(Enumerable.Repeat(survey.Table, count), null)
    {
        Findings = survey.Findings,
    };

    /// <summary>Findings on the filled cells, the same for every table; none before the first is made.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>m completed tables of a table that was read.</summary>
    public static Imputed Of(SurveyReading survey, MultipleOptions options, RunOptions run, CancellationToken cancellation)
    {
        ImputationSet set = MultipleImputer.Impute(survey, options, run, cancellation);
        ExitStatus.ThrowIfCancelled(set.Fit, cancellation);
        Imputed? imputed = null;
        imputed = new Imputed(set.InOrder(cancellation).Select(completion =>
        {
            imputed!.Findings = completion.Findings;
            return completion.Table;
        }), set);
        return imputed;
    }
}
