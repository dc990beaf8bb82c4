namespace Imputation.Tests.Diagnostics;

/// <summary>Tables that no diagnostic may stumble over.</summary>
internal static class AwkwardTables
{
    private const double NA = double.NaN;

    private static readonly Dictionary<string, Func<Table>> s_tables = new()
    {
        ["no rows"] = () => new Table([NumericColumn.Number("x", []), TextColumn.Create("t", [])]),
        ["one row"] = () => Diagnosed.Table(("x", [1]), ("y", [NA])),
        ["two rows"] = () => Diagnosed.Table(("x", [1, 2]), ("y", [NA, 3])),
        ["no numbers"] = () => new Table([TextColumn.Create("t", ["a", null, "b"]), ObjectColumn.Create("d", typeof(DateTime),
            [null, new DateTime(2000, 1, 1), null])]),
        ["numbers and text"] = () => new Table([NumericColumn.Number("x", [1, 2, 4, 8, NA, 3]),
            TextColumn.Create("t", ["a", null, "b", null, "b", "c"])]),
        ["nothing observed"] = () => Diagnosed.Table(("x", [NA, NA, NA]), ("y", [NA, NA, NA])),
        ["nothing observed in a column"] = () => Diagnosed.Table(("x", [1, 2, 3, 4, 7]), ("y", [2, 1, NA, 4, 3]),
            ("z", [NA, NA, NA, NA, NA])),
        ["one value observed in a column"] = () => Diagnosed.Table(("x", [1, 2, 4, 3, 7]), ("y", [NA, NA, 5, NA, NA])),
        ["one column"] = () => Simulated.Table(50, 1, seed: 1, missing: 0.2),
        ["constant"] = () => Diagnosed.Table(("x", [5, 5, NA, 5]), ("y", [1, 2, 3, NA])),
        ["duplicate columns"] = () => Diagnosed.Table(("x", [1, 2, 3, NA, 5, 9, 4, 2]), ("x again", [1, 2, 3, 4, NA, 9, 4, 2]),
            ("y", [2, 7, 1, 8, 2, 8, NA, 1])),
        ["twins"] = () => new Table(Simulated.Table(40, 2, seed: 1, missing: 0.2)
            .Columns.SelectMany(c => new[] { c, NumericColumn.Number(c.Name + " again", ((NumericColumn)c).Values) })),
        ["nothing missing"] = () => Simulated.Table(60, 3, seed: 1),
        ["fewer rows than columns"] = () => Simulated.Table(12, 40, seed: 3, missing: 0.2),
        ["210 columns"] = () => Simulated.Table(Simulated.Rows(3, 700, 210, 0.3, 0.01)),
        ["scales"] = () => Changed(Simulated.Values(80, 4, seed: 4, missing: 0.2), (j, x) => j switch
        {
            0 => 1e-8 * x,
            1 => 1e12 * x,
            2 => 1e12 + x,
            _ => x
        }),
        ["names"] = () => Diagnosed.Table(("<script>alert('x')</script>", [1, 2, 3, NA, 5, 3]), ("a b  c\"'", [2, NA, 4, 4, 1, 9]),
            (" ", [2, 7, 1, 8, NA, 8]), ("a=b,c", [3, 1, 4, 1, 5, NA]), ("99", [NA, 7, 1, 8, 2, 8])),
        ["wide spread"] = () => Diagnosed.Table(("x", [1e100, -1e100, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
            ("y", [3, 1, NA, 1, 5, 9, 2, NA, 5, 3, 5, 8])),
        ["every row another pattern"] = () =>
            Diagnosed.Table([.. Enumerable.Range(0, 8).Select(j => ($"x{j}", Enumerable.Range(0, 256).Select(i => (i >> j & 1) == 1 ? NA
                : Math.Sin(i * (j + 1.0))).ToArray()))]),
        ["never together"] = () => Diagnosed.Table(("x", [1, 2, 3, 4, NA, NA, NA, NA]), ("y", [NA, NA, NA, NA, 1, 5, 2, 3]),
            ("z", [1, 3, 2, 5, 6, 2, 9, 1])),
        ["empty rows"] = () => Diagnosed.Table(("x", [1.5, 2, NA, 3, NA, 0, 5]), ("y", [5, 4, NA, 5.5, NA, 1, NA])),
        ["two values"] = () => Changed(Simulated.Values(60, 2, seed: 4, missing: 0.2), (_, x) => x > 0 ? 1 : 0),
    };

    public static TheoryData<string> Names => [.. s_tables.Keys];

    public static Table Get(string name) => s_tables[name]();

    private static Table Changed(double[,] values, Func<int, double, double> change)
    {
        for (int i = 0; i < values.GetLength(0); i++)
            for (int j = 0; j < values.GetLength(1); j++)
                if (!double.IsNaN(values[i, j])) values[i, j] = change(j, values[i, j]);
        return Simulated.Table(values);
    }
}
