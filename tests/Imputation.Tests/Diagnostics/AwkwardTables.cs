using Imputation.Data;

namespace Imputation.Tests.Diagnostics;

/// <summary>Tables that no diagnostic may stumble over.</summary>
internal static class AwkwardTables
{
    private static readonly double s_missing = double.NaN;

    public static TheoryData<string> Names => [.. Tables().Select(t => t.Name)];

    public static Table Get(string name) => Tables().First(t => t.Name == name).Make();

    private static IEnumerable<(string Name, Func<Table> Make)> Tables()
    {
        yield return ("no rows", () => Column(("x", [])));
        yield return ("one row", () => Column(("x", [1]), ("y", [s_missing])));
        yield return ("two rows", () => Column(("x", [1, 2]), ("y", [2, s_missing])));
        yield return ("text only", () => new Table([TextColumn.Create("t", ["a", null, "b"])]));
        yield return ("all missing", () => Column(("x", [s_missing, s_missing, s_missing])));
        yield return ("a column all missing", () => Column(("x", [1, 2, 3, 4, 7]), ("y", [2, 1, s_missing, 4, 3]), ("z", [s_missing, s_missing, s_missing, s_missing, s_missing])));
        yield return ("constant", () => Column(("x", [5, 5, s_missing, 5]), ("y", [1, 2, 3, s_missing])));
        yield return ("duplicate columns", () => Column(("x", [1, 2, 3, s_missing, 5, 9, 4, 2]), ("x again", [1, 2, 3, 4, s_missing, 9, 4, 2]), ("y", [2, 7, 1, 8, 2, 8, s_missing, 1])));
        yield return ("nothing missing", () => Simulated.Table(Simulated.Rows(1, 60, 3, 0.5, 0)));
        yield return ("more columns than rows", () => Simulated.Table(Simulated.Rows(2, 12, 20, 0.3, 0.2)));
        yield return ("220 columns", () => Simulated.Table(Simulated.Rows(3, 700, 210, 0.3, 0.01)));
        yield return ("tiny and huge", () => Scaled([1e-8, 1e12, 1, 1e-8]));
        yield return ("awkward names", () => Column(("<script>alert(1)</script>", [1, 2, 3, s_missing, 5, 3]), ("a b  c\"'", [2, s_missing, 4, 4, 1, 9])));
        yield return ("never together", () => Column(("x", [1, 2, 3, 4, s_missing, s_missing, s_missing, s_missing]), ("y", [s_missing, s_missing, s_missing, s_missing, 1, 5, 2, 3]), ("z", [1, 3, 2, 5, 6, 2, 9, 1])));
        yield return ("empty rows", () => Column(("x", [1, s_missing, 3, s_missing, 5, 2, 9]), ("y", [2, s_missing, 1, s_missing, s_missing, 4, 4])));
        yield return ("two values", () => Column(("x", [0, 1, 0, 1, s_missing, 1, 0, 0]), ("y", [1, 1, 0, 0, 1, s_missing, 1, 0])));
    }

    private static Table Column(params (string Name, double[] Values)[] columns) => new(columns.Select(c => NumericColumn.Number(c.Name, c.Values)));

    private static Table Scaled(double[] scale)
    {
        double[,] values = Simulated.Rows(4, 80, scale.Length, 0.6, 0.2);
        for (int row = 0; row < values.GetLength(0); row++)
            for (int j = 0; j < scale.Length; j++) values[row, j] = scale[j] * (values[row, j] + 3);
        return Simulated.Table(values);
    }
}
