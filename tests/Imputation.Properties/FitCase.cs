using FsCheck;
using FsCheck.Fluent;

namespace Imputation.Properties;

/// <summary>Data and how they are fitted.</summary>
public sealed record FitCase(DataCase Data, string Prior, bool Accelerate, int Restarts, int MaxIterations)
{
    public static Arbitrary<FitCase> Wild { get; } = Arb.From(
        from data in DataCase.Wild.Generator
        from prior in Gen.Elements("none", "none", "auto", "jeffreys", "ridge:0.1", "ridge:3", "inverse-wishart")
        from accelerate in Gen.Elements(true, false)
        from restarts in Gen.Elements(1, 3)
        from iterations in Gen.Elements(2, 30, 200)
        select new FitCase(data, prior, accelerate, restarts, iterations),
        c => DataCase.Smaller(c.Data).Select(d => c with { Data = d })
            .Concat(c.Restarts > 1 ? [c with { Restarts = 1 }] : []).Concat(c.Accelerate ? [c with { Accelerate = false }] : [])
                .Concat(c.Prior != "none" ? [c with { Prior = "none" }] : []));

    public NormalOptions Options() => new()
    {
        Prior = Prior == "inverse-wishart" ? InverseWishart() : CovariancePrior.Parse(Prior),
        Accelerate = Accelerate,
        Restarts = Restarts,
        MaxIterations = MaxIterations,
    };

    public RunOptions Run() => new() { Seed = (ulong)Data.Seed, Threads = 1 };

    /// <summary>Worth 2 rows, with the columns' mean squares about their means on the diagonal. For the columns that are modelled, as it
    /// must be.</summary>
    private CovariancePrior InverseWishart()
    {
        double[,] values = Data.Values();
        double[] squares = [.. Enumerable.Range(0, Data.Columns).Select(j => Variance(values, j)).Where(v => v > 0)];
        var lambda = new double[squares.Length, squares.Length];
        for (int j = 0; j < squares.Length; j++) lambda[j, j] = 2 * squares[j];
        return CovariancePrior.InverseWishart(2, lambda);
    }

    /// <summary>Whether some column has two distinct observed values, without which there is nothing to model.</summary>
    public static bool CanBeModelled(double[,] values) => Enumerable.Range(0, values.GetLength(1)).Any(j => Variance(values, j) > 0);

    private static double Variance(double[,] values, int column)
    {
        double[] x = [.. Enumerable.Range(0, values.GetLength(0)).Select(row => values[row, column]).Where(v => !double.IsNaN(v))];
        return x.Distinct().Count() < 2 ? 0 : x.Average(v => (v - x[0]) * (v - x[0])) - Math.Pow(x.Average(v => v - x[0]), 2);
    }
}
