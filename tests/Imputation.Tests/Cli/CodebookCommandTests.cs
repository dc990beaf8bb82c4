using System.Text;
using Imputation.Files;
using Imputation.Tests.Files.Codebooks;

namespace Imputation.Tests.Cli;

/// <summary>Codebooks of other formats on the command line: completed, written as Table Schemas, and accounted for.</summary>
public class CodebookCommandTests
{
    [Fact]
    public void ADataDictionary_BecomesATableSchema_AndFillsTheSame()
    {
        using var scratch = new Scratch();
        string dictionary = scratch.Write("dictionary.csv", Dictionaries.Clinic), schema = scratch.Path("schema.json");
        var csv = new StringBuilder("record_id,sex,age,pregnant,height,weight,extra\n");
        for (int i = 0; i < 80; i++)
        {
            bool asked = i % 2 == 1 && 20 + i % 40 < 50;
            csv.Append($"{i + 1},{1 + i % 2},{20 + i % 40},{(asked ? $"{i % 3 / 2}" : "")},{(i % 11 == 0 ? "" : $"{160 + i % 13}")},"
                + $"{60 + i % 17},{i % 6}\n");
        }
        string data = scratch.Write("data.csv", csv.ToString());
        string text = Impute.Run(["codebook", data, "--codebook", dictionary, "--out", schema]).Expect(0).Text;
        foreach (string told in (string[])["datediff([dob], 'today', 'y') > 30", "roundup([bmi], 1)", "9 (Don't know)",
            "which the table does", "asked if sex == 2 and age < 50"]) Assert.Contains(told, string.Join(' ', text.Split((char[]?)null,
                StringSplitOptions.RemoveEmptyEntries)));
        Codebook written = CodebookFile.Read(schema);
        Assert.Equal(24, written.Fields.Count); // those of the dictionary, and one that only the table has
        Assert.NotEmpty(written["extra"]!.Evidence);
        Assert.Empty(written["sex"]!.Evidence);

        string[] outputs = [scratch.Path("a.csv"), scratch.Path("b.csv")];
        string account = Impute.Run(["fill", data, "--codebook", dictionary, "--out", outputs[0]]).Expect(0).Text;
        Assert.Contains("datediff", account);
        Impute.Run(["fill", data, "--codebook", schema, "--out", outputs[1]]).Expect(0);
        Assert.Equal(File.ReadAllText(outputs[0]), File.ReadAllText(outputs[1]));
        string[] rows = File.ReadAllLines(outputs[0]);
        Assert.All(rows.Skip(1).Select(r => r.Split(',')), cells => Assert.Equal(cells[1] == "1" || int.Parse(cells[2]) >= 50,
            cells[3].Length == 0));
    }
}
