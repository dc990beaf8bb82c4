using System.Text;
using Imputation.Files;

namespace Imputation.Tests.Files;

/// <summary>Codebooks as Table Schemas: what is read, what is written, and errors that name their place.</summary>
public class CodebookFileTests
{
    private const string Survey = """
        {
          "fields": [
            { "name": "id", "type": "integer" },
            { "name": "sex", "type": "integer", "title": "Sex of respondent",
              "categories": [ { "value": 1, "label": "male" }, { "value": 2, "label": "female" } ] },
            { "name": "health", "type": "string", "categories": ["poor", "fair", "good"], "categoriesOrdered": true },
            { "name": "drink_days", "type": "integer", "constraints": { "minimum": 0, "maximum": "30" },
              "missingValues": [ { "value": "" }, { "value": "77", "label": "don't know" }, { "value": "-1", "label": "not applicable" } ],
              "imputation": { "measure": "count", "universe": "drink_any == 'Yes'", "missing": { "77": "nonresponse",
                  "-1": "structural" } } },
            { "name": "drink_any", "type": "string" },
            { "name": "bmi", "type": "number", "imputation": { "derived": "weight / (height * height)" } },
            { "name": "w", "type": "number" }
          ],
          "missingValues": ["", "-99"],
          "primaryKey": "id", "fieldsMatch": ["subset"],
          "imputation": { "weight": "w", "edits": [ { "name": "balance", "rule": "income - taxes == net" } ] }
        }
        """;

    [Fact]
    public void ATableSchema_IsReadAsACodebook()
    {
        Codebook codebook = Read(Survey);
        Assert.Equal([Measure.Identifier, Measure.Binary, Measure.Ordinal, Measure.Count, null, null, Measure.Weight],
            codebook.Fields.Select(f => f.Measure));
        CodebookField sex = codebook["sex"]!, days = codebook["drink_days"]!;
        Assert.Equal("Sex of respondent", sex.Title);
        Assert.Equal([new Category(1.0, "male"), new Category(2.0, "female")], sex.Categories!.Levels);
        Assert.False(sex.Categories.IsOrdered);
        Assert.Equal("poor < fair < good", codebook["health"]!.Categories!.ToString());
        Assert.Equal(new Bounds(0, 30), days.Bounds);
        Assert.Equal([new MissingCode("77", "don't know"), new MissingCode("-1", "not applicable", MissingReason.NotAsked)], days.Missing);
        Assert.Equal("drink_any == 'Yes'", days.Universe!.ToString());
        Assert.Equal([new MissingCode("-99")], codebook["drink_any"]!.Missing); // the table's own, where the field has none
        Assert.Equal(["weight", "height"], codebook["bmi"]!.Derived!.Columns);
        Assert.Equal("balance: income - taxes == net", string.Join(";", codebook.Edits.Select(e => $"{e.Name}: {e.Rule}")));
    }

    [Fact]
    public void WhatIsWritten_IsReadBack()
    {
        Codebook first = Read(Survey), again = Read(Written(first));
        Assert.Equal(Written(first), Written(again));
        Assert.Equal(first.Fields.Select(f => (f.Name, f.Title, f.Measure, f.Bounds, f.Universe?.ToString(), f.Derived?.ToString(),
                f.Categories?.ToString(), string.Join(",", f.Missing))),
            again.Fields.Select(f => (f.Name, f.Title, f.Measure, f.Bounds, f.Universe?.ToString(), f.Derived?.ToString(),
                f.Categories?.ToString(), string.Join(",", f.Missing))));
    }

