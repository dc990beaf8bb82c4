using System.Globalization;
using Imputation.Files;

namespace Imputation.Tests.Cli;

/// <summary>Derived columns and edits on the command line.</summary>
public class DerivedCommandTests
{
    [Fact]
    public void DerivedColumns_FromTheProposalToTheCompletedTables()
    {
        using var scratch = new Scratch();
        string input = scratch.Write("people.csv", People(120, 1)), book = scratch.Path("people.schema.json"),
            done = scratch.Path("done.csv"), ledger = scratch.Path("cells.csv"), model = scratch.Path("model.json");
        Assert.Contains("computed as round(weight / (height * height), 1)", Impute.Run("codebook", input, "--out", book).Expect(0).Text);
        Assert.Contains("\"derived\": \"round(weight / (height * height), 1)\"", File.ReadAllText(book));
        Assert.Contains("derivedEvidence", File.ReadAllText(book));

        ImputeResult filled = Impute.Run("fill", input, "--out", done, "--ledger", ledger, "--model-out", model).Expect(0);
        Assert.Contains("'bmi' = weight / (height * height), rounded to 1 decimal, in all", filled.Text);
        Assert.Contains("computed from other columns", filled.Text);
        Check(done);
        Assert.Contains(File.ReadAllLines(ledger), line => line.Contains(",bmi,mean,") && line.EndsWith(",NA,NA,NA,5,derived",
            StringComparison.Ordinal));

        string few = scratch.Write("few.csv", People(9, 2));
        Impute.Run("apply", model, few, "--out", done, "--method", "draw").Expect(0);
        Check(done);
        Impute.Run("multiple", input, "-m", "2", "--out", scratch.Path("imputed")).Expect(0);
        Assert.All(Directory.GetFiles(scratch.Path("imputed"), "*.csv"), Check);
    }

    [Fact]
    public void Edits_AreKeptAndListed()
    {
        using var scratch = new Scratch();
        string input = scratch.Write("accounts.csv", "income,taxes,net\n" + string.Join('\n', Enumerable.Range(0, 60).Select(i =>
        {
            int income = 100 + 37 * i % 91, taxes = 10 + i * i % 23, net = income - taxes + (i == 16 ? 5 : 0);
            return i % 7 == 1 ? $"{income},,{net}" : $"{income},{taxes},{net}";
        })) + "\n");
        string book = scratch.Write("book.json", """
            { "fields": [ { "name": "taxes", "type": "integer", "constraints": { "minimum": 0 } } ],
              "imputation": { "edits": [ { "name": "balance", "rule": "income - taxes == net" } ] } }
            """), done = scratch.Path("done.csv");
        ImputeResult result = Impute.Run("fill", input, "--codebook", book, "--out", done).Expect(0);
        Assert.Contains("The edit 'balance', income - taxes == net, fails in 1 row", result.Text);
        Assert.Contains("row 17", result.Text);
        foreach ((int i, string line) in File.ReadAllLines(done).Skip(1).Index())
        {
            double[] x = [.. line.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
            if (i != 16) Assert.Equal(x[2], x[0] - x[1], 9);
        }
    }

    private static void Check(string file)
    {
        Table table = CsvTable.Read(file);
        for (int row = 0; row < table.RowCount; row++)
        {
            double Of(string name) => Convert.ToDouble(table[name].Value(row), CultureInfo.InvariantCulture);
            Assert.Equal(Of("weight") / (Of("height") * Of("height")), Of("bmi"), 0.0500001);
            Assert.Equal(Of("age") < 40 ? "young" : "old", table["group"].Value(row));
        }
    }

    private static string People(int n, int seed)
    {
        var random = new Random(seed);
        return "age,weight,height,smokes,bmi,group\n" + string.Concat(Enumerable.Range(0, n).Select(i =>
        {
            double age = 18 + random.Next(60), weight = Math.Round(55 + 40 * random.NextDouble(), 1), height = Math.Round(1.5
                + 0.4 * random.NextDouble(), 2), bmi = Math.Round(weight / (height * height), 1);
            string Cell(double x, int at) => i % 9 == at ? "" : x.ToString(CultureInfo.InvariantCulture);
            return $"{Cell(age, 1)},{Cell(weight, 3)},{Cell(height, 5)},{(random.Next(3) == 0 ? "yes" : "no")},{Cell(bmi, 7)},"
                + $"{(i % 9 == 8 ? "" : age < 40 ? "young" : "old")}\n";
        }));
    }
}
