using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of a pooled regression, and of means and correlations.</summary>
internal static class AnalysisSummary
{
    /// <summary>A difference from the complete cases of this many of their standard errors is worth a look.</summary>
    private const double Notable = 1;

    /// <summary>Of more columns, only the correlations with the response are worth a line each.</summary>
    private const int FewColumns = 8;

    public static void Write(Summary account, PooledAnalysis analysis, ImputationSet? set)
    {
        account.Line("Formula", analysis.Formula.ToString());
        account.Line("Imputations", $"{TextFormat.Count(analysis.ImputationCount)}{How(set?.Options)}, analysed separately, estimates "
            + "pooled by Rubin's rules");
        MultipleSummary.Chains(account, set?.Chains);
        Rows(account, analysis);
        foreach (Finding finding in analysis.Findings) account.Line(finding.Severity.ToString(), finding.ToString());
        account.Blank();
        Coefficients(account, analysis);
        account.Blank();
        Together(account, analysis);
        Difference(account, analysis);
        account.Blank();
        Means(account, analysis);
        if (analysis.Correlations.Count > 0)
        {
            account.Blank();
            Correlations(account, analysis);
        }
        account.Blank();
        account.Line("fmi", "fraction of missing information: the share of the information lost through missing cells");
        MultipleSummary.Advice(account, analysis.Advise());
    }

