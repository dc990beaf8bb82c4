using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Imputation.Files;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damaged model files, applied to a whole table.</summary>
internal static class ModelCases
{
    private static readonly string[] s_oddValues =
    [
        "null", "true", "\"NaN\"", "\"\"", "\"x\"", "[]", "{}", "0", "-0.0", "-1", "1e999", "-1e999", "1e308", "-1e308", "5e-324", "1e-300",
        "0.5", "2147483648", "9223372036854775808", "1e18", "[[1]]", "[null]", "{\"a\":1}", "\"\\u0000\"", "\"\\u001b[31m\"",
            "\"LONE-SURROGATE\"",
        "\"a\"", "\"b\"", "12345678901234567890123456789",
    ];

    private static readonly (byte[] Model, byte[] Table)[] s_whole = [.. Enumerable.Range(0, 8).Select(Whole)];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(seed);
        (byte[] model, byte[] table) = s_whole[random.Next(s_whole.Length)];
        string text = Encoding.UTF8.GetString(model);
        JsonNode root = JsonNode.Parse(text)!;
        for (int n = random.Next(0, 4); n > 0; n--) Mutate(random, root);
        text = root.ToJsonString();
        if (random.Next(8) == 0) text = WithMemberTwice(random, text);
        if (random.Next(40) == 0) text = new string('[', random.Next(1, 5000)) + text;
        text = text.Replace("LONE-SURROGATE", "\\ud800", StringComparison.Ordinal); // which no writer of JSON would write
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(text));
        if (random.Next(3) == 0)
            for (int n = random.Next(1, 4); n > 0; n--) ByteMutator.Mutate(random, bytes);
        return new FuzzCase(FuzzKind.Model, seed, new Dictionary<string, byte[]> { ["model.json"] = [.. bytes], ["table.csv"] = table },
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

    private static void Mutate(Random random, JsonNode root)
    {
        JsonNode[] nodes = [.. Below(root).Where(node => node.Parent is not null)];
        if (nodes.Length == 0) return;
        // Half the time one of the parameters, which are few beside the trace.
        JsonNode[] parameters = [.. nodes.Where(node => Regex.IsMatch(node.GetPath(), @"^\$\.(columns|mean|covariance|prior|relations)"))];
        JsonNode chosen = random.Next(2) == 0 && parameters.Length > 0 ? parameters[random.Next(parameters.Length)]
            : nodes[random.Next(nodes.Length)];
        JsonNode odd = JsonNode.Parse(s_oddValues[random.Next(s_oddValues.Length)]) ?? JsonValue.Create("null");
        switch (random.Next(7))
        {
            case 0 or 1:
                Replace(chosen, odd);
                break;
            case 2: // swapped with, or a copy of, another value
                Replace(chosen, nodes[random.Next(nodes.Length)].DeepClone());
                break;
            case 3:
                if (chosen.Parent is JsonArray array) array.RemoveAt(chosen.GetElementIndex());
                else ((JsonObject)chosen.Parent!).Remove(chosen.GetPropertyName());
                break;
            case 4:
                if (chosen is JsonArray longer) longer.Add(longer.Count > 0 ? longer[0]?.DeepClone() : odd);
                else if (chosen is JsonObject members) members["mean"] = odd;
                else Replace(chosen, new JsonArray(chosen.DeepClone()));
                break;
            case 5: // a number times a power of ten, or turned round
                if (chosen is JsonValue value && value.TryGetValue(out double number))
                    Replace(chosen, JsonValue.Create(Finite(number * ((double[])[-1, 0, 1e-12, 1e12, 1e200, 1 + 1e-9])[random.Next(6)])));
                break;
            default: // a covariance that stays symmetric
                ChangeCovariance(random, root);
                break;
        }
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;

    private static void ChangeCovariance(Random random, JsonNode root)
    {
        if (root is not JsonObject members || members["covariance"] is not JsonArray { Count: > 0 } rows) return;
        int i = random.Next(rows.Count), j = random.Next(rows.Count);
        if (rows[i] is not JsonArray a || rows[j] is not JsonArray b || j >= a.Count || i >= b.Count) return;
        double value = ((double[])[0, 1, -1, 1e-300, 1e300, 1e10, -1e10, 1e-12, 5e-324])[random.Next(9)];
        a[j] = value;
        b[i] = value;
    }

    private static void Replace(JsonNode node, JsonNode other)
    {
        if (other.Parent is not null) other = other.DeepClone();
        if (node.Parent is JsonArray array) array[node.GetElementIndex()] = other;
        else ((JsonObject)node.Parent!)[node.GetPropertyName()] = other;
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> children = node switch
        {
            JsonArray array => array,
            JsonObject members => members.Select(member => member.Value),
            _ => [],
        };
        foreach (JsonNode? child in children)
            if (child is not null)
                foreach (JsonNode below in Below(child)) yield return below;
    }

    private static string WithMemberTwice(Random random, string text)
    {
        MatchCollection members = Regex.Matches(text, "\"[a-zA-Z]+\":");
        if (members.Count == 0) return text;
        Match member = members[random.Next(members.Count)];
        return text.Insert(member.Index, $"{member.Value}{s_oddValues[random.Next(s_oddValues.Length)]},");
    }
}
