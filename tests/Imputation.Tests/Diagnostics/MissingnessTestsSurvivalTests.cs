using Imputation.Data;
using Imputation.Diagnostics;

namespace Imputation.Tests.Diagnostics;

/// <summary>Tables on which the tests of missingness have little or nothing to say: they say so, and do not fail.</summary>
public class MissingnessTestsSurvivalTests
{
    private const double NA = double.NaN;

    private static readonly DiagnosticSuite s_suite = new([new LittleDiagnostic(), new MeanDifferencesDiagnostic(), new MissingnessPredictorsDiagnostic()]);

    public static TheoryData<string> Cases => [.. s_tables.Keys];

    private static readonly Dictionary<string, Func<Table>> s_tables = new()
    {
        ["no rows"] = () => Table.FromArray(["x", "y"], new double[0, 2]),
        ["one row"] = () => Table.FromArray(["x", "y"], new[,] { { 1, NA } }),
        ["two rows"] = () => Table.FromArray(["x", "y"], new[,] { { 1, NA }, { 2, 3 } }),
        ["no numbers"] = () => new Table([TextColumn.Create("t", ["a", null, "b"])]),
        ["numbers and text"] = () => new Table([NumericColumn.Number("x", [1, 2, 4, 8, NA, 3]), TextColumn.Create("t", ["a", null, "b", null, "b", "c"])]),
        ["nothing observed in a column"] = () => Table.FromArray(["x", "y", "z"], new[,] { { 1, NA, 3 }, { 2, NA, NA }, { 4, NA, 1 }, { 3, NA, 2 }, { 9, NA, NA } }),
        ["a constant"] = () => Table.FromArray(["x", "y"], new[,] { { 1, 5 }, { 2, NA }, { 4, 5 }, { 3, 5 }, { NA, 5 } }),
        ["empty rows"] = () => Table.FromArray(["x", "y"], new[,] { { 1.5, 5 }, { 2, 4 }, { NA, NA }, { 3, 5.5 }, { NA, NA }, { 0, 1 } }),
        ["twins"] = () => new Table(Simulated.Table(40, 2, seed: 1, missing: 0.2).Columns.SelectMany(c => new[] { c, NumericColumn.Number(c.Name + " again", ((NumericColumn)c).Values) })),
        ["units"] = () => Table.FromArray(["x", "y"], Scale(Simulated.Values(60, 2, seed: 2, missing: 0.2))),
        ["fewer rows than columns"] = () => Simulated.Table(12, 40, seed: 3, missing: 0.2),
        ["two-valued"] = () => Table.FromArray(["x", "y"], Round(Simulated.Values(60, 2, seed: 4, missing: 0.2))),
        ["one value observed"] = () => Table.FromArray(["x", "y"], new[,] { { 1, NA }, { 2, NA }, { 4, 5 }, { 3, NA }, { 7, 6 } }),
    };

    private static double[,] Scale(double[,] values)
    {
        for (int i = 0; i < values.GetLength(0); i++) (values[i, 0], values[i, 1]) = (values[i, 0] * 1e-8, values[i, 1] * 1e12);
        return values;
    }

    private static double[,] Round(double[,] values)
    {
        for (int i = 0; i < values.GetLength(0); i++)
            for (int j = 0; j < 2; j++)
                if (!double.IsNaN(values[i, j])) values[i, j] = values[i, j] > 0 ? 1 : 0;
        return values;
    }

    [Theory, MemberData(nameof(Cases))]
    public void OddTables_AreSurvived_AndTheSameTwice(string name)
    {
        DiagnosticReport first = s_suite.Run(new DiagnosticContext(s_tables[name]())), second = s_suite.Run(new DiagnosticContext(s_tables[name]()));
        Assert.DoesNotContain(first.Findings, f => f.Code == "diagnostic-failed");
        Assert.All(first.Entries, e => Assert.NotEmpty(e.Result.Findings));
        Assert.All(first.Findings, f => Assert.DoesNotContain("NaN", f.Sentence + f.Evidence, StringComparison.Ordinal));
        Assert.All(first.Entries, e => Assert.DoesNotContain("NaN", e.Result.Verdict, StringComparison.Ordinal));
        Assert.Equal(first.Findings.Select(f => f.Sentence), second.Findings.Select(f => f.Sentence));
        Assert.Equal(first.Entries.SelectMany(e => e.Result.Values), second.Entries.SelectMany(e => e.Result.Values));
        Assert.All(first.Entries.SelectMany(e => e.Result.Tables), t => Assert.All(t.Rows, r => Assert.Equal(t.Columns.Count, r.Count)));
    }
}