    private static string How(MultipleOptions? imputation) => imputation is null ? ""
        : (imputation.Method == MultipleMethod.BootstrapEm ? " by bootstrap EM (each fitted to a resample of the rows)"
            : " by data augmentation (each with a posterior draw of the parameters)")
            + (imputation.PredictiveMeanMatching ? $", predictive mean matching ({TextFormat.Count(
                imputation.Fill.Donors, "donor")})" : "");

    private static void Rows(Summary account, PooledAnalysis analysis)
    {
        string complete = analysis.CompleteRowCount is not { } count ? ""
            : count == analysis.RowCount ? "; no cell is missing in the formula's columns, so nothing is imputed and the complete "
                + "cases give the same results"
            : $"; {TextFormat.Count(count)} of them ({TextFormat.Percent(count, analysis.RowCount)}) are complete cases (observed in all "
                + "columns of the formula)";
        account.Line("Rows", $"{TextFormat.Count(analysis.RowCount)}, all used{complete}");
    }

    private static void Coefficients(Summary account, PooledAnalysis analysis)
    {
        LinearRegression? cases = analysis.CompleteCases?.Regression;
        account.Table(Headings("coefficient", "estimate", analysis, [">p", ">fmi"]),
            analysis.Coefficients.Names.Zip(analysis.Coefficients.Coefficients, (name, p) => (string[])
        [
            TextFormat.Cut(name), Number(p.Estimate, 6), Number(p.StandardError, 5), Limit(p.Lower), Limit(p.Upper),
                p.HasInterval ? TextFormat.Probability(p.PValue()) : "", Share(p),
            .. Beside(cases is not null && cases.Names.Contains(name) ? cases[name] : null, analysis),
        ]));
        account.Line("How to read it", $"a coefficient is the expected change of {TextFormat.Name(analysis.Formula.Response)} for an "
            + "increase of 1 in that column, the other predictors held fixed"
            + string.Concat(analysis.Categories.Take(1).Select(c => $"; that of {c.Terms[0]} is the expected "
                + $"difference from {c.Name}={c.Reference}")));
        foreach (CategoryPredictor category in analysis.Categories)
            account.Line("Category", $"{category.Name}, compared with {category.Reference}" + (category.Test is not { } test
                || category.Terms.Count < 2 ? "" : $"; all its levels together: {Evidence(test)}"));
    }

    private static void Together(Summary account, PooledAnalysis analysis)
    {
        if (analysis.SlopesTest is { } test)
        {
            string evidence = Evidence(test);
            account.Line("All together", test.PValue < 0.05
                ? $"the slopes are jointly significant: if all slopes were 0, data like these would be rare "
                    + $"({evidence})"
                : $"the slopes are not jointly significant; this does not prove that they are all 0 ({evidence})");
        }
        if (analysis.RSquared is { } share)
        {
            string beside = analysis.CompleteCases is { } cases ? $"; complete cases {TextFormat.Fixed(cases.Regression.RSquared, 3)}" : "";
            account.Line("R-squared",
                TextFormat.Fixed(share.Value, 3) + (double.IsNaN(share.Upper) ? "" : $" ({Percent(analysis)} % from "
                + $"{TextFormat.Fixed(share.Lower, 3)} to {TextFormat.Fixed(share.Upper, 3)})")
                    + $": share of the variance explained by the predictors{beside}");
        }
    }

    /// <summary>Where imputation changed the answer most, if it did.</summary>
    private static void Difference(Summary account, PooledAnalysis analysis)
    {
        if (analysis.CompleteCases?.Regression is not { } cases || cases.RowCount == analysis.RowCount) return;
        (string name, double distance) = analysis.Coefficients.Names.Skip(1).Where(cases.Names.Contains)
            .Select(n => (n, Distance(analysis.Coefficients[n].Estimate, cases[n].Estimate, cases[n].StandardError)))
                .DefaultIfEmpty(("", 0)).MaxBy(d => d.Item2);
        if (name.Length == 0 || !double.IsFinite(distance)) return;
        string most = $"{TextFormat.Name(name)}, {TextFormat.Compact(analysis.Coefficients[name].Estimate, 4)} instead of "
            + $"{TextFormat.Compact(cases[name].Estimate, 4)} ({TextFormat.Compact(distance, 2)} complete-case standard errors)";
        account.Line("What changed", distance > Notable
            ? $"largest change: {most}; by chance, or because incomplete rows differ from complete ones. 'impute describe' "
                + "tests for this"
            : $"no slope by more than one complete-case standard error; largest change: {most}");
    }

    /// <summary>Distance between two estimates, in standard errors; a fit without residuals has none, and a difference within
    /// rounding counts as none.</summary>
    private static double Distance(double one, double other, double standardError) =>
        Math.Abs(one - other) <= 1e-9 * Math.Max(Math.Abs(one), Math.Abs(other)) ? 0 : Math.Abs(one - other) / standardError;

    private static void Means(Summary account, PooledAnalysis analysis) =>
        account.Table(Headings("column", "mean", analysis, [">fmi"]), analysis.Columns.Zip(analysis.Means, (name, p) => (string[])
        [
            TextFormat.Cut(name), Number(p.Estimate, 6), Number(p.StandardError, 5), Limit(p.Lower), Limit(p.Upper), Share(p),
                .. Beside(analysis.CompleteCases?.Summary[name], analysis),
        ]));

    private static void Correlations(Summary account, PooledAnalysis analysis)
    {
        bool beside = analysis.CompleteCases is not null, all = analysis.Columns.Count <= FewColumns;
        account.Table(["column", "with", ">correlation", $">{Percent(analysis)} % from", ">to", ">p", ">fmi",
            .. beside ? (string[])[">complete cases"] : []], analysis.Correlations.Where(c => all || c.First == analysis.Formula.Response)
            .Select(c => (string[])
        [
            TextFormat.Cut(c.First), TextFormat.Cut(c.Second),
            .. c.Pooled is { Fisher.HasInterval: false } bare ? (string[])[TextFormat.Fixed(bare.Correlation, 3), "", "", "",
                Share(bare.Fisher)]
                : c.Pooled is { } p ? [TextFormat.Fixed(p.Correlation, 3), TextFormat.Fixed(p.Lower, 3), TextFormat.Fixed(p.Upper, 3),
                TextFormat.Probability(p.PValue()), Share(p.Fisher)] : ["none", "", "", "", ""],
            .. beside ? (string[])[analysis.CompleteCases!.Summary.Correlation(c.First, c.Second) is var r && double.IsNaN(r) ? "none"
                : TextFormat.Fixed(r, 3)] : [],
        ]));
        if (!all)
            account.Line("", $"and {TextFormat.Count(analysis.Correlations.Count - analysis.Columns.Count + 1, "correlation")} of the "
                + "predictors with each other; --json has all");
    }

    private static string[] Headings(string what, string estimate, PooledAnalysis analysis, string[] more) =>
        [what, $">{estimate}", ">std error", $">{Percent(analysis)} % from", ">to", .. more, .. analysis.CompleteCases is null
            ? (string[])[] : [">complete cases", ">std error"]];

    private static string[] Beside((double Estimate, double StandardError)? answer, PooledAnalysis analysis) =>
        analysis.CompleteCases is null ? [] : answer is { } a ? [Number(a.Estimate, 6), Number(a.StandardError, 5)] : ["none", ""];

    private static string Percent(PooledAnalysis analysis) => TextFormat.Compact(100 * analysis.Coefficients.Coefficients[0].Confidence);

    private static string Evidence(PooledTest test) =>
        $"F = {TextFormat.Compact(test.Statistic, 4)} on {test.NumeratorDegreesOfFreedom} and "
            + $"{DegreesOfFreedom(test.DenominatorDegreesOfFreedom)} degrees of freedom, p = {TextFormat.Probability(test.PValue)}";

    private static string DegreesOfFreedom(double degrees) => double.IsInfinity(degrees) ? "infinitely many"
        : TextFormat.Compact(degrees, 4);

    private static string Number(double value, int digits) => double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : TextFormat.Aligned(value, digits);

    /// <summary>A confidence limit; nothing where there is none, as a finding explains.</summary>
    private static string Limit(double value) => double.IsNaN(value) ? "" : Number(value, 5);

    /// <summary>Where all imputations agree nothing is lost; the formula, which counts that m is finite, would say a little.</summary>
    private static string Share(PooledEstimate p) => TextFormat.Fixed(p.Between == 0 ? 0 : p.FractionOfMissingInformation, 3);
}
