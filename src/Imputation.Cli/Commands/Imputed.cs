using Imputation.Data;
using Imputation.Imputers;
using Imputation.Models.Normal;

namespace Imputation.Cli.Commands;

/// <summary>Completed tables, made when they are asked for.</summary>
/// <param name="Tables">The tables in their order.</param>
/// <param name="Fit">The model behind them; null where they were made elsewhere or nothing had to be filled.</param>
/// <param name="How">How they were made, as the rest of a sentence that starts with their number; empty where there is nothing to say.</param>
internal sealed record Imputed(IEnumerable<Table> Tables, NormalFit? Fit, string How)
{
    /// <summary>The table itself, m times: nothing that matters is missing from it.</summary>
    public static Imputed Unneeded(Table table, int count) => new(Enumerable.Repeat(table, count), null, "");

    /// <summary>m completed tables of a table.</summary>
    /// <remarks>PROVISIONAL: draws from one fit, whose parameters are the same in all, so that standard errors come out somewhat too small where much
    /// is missing. To be replaced by ImputationSet (bootstrap EM, data augmentation), whose imputations differ in their parameters too:
    /// set.InOrder(cancellation).Select(completion => completion.Table).</remarks>
    public static Imputed Of(Table table, int count, NormalOptions model, ImputationOptions filling, CancellationToken cancellation)
    {
        NormalFit fit = NormalModel.Fit(table, model, cancellation);
        IEnumerable<ImputationOptions> draws = Enumerable.Range(0, count).Select(k => filling with { Method = ImputationMethod.Draw, Seed = unchecked(filling.Seed + (ulong)k) });
        return new Imputed(draws.Select(draw => NormalImputer.Apply(fit, table, draw, cancellation).Table), fit, "draws from one fit");
    }
}