    [Theory]
    [InlineData("[]", "is not a codebook")]
    [InlineData("{ \"fields\": 3 }", "'fields' is 3, expected an array")]
    [InlineData("{ \"fields\": [ { } ] }", "'fields[0].name' is missing")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\" }, { \"name\": \"a\" } ] }", "'fields[1].name' is 'a', as of an earlier field")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"imputation\": { \"universe\": \"b = 1\" } } ] }",
        "'fields[0].imputation.universe' is malformed. The rule 'b = 1', character 3")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"imputation\": { \"universe\": \"a == 1\" } } ] }", "reads 'a' itself")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"imputation\": { \"univers\": \"b == 1\" } } ] }",
        "'fields[0].imputation.univers' means nothing here; expected measure, universe")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"imputation\": { \"measure\": \"interval\" } } ] }",
        "expected one of continuous, count")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"categories\": [1, 1], \"type\": \"integer\" } ] }", "has '1' twice")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"imputation\": { \"missing\": { \"9\": \"structural\" } } } ] }",
        "is the kind of a code that is not among the field's missingValues")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"type\": \"number\", \"constraints\": { \"minimum\": 3, \"maximum\": 1 } } ] }",
        "is above the maximum, 1")]
    [InlineData("{ \"fields\": [ ], \"fields\": [ ] }", "given twice")]
    [InlineData("{ \"fields\": [", "not valid JSON")]
    [InlineData("{ \"fields\": [ { \"name\": \"a\", \"title\": \"\\uD800\" } ] }", "not valid Unicode")]
    public void AWrongCodebook_IsAnErrorThatNamesThePlace(string json, string message)
    {
        string error = Assert.Throws<ImputationDataException>(() => Read(json)).Message;
        Assert.Contains(message, error);
        Assert.StartsWith("the codebook", error, StringComparison.Ordinal);
    }

    /// <summary>Questionnaires, and SPSS files, often name only the ends of a scale. The points between were put after them: answers of 4
    /// were filled with 3, and those of 1 with 5.</summary>
    [Theory]
    [InlineData("1", "5", false)]
    [InlineData("5", "1", false)]
    [InlineData("1", "3", true)]
    public void PointsBetweenTheNamedEndsOfAScale_AreInTheirPlaces(string first, string last, bool beyond)
    {
        Codebook codebook = Read($$"""
            { "fields": [ { "name": "happy", "type": "integer", "categories": [ { "value": {{first}}, "label": "not at all" },
              { "value": {{last}}, "label": "very" } ], "categoriesOrdered": true, "imputation": { "measure": "ordinal" } } ] }
            """);
        double[] x = [.. Enumerable.Range(0, 200).Select(i => 0.5 + i * 37 % 200 / 40.0)];
        var table = new Table([NumericColumn.Number("happy", [.. x.Select((v, i) => i % 6 == 1 ? double.NaN
            : Math.Clamp(Math.Round(v), 1, 5))]), NumericColumn.Number("x", x)]);
        ImputationResult done = table.Impute(new AutomaticOptions { Codebook = codebook });
        var happy = (NumericColumn)done.Table["happy"];
        Assert.All(Enumerable.Range(0, 200), i => Assert.InRange(happy[i], x[i] - 1.1, x[i] + 1.1));
        Assert.Equal(beyond, done.Fit.Report.Findings.Any(f => f.Code == "values-not-in-codebook"));
        Assert.Equal(!beyond, done.Fit.Report.Findings.Any(f => f.Code == "values-between-levels"));
    }

    /// <summary>A model keeps the codebook that it was fitted under, so that a table that is filled later is read by it.</summary>
    [Fact]
    public void AModelFile_KeepsTheCodebook()
    {
        var codebook = new Codebook([new CodebookField("y") { Missing = [new MissingCode("-1", "not applicable", MissingReason.NotAsked),
            new MissingCode("-9", "refused")] }]);
        double[] x = [.. Enumerable.Range(0, 40).Select(i => i % 7 + 0.1 * i)], y = [.. x.Select((v, i) => i % 10 == 3 ? -9 : 2 * v
            + i % 3)];
        Table table = new([NumericColumn.Number("x", x), NumericColumn.Number("y", y)]);
        FittedModel fit = new NormalOptions { Codebook = codebook }.Fit(table);
        var stream = new MemoryStream();
        ModelFile.Write(stream, fit);
        stream.Position = 0;
        FittedModel read = ModelFile.Read(stream);

        Table later = new([NumericColumn.Number("x", [1, 2, 3]), NumericColumn.Number("y", [-1, -9, 5])]);
        foreach (FittedModel model in new[] { fit, read })
        {
            var filled = (NumericColumn)model.Impute(later).Table["y"];
            Assert.True(double.IsNaN(filled[0]));      // not applicable: stays empty
            Assert.InRange(filled[1], 2, 8);           // refused: filled
            Assert.Equal(5, filled[2]);
        }
    }

    private static Codebook Read(string json) => CodebookFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static string Written(Codebook codebook)
    {
        var stream = new MemoryStream();
        CodebookFile.Write(stream, codebook);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
