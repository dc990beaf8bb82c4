using System.Globalization;
using Imputation.Tests.Shared.Coverage;

namespace Imputation.Benchmarks.Report;

/// <summary>Prints a coverage study: a row for each quantity, a column for each method.</summary>
internal static class CoverageTable
{
    public static void Print(CoverageStudy study)
    {
        Console.WriteLine("Each cell: coverage of the 95 % intervals in percent, their mean width, mean error of the estimates.");
        Console.WriteLine();
        Console.WriteLine($"| | truth | {string.Join(" | ", study.Methods.Select(m => m.Name))} |");
        Console.WriteLine($"| --- | ---: |{string.Concat(study.Methods.Select(_ => " ---: |"))}");
        for (int e = 0; e < Estimand.All.Count; e++)
        {
            IEnumerable<string> cells = study.Cells.Select(of => string.Create(CultureInfo.InvariantCulture,
                $"{100 * of[e].Coverage:0.0} {of[e].Width:0.000} {of[e].Bias:+0.000;-0.000;0.000}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Estimand.All[e].Name} | {Estimand.All[e].Truth:0.###} | {string.Join(" | ", cells)} |"));
        }
        foreach (EstimandKind kind in Enum.GetValues<EstimandKind>())
        {
            IEnumerable<string> cells = study.Methods.Select((_, m) => string.Create(CultureInfo.InvariantCulture,
                $"{100 * study.Coverage(m, kind):0.0}"));
            Console.WriteLine($"| all {kind.ToString().ToLowerInvariant()}s | | {string.Join(" | ", cells)} |");
        }
        Console.WriteLine();

        int valid = study.Methods.Count(m => m.IsValid) * Estimand.All.Count;
        IReadOnlyList<(string Method, string Estimand, double Coverage)> outside = study.Outside();
        string within = string.Create(CultureInfo.InvariantCulture, $"{100 * CoverageStudy.Least:0.0} to {100 * CoverageStudy.Most:0.0} %");
        Console.WriteLine(outside.Count == 0
            ? $"All {valid} coverages of multiple imputation and FIML are within {within}."
            : string.Create(CultureInfo.InvariantCulture, $"Outside {within}, of {valid} coverages of multiple imputation and FIML: ")
                + string.Join("; ", outside.Select(o => string.Create(CultureInfo.InvariantCulture,
                    $"{o.Method}, {o.Estimand}: {100 * o.Coverage:0.0} %"))) + ".");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"A coverage from {study.Sets:N0} samples has a standard error of {100 * CoverageStudy.Error(study.Sets):0.00} %."));
    }
}
