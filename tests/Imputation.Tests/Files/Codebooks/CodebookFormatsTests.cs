using System.Text;
using Imputation.Files;
using Imputation.Tests.Fuzzing;

namespace Imputation.Tests.Files.Codebooks;

/// <summary>The format of a codebook is told by its contents; what is none is refused with what is accepted.</summary>
public class CodebookFormatsTests
{
    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("  \r\n ", "no text")]
    [InlineData("PK\u0003\u0004\0\0", "no text")]
    [InlineData("id,sex,age\n1,2,3\n", "its first line is 'id,sex,age'")]
    [InlineData("Variable,Type\nid,text\n", "its first line is 'Variable,Type'")]
    [InlineData("fields: []", "its first line is 'fields: []'")]
    [InlineData("{ \"fields\": [", "line 1: not valid JSON")]
    public void AnotherFile_IsRefused_WithWhatIsAccepted(string text, string message)
    {
        string error = Assert.Throws<ImputationDataException>(() => Dictionaries.Read(text)).Message;
        Assert.Contains(message, error);
        foreach (string format in (string[])["Table Schemas (JSON", "REDCap data dictionaries (CSV", "DDI codebooks (XML"])
            Assert.Contains(format, error);
    }

    [Fact]
    public void AnImportedCodebook_IsWrittenAsATableSchema_ThatMeansTheSame()
    {
        foreach (string text in new[] { Dictionaries.Clinic, Dictionaries.Survey })
        {
            Codebook first = Dictionaries.Read(text);
            var stream = new MemoryStream();
            CodebookFile.Write(stream, first);
            Codebook again = Dictionaries.Read(stream.ToArray());
            Assert.Empty(again.Findings);
            Assert.Equal(first.Fields.Select(f => (f.Name, f.Title, f.Measure, f.Bounds, f.Universe?.ToString(), f.Derived?.ToString(),
                    f.Categories?.ToString(), string.Join(",", f.Missing))),
                again.Fields.Select(f => (f.Name, f.Title, f.Measure, f.Bounds, f.Universe?.ToString(), f.Derived?.ToString(),
                    f.Categories?.ToString(), string.Join(",", f.Missing))));
        }
    }

    /// <summary>Damaged files are read or refused, nothing else.</summary>
    [Fact]
    public void DamagedFiles_AreReadOrRefused()
    {
        int read = 0, refused = 0;
        Table table = new([NumericColumn.Number("sex", [1, 2, double.NaN]), NumericColumn.Number("health", [1, 9, 3])]);
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            List<byte> bytes = [.. Encoding.UTF8.GetBytes(seed % 2 == 0 ? Dictionaries.Clinic : Dictionaries.Survey)];
            for (int k = random.Next(1, 6); k > 0; k--) ByteMutator.Mutate(random, bytes);
            try
            {
                Codebook codebook = Dictionaries.Read([.. bytes]);
                SurveyReading.Of(table, codebook);
                read++;
            }
            catch (ImputationDataException)
            {
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"Seed {seed}: {other}");
            }
        }
        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} refused");
    }
}
