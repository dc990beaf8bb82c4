using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>The columns and the fit, with all findings on both.</summary>
internal static class MixtureAccount
{
    /// <summary>The section.</summary>
    /// <param name="table">The table as it was given.</param>
    /// <param name="read">The same as the model reads it: codes for missing are holes.</param>
    /// <param name="fit">The fit.</param>
    public static DiagnosticEntry Of(Table table, Table read, NormalMixtureFit fit)
    {
        FitReport report = fit.Report;
        string ending = report.Outcome == EmOutcome.Converged ? "converged" : $"NOT CONVERGED ({report.Outcome})";
        string model = char.ToUpperInvariant(fit.Description[0]) + fit.Description[1..];
        string[] columns = [.. fit.TableColumns];
        return new DiagnosticEntry("fit", "Columns and fit", new DiagnosticResult
        {
            Verdict = $"{model} of {TextFormat.Count(columns.Length, "column")}: {ending}, log-likelihood "
                + $"{TextFormat.Fixed(report.LogLikelihood, 2)}.",
            Findings = [.. table.Findings.Concat(report.Findings).Distinct()],
            Tables =
            [
                new DiagnosticTable("Columns of the model", [new("Column", CellFormat.Text), new("Kind", CellFormat.Text),
                    new("Missing", CellFormat.Count), new("Missing share", CellFormat.Share)],
                    [.. columns.Select(name => (IReadOnlyList<object?>)[name, fit.Layout.IsCategory(fit.IndexOf(name)) ? "category"
                        : "number", read[name].MissingCount, (double)read[name].MissingCount / Math.Max(1, read.RowCount)])]),
            ],
            Method = "EM over all rows, incomplete ones too (Ghahramani and Jordan 1994): nothing was filled for the fit. Categories are "
                + "independent within a component.",
        });
    }
}
