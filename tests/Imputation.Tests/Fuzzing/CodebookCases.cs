using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Imputation.Tests.Fuzzing;

/// <summary>Damaged codebooks of a whole table, given to every command that takes one.</summary>
internal static class CodebookCases
{
    /// <summary>All of what a codebook can say: levels, codes, limits, universes, derived columns, edits, weights, groups.</summary>
    private const string Whole = """
        {
          "fields": [
            { "name": "id", "type": "integer" },
            { "name": "home", "type": "integer", "imputation": { "measure": "group" } },
            { "name": "sex", "type": "integer", "categories": [ { "value": 1, "label": "male" }, { "value": 2, "label": "female" } ] },
            { "name": "health", "type": "string", "categories": ["poor", "fair", "good"], "categoriesOrdered": true },
            { "name": "drink_any", "type": "string", "imputation": { "measure": "binary" } },
            { "name": "drink_days", "type": "integer", "title": "Days", "constraints": { "minimum": 0, "maximum": "30" },
              "missingValues": [ { "value": "77", "label": "don't know" }, { "value": "-1", "label": "not applicable" } ],
              "imputation": { "measure": "count", "universe": "drink_any == 'Yes'", "missing": { "77": "nonresponse",
                  "-1": "structural" } } },
            { "name": "height", "type": "number" },
            { "name": "weight", "type": "number", "constraints": { "minimum": 20 } },
            { "name": "bmi", "type": "number", "imputation": { "derived": "weight / (height * height)" } },
            { "name": "w", "type": "number" }
          ],
          "missingValues": ["", "-99"],
          "primaryKey": "id",
          "imputation": { "weight": "w", "edits": [ { "name": "tall", "rule": "height > 1 and (weight < 200 or sex in (1, 2))" } ] }
        }
        """;

    private static readonly string[] s_oddRules =
    [
        "", " ", "a", "bmi", "bmi ==", "weight / 0", "0 / 0", "1e999 * height", "height - height", "-height", "height * 1e300 * 1e300",
        "sex == 'male'", "health > 'fair'", "health + 1", "drink_any", "not drink_any == 'Yes'", "missing(height)", "unknown == 1",
        "height == height", "drink_days >= 0", "`", "'", "sum(height, weight)", "mean(", "sqrt(-height)", "round(height, 99)", "id == 1",
        "height in (1, 'x')", "weight = 1", "if(sex == 1, height, weight)", "1 == 1", "1 == 2", "w > 0", "height == weight / bmi",
    ];

    public static FuzzCase Create(int seed)
    {
        var random = new Random(seed);
        byte[] codebook = JsonMutator.Damaged(random, Encoding.UTF8.GetBytes(Whole),
            "imputation|missingValues|categories|type", ChangeRule);
        string[] computing = ["--codebook", "in/codebook.json", "--threads", "1"];
        bool fills = random.Next(10) > 2;
        string[] arguments = fills
            ? ["fill", "in/table.csv", "--out", "out/done.csv", .. computing, .. FuzzOptions.Fill(random), .. FuzzOptions.Files(random)]
            : random.Next(4) switch
            {
                0 => ["fit", "in/table.csv", "--out", "out/model.json", .. computing],
                1 => ["describe", "in/table.csv", "--json", "out/description.json", .. computing],
                2 => ["codebook", "in/table.csv", "--out", "out/codebook.json", "--codebook", "in/codebook.json"],
                _ => ["multiple", "in/table.csv", "-m", "2", "--long", "out/long.csv", .. computing],
            };
        return new FuzzCase(FuzzKind.Codebook, seed,
            new Dictionary<string, byte[]> { ["codebook.json"] = codebook, ["table.csv"] = Rows(random) }, arguments)
        { Table = "table.csv", Codebook = "codebook.json", Completed = fills ? "done.csv" : null };
    }

    /// <summary>People who answer as the codebook says.</summary>
    private static byte[] Rows(Random random)
    {
        var text = new StringBuilder("id,home,sex,health,drink_any,drink_days,height,weight,bmi,w\n");
        int rows = random.Next(25, 50);
        for (int row = 1; row <= rows; row++)
        {
            double height = Math.Round(1.5 + random.NextDouble() / 2, 2), weight = Math.Round(40 + 50 * random.NextDouble(), 1);
            bool drinks = random.Next(2) == 0;
            object[] cells =
            [
                row, row / 3, random.Next(1, 3), ((string[])["poor", "fair", "good"])[random.Next(3)], drinks ? "Yes" : "No",
                drinks ? random.Next(5) == 0 ? 77 : random.Next(1, 31) : -1, height, weight, weight / (height * height),
                1 + random.NextDouble(),
            ];
            text.AppendJoin(',', cells.Select((cell, j) => j is > 1 and < 9 && random.Next(8) == 0 ? "-99"
                : Convert.ToString(cell, CultureInfo.InvariantCulture))).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A rule of another kind in the place of one, or where there was none.</summary>
    private static void ChangeRule(Random random, JsonNode root)
    {
        if (root is not JsonObject members || members["fields"] is not JsonArray { Count: > 0 } fields
            || fields[random.Next(fields.Count)] is not JsonObject field) return;
        string member = random.Next(2) == 0 ? "universe" : "derived", rule = s_oddRules[random.Next(s_oddRules.Length)];
        if (field["imputation"] is JsonObject own) own[member] = rule;
        else field["imputation"] = new JsonObject { [member] = rule };
    }
}
