using System.Text.Json.Nodes;
using Imputation.Files;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damaged model files, applied to a whole table.</summary>
internal static class ModelCases
{
    /// <summary>The parameters, which are few beside the trace.</summary>
    private const string Parameters = @"^\$\.(columns|mean|covariance|prior|relations)";

    private static readonly (byte[] Model, byte[] Table)[] s_whole = [.. Enumerable.Range(0, 8).Select(Whole)];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(seed);
        (byte[] model, byte[] table) = s_whole[random.Next(s_whole.Length)];
        byte[] damaged = JsonMutator.Damaged(random, model, Parameters, ChangeCovariance);
        return new FuzzCase(FuzzKind.Model, seed, new Dictionary<string, byte[]> { ["model.json"] = damaged, ["table.csv"] = table },
            ["apply", "in/model.json", "in/table.csv", "--out", "out/done.csv", "--threads", "1", "--seed", "3",
                .. random.Next(3) == 0 ? (string[])["--method", "draw"] : [], .. FuzzOptions.Files(random)])
        { Table = "table.csv", Completed = "done.csv" };
    }

    private static (byte[] Model, byte[] Table) Whole(int index)
    {
        var random = new Random(1000 + index);
        Table table = RandomTables.Numbers(random);
        NormalFit fit = NormalModel.Fit(table, new NormalOptions
        {
            Restarts = 1 + index % 2,
            Prior = index % 3 == 0 ? CovariancePrior.None
            : CovariancePrior.Ridge(1)
        }, new RunOptions { Threads = 1 });
        MemoryStream model = new(), rows = new();
        ModelFile.Write(model, fit);
        CsvTable.Write(rows, table);
        return (model.ToArray(), rows.ToArray());
    }

    /// <summary>A covariance that stays symmetric.</summary>
    private static void ChangeCovariance(Random random, JsonNode root)
    {
        if (root is not JsonObject members || members["covariance"] is not JsonArray { Count: > 0 } rows) return;
        int i = random.Next(rows.Count), j = random.Next(rows.Count);
        if (rows[i] is not JsonArray a || rows[j] is not JsonArray b || j >= a.Count || i >= b.Count) return;
        double value = ((double[])[0, 1, -1, 1e-300, 1e300, 1e10, -1e10, 1e-12, 5e-324])[random.Next(9)];
        a[j] = value;
        b[i] = value;
    }
}
