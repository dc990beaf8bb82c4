using Imputation.Files;
using Imputation.Tests.Files.Spss;

namespace Imputation.Tests.Cli;

/// <summary>SPSS files on the command line.</summary>
public class SpssCommandTests
{
    private static readonly string[] s_fill = ["--columns", "household_income,satisfaction,age", "--bounds", "household_income=0..",
        "--bounds", "satisfaction=1..5", "--bounds", "age=0..96", "--prior", "ridge:2"];

    [Theory]
    [InlineData("haven-byte.sav")]
    [InlineData("haven-zlib.zsav")]
    public void SpssIn_SpssOut(string file)
    {
        using var scratch = new Scratch();
        string input = SpssFiles.Path(file), output = scratch.Path(file);
        Impute.Run(["fill", input, "--out", output, .. s_fill]).Expect(0);
        Table before = SpssTable.Read(input), after = SpssTable.Read(output);
        Assert.Equal(0, after["household_income"].MissingCount + after["satisfaction"].MissingCount + after["age"].MissingCount);
        int dictionary = SpssFiles.Dictionary(before).DataStart;
        Assert.Equal(File.ReadAllBytes(input)[..dictionary], File.ReadAllBytes(output)[..dictionary]);
        foreach (Column column in before.Columns)
            for (int row = 0; row < before.RowCount; row++)
                if (!column.IsMissing(row) || after[column.Name].IsMissing(row))
                    Assert.Equal(SpssFiles.Cell(column, row), SpssFiles.Cell(after[column.Name], row));

        string csv = scratch.Path("done.csv");
        Impute.Run(["fill", input, "--out", csv, .. s_fill]).Expect(0);
        Assert.Equal(((NumericColumn)after["age"]).Values.ToArray(), ((NumericColumn)CsvTable.Read(csv)["age"]).Values.ToArray());
    }

    [Fact]
    public void EveryCommand_ReadsSpss()
    {
        using var scratch = new Scratch();
        string input = SpssFiles.Path("haven-byte.sav"), model = scratch.Path("model.json"), folder = scratch.Path("imputed");
        Assert.Contains("household_income", Impute.Run(["describe", input, "--prior", "ridge:2"]).Expect(0).Text);
        Impute.Run(["fit", input, "--out", model, "--columns", "household_income,satisfaction,age", "--prior", "ridge:2"]).Expect(0);
        Impute.Run(["apply", model, input, "--out", scratch.Path("applied.sav"), "--bounds", "household_income=0..", "--bounds",
            "age=0..96", "--bounds", "satisfaction=1..5"]).Expect(0);
        Impute.Run(["multiple", input, "-m", "2", "--out", folder, .. s_fill]).Expect(0);
        string[] imputed = Directory.GetFiles(folder, "*.sav");
        Assert.Equal(2, imputed.Length);
        Assert.All(imputed, file => Assert.Equal(0, SpssTable.Read(file)["age"].MissingCount));
        Impute.Run(["fill", "-", "--from", "spss", "--out", scratch.Path("piped.sav"), .. s_fill], File.ReadAllBytes(input)).Expect(0);
    }

    [Theory]
    [InlineData("fill airquality.csv --out x.sav", "--out: spss files are written only", "the input is csv")]
    [InlineData("fill airquality.csv --out x --to spss", "--out: spss files are written only", "--to csv or parquet")]
    [InlineData("multiple airquality.csv --long x.zsav", "--long: spss files are written only", "number of the imputation")]
    [InlineData("multiple haven-byte.sav --long x.sav", "--long: spss files are written only", "number of the imputation")]
    [InlineData("multiple airquality.csv --out x --to spss", "--out: spss files are written only", "the input is csv")]
    public void ADictionaryThatIsNotThere_IsNotInvented(string command, params string[] says)
    {
        using var scratch = new Scratch();
        string[] args = [.. command.Split(' ').Select(arg => arg == "airquality.csv" ? Repository.Example(arg)
            : arg == "haven-byte.sav" ? SpssFiles.Path(arg) : arg.StartsWith('x') ? scratch.Path(arg) : arg)];
        Impute.Run(args).Expect(2).Says(says);
        Assert.Empty(scratch.Names);
    }

    [Fact]
    public void AFilledCodeForMissing_IsRefused_AndNothingIsWritten()
    {
        using var scratch = new Scratch();
        Impute.Run(["fill", SpssFiles.Path("haven-byte.sav"), "--out", scratch.Path("x.sav"), "--columns", "age,satisfaction", "--bounds",
            "age=99..99", "--prior", "ridge:2"]).Expect(3).Says("'age'", "99 is declared user-missing", "--bounds");
        Assert.Empty(scratch.Names);
    }
}
