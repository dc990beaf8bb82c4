using System.Globalization;
using System.Text;
using System.Text.Json;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary>--memory, and several files as one table, as processes.</summary>
public sealed class MemoryCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("csv", "mean")]
    [InlineData("csv", "draw")]
    [InlineData("parquet", "auto")]
    public void Fill_IsThatOfTheTableInMemory(string format, string method)
    {
        string input = Table(format, 30_000, 6), whole = _scratch.Path($"whole.{format}"), streamed = _scratch.Path($"streamed.{format}");
        string[] how = ["--tolerance", "1e-10", "--method", method, "--seed", "3"];
        Impute.Run(["fill", input, "--out", whole, "--model-out", _scratch.Path("w.json"), "--ledger", _scratch.Path("w.csv"), .. how])
            .Expect(0);
        ImputeResult run = Impute.Run(["fill", input, "--out", streamed, "--model-out", _scratch.Path("s.json"), "--ledger",
            _scratch.Path("s.csv"), "--json", _scratch.Path("s.report.json"), "--memory", "64MB", "--temp", _scratch.Folder,
                .. how]).Expect(0);
        Assert.Contains("read in batches within 64 MB", Unwrapped(run.Text), StringComparison.Ordinal);
        Same(Model("w.json"), Model("s.json"));
        SameCells(whole, streamed);
        SameCells(_scratch.Path("w.csv"), _scratch.Path("s.csv"));
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.report.json")));
        Assert.Equal(30_000, report.RootElement.GetProperty("imputation").GetProperty("rows").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("imputation").GetProperty("stillMissingCells").GetInt32());
        JsonElement memory = report.RootElement.GetProperty("memory");
        Assert.Equal(("in batches", 64L << 20), (memory.GetProperty("rows").GetString(), memory.GetProperty("limitBytes").GetInt64()));
        Assert.DoesNotContain(_scratch.Names, name => name.StartsWith(".impute", StringComparison.Ordinal));
    }

    [Fact]
    public void Apply_Describe_Multiple_Accumulate_ReadInBatches()
    {
        string input = Table("csv", 20_000, 5), whole = _scratch.Path("whole.csv"), streamed = _scratch.Path("streamed.csv");
        Impute.Run("fit", input, "--out", _scratch.Path("m.json"), "--memory", "64MB").Expect(0);
        Impute.Run("apply", _scratch.Path("m.json"), input, "--out", whole).Expect(0);
        Impute.Run("apply", _scratch.Path("m.json"), input, "--out", streamed, "--memory", "64MB").Expect(0);
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(streamed));

        string described = Impute.Run("describe", input, "--memory", "64MB").Expect(0).Text, all = Impute.Run("describe",
            input).Expect(0).Text;
        Assert.Equal(all.Split('\n').First(line => line.StartsWith("Missing", StringComparison.Ordinal)),
            described.Split('\n').First(line => line.StartsWith("Missing", StringComparison.Ordinal)));

        Impute.Run("accumulate", input, "--out", _scratch.Path("a.stats.csv")).Expect(0);
        Impute.Run("accumulate", input, "--out", _scratch.Path("b.stats.csv"), "--memory", "64MB").Expect(0);
        SameCells(_scratch.Path("a.stats.csv"), _scratch.Path("b.stats.csv"));

        string[] times = ["-m", "2", "--seed", "5", "--tolerance", "1e-9", "--out"];
        Impute.Run(["multiple", input, .. times, _scratch.Path("mw")]).Expect(0);
        Impute.Run(["multiple", input, .. times, _scratch.Path("ms"), "--memory", "64MB"]).Expect(0);
        foreach (string name in (string[])["t.imp01.csv", "t.imp02.csv"])
            // parameters of a resample are within a hundredth of a standard error of their maximum
            SameCells(Path.Combine(_scratch.Path("mw"), name), Path.Combine(_scratch.Path("ms"), name), 1e-3);
    }

    /// <summary>Whether the rows were in memory is said where one may ask, of files of 16 MB and more, and always in the JSON.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(20_000, true)]
    public void ReadIntoMemory_IsSaid_OfLargeFiles(int length, bool said)
    {
        var random = new Random(2);
        string note = new('n', length), input = _scratch.Write("large.csv", "x,y,note\n" + string.Concat(Enumerable.Range(0, 1000)
            .Select(i => $"{random.Next(100)},{(i % 5 == 0 ? "" : $"{random.Next(100)}")},{i}{note}\n")));
        string json = _scratch.Path("r.json"), m = _scratch.Path("m.json"), o = _scratch.Path("o.csv");
        void Check(params string[] args) => Assert.Equal(said, Unwrapped(Impute.Run(args).Expect(0).Text).Contains(
            "columns, read into memory", StringComparison.Ordinal));
        void Says()
        {
            using JsonDocument report = JsonDocument.Parse(File.ReadAllText(json));
            JsonElement memory = report.RootElement.GetProperty("memory");
            Assert.Equal("in memory", memory.GetProperty("rows").GetString());
            Assert.False(memory.TryGetProperty("limitBytes", out _));
        }
        Check("fit", input, "--out", m);
        Check("fill", input, "--out", o, "--json", json);
        Says();
        Check("apply", m, input, "--out", o, "--json", json);
        Says();
        Check("describe", input, "--json", json, "--only", "patterns");
        Says();
        Check("multiple", input, "-m", "2", "--out", _scratch.Path("mi"), "--json", json);
        Says();
        Check("accumulate", input, "--out", _scratch.Path("a.stats.csv"));
    }

    /// <summary>A column is the same whether its file is read at once or in batches, also where only later rows show what it is.</summary>
    [Theory]
    [InlineData("late text among digits that were asked for", "--columns x,y,c")]
    [InlineData("late text of a column that is left out", "--exclude c")]
    [InlineData("late text", "")]
    [InlineData("late codes", "")]
    [InlineData("late codes", "--columns x,y,c")]
    [InlineData("codes, numbers later", "")]
    [InlineData("codes, numbers later", "--columns x,y,c")]
    public void Columns_AreThoseOfTheTableInMemory(string what, string options)
    {
        const int rows = 60_000; // a first batch has 32,768
        string C(int i) => what switch
        {
            "late text among digits that were asked for" => i > rows - 9 ? "A12" : $"{i % 1000:D3}",
            "late codes" => i > rows - 9 ? "01234" : $"{10_000 + i}",
            "codes, numbers later" => i < 40_000 ? $"{i % 1000:D3}" : $"{10 + i}",
            _ => i > rows - 9 ? "A12" : $"{i * 7 % 100}",
        };
        var random = new Random(5);
        string note = new('n', 40), input = _scratch.Write("c.csv", "x,y,c,n\n" + string.Concat(Enumerable.Range(0, rows).Select(i =>
            $"{random.Next(100)},{(i % 9 == 0 ? "" : $"{random.Next(100)}")},{C(i)},{i}{note}\n")));
        string[] more = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--model", "normal"];
        ImputeResult whole = Impute.Run(["fill", input, "--out", _scratch.Path("w.csv"), .. more]),
            batches = Impute.Run(["fill", input, "--out", _scratch.Path("b.csv"), "--memory", "64MB", .. more]);
        Assert.Equal((whole.Code, whole.Error), (batches.Code, batches.Error));
        static string Columns(ImputeResult run) => run.Text.Split('\n').FirstOrDefault(line => line.StartsWith("Columns",
            StringComparison.Ordinal)) ?? "";
        Assert.Equal(Columns(whole), Columns(batches));
        if (whole.Code == 0) SameCells(_scratch.Path("w.csv"), _scratch.Path("b.csv"), 1e-5);
        Assert.Equal(what.StartsWith("late text", StringComparison.Ordinal) && options != "--exclude c", whole.Code != 0);
    }

    [Fact]
    public void SeveralFiles_AreOneTable()
    {
        string all = Table("csv", 3_000, 4), text = File.ReadAllText(all);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string a = _scratch.Write("part-1.csv", string.Join('\n', lines[..1001]) + "\n"),
            b = _scratch.Write("part-2.csv", string.Join('\n', [lines[0], .. lines[1001..]]) + "\n");
        Impute.Run("fill", all, "--out", _scratch.Path("whole.csv")).Expect(0);
        Impute.Run("fill", a, b, "--out", _scratch.Path("two.csv")).Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("whole.csv")), File.ReadAllText(_scratch.Path("two.csv")));
        Impute.Run("fill", _scratch.Path("part-?.csv"), "--out", _scratch.Path("glob.csv"), "--memory", "64MB").Expect(0);
        SameCells(_scratch.Path("whole.csv"), _scratch.Path("glob.csv"), 1e-5);
        ImputeResult fit = Impute.Run("fit", a, b, "--out", _scratch.Path("m.json")).Expect(0);
        Assert.Contains("3,000 rows", fit.Text, StringComparison.Ordinal);
        string odd = _scratch.Write("odd.csv", "v0,v1\n1,2\n");
        string error = Impute.Run("fill", a, odd, "--out", _scratch.Path("no.csv")).Expect(3).Error;
        Assert.Contains("odd.csv", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch.Path("no.csv")));
        Assert.Contains("overwritten", Impute.Run("fill", a, b, "--out", b).Expect(2).Error, StringComparison.Ordinal);
    }

    /// <summary>A folder and a name with wildcards mean all files that fit: none of them is overwritten, and no output
    /// becomes one.</summary>
    [Theory]
    [InlineData("parts", "parts/a.csv", "overwritten")]
    [InlineData("parts/?.csv", "parts/b.csv", "overwritten")]
    [InlineData("parts", "parts/done.csv", "next time")]
    [InlineData("parts", "parts/within/done.parquet", "next time")]
    [InlineData("parts/*.csv", "parts/done.csv", "next time")]
    [InlineData("parts/?.csv", "parts/done.csv", null)]
    [InlineData("parts", "parts/_done.csv", null)]
    [InlineData("parts", "parts.csv", null)]
    public void Output_IsNoInput_NowOrNextTime(string input, string output, string? refused)
    {
        Directory.CreateDirectory(_scratch.Path("parts/within"));
        foreach (string name in (string[])["parts/a.csv", "parts/b.csv"])
            _scratch.Write(name, "x,y\n1,2\n2,\n3,5\n4,4\n5,9\n6,7\n");
        string before = File.ReadAllText(_scratch.Path("parts/a.csv"));
        string[][] runs = [["fill", _scratch.Path(input), "--out", _scratch.Path(output)],
            ["fill", _scratch.Path(input), "--out", _scratch.Path(output), "--memory", "64MB"],
            ["accumulate", _scratch.Path(input), "--out", _scratch.Path(output)]];
        foreach (string[] run in runs)
        {
            ImputeResult result = Impute.Run(run).Expect(refused is null ? 0 : 2);
            if (refused is not null) Assert.Contains(refused, result.Error, StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllText(_scratch.Path("parts/a.csv")));
            if (refused is null) File.Delete(_scratch.Path(output));
        }
        if (refused == "next time")
            Assert.Contains(refused, Impute.Run("multiple", _scratch.Path(input), "-m", "2", "--out",
                _scratch.Path("parts")).Expect(2).Error, StringComparison.Ordinal);
    }

    /// <summary>Imputations of a folder have the format of its files.</summary>
    [Fact]
    public void Multiple_OfAFolder_HasTheFormatOfItsFiles()
    {
        Directory.CreateDirectory(_scratch.Path("parts"));
        foreach (string name in (string[])["a", "b"])
            CsvToParquet(_scratch.Write($"{name}.csv", "x,y\n1,2\n2,\n3,5\n4,4\n5,9\n6,7\n"), _scratch.Path($"parts/{name}.parquet"));
        Impute.Run("multiple", _scratch.Path("parts"), "-m", "2", "--out", _scratch.Path("w")).Expect(0);
        Impute.Run("multiple", _scratch.Path("parts"), "-m", "2", "--out", _scratch.Path("s"), "--memory", "64MB").Expect(0);
        string[] names = ["a.imp01.parquet", "a.imp02.parquet"];
        Assert.Equal(names, Directory.GetFiles(_scratch.Path("w"), "*.parquet").Select(Path.GetFileName).Order());
        Assert.Equal(names, Directory.GetFiles(_scratch.Path("s")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WhatCannotBeDoneInBatches_IsRefused_WithWhatToDo()
    {
        string input = Table("csv", 200, 3);
        string Refused(int code, params string[] args) => Impute.Run(args).Expect(code).Error;
        Assert.Contains("--report", Refused(2, "fill", input, "--out", _scratch.Path("o.csv"), "--memory", "1GB", "--report",
            _scratch.Path("r.html")), StringComparison.Ordinal);
        Assert.Contains("pmm", Refused(2, "fill", input, "--out", _scratch.Path("o.csv"), "--memory", "1GB", "--method", "pmm"),
            StringComparison.Ordinal);
        Assert.Contains("64 MB", Refused(2, "fill", input, "--out", _scratch.Path("o.csv"), "--memory", "5MB"), StringComparison.Ordinal);
        Assert.Contains("2GB", Refused(2, "fill", input, "--out", _scratch.Path("o.csv"), "--memory", "much"), StringComparison.Ordinal);
        Assert.Contains("standard input", Refused(2, "fill", "-", "--out", _scratch.Path("o.csv"), "--memory", "1GB"),
            StringComparison.Ordinal);
        Assert.Contains("all rows in memory", Refused(3, "fit", input, "--out", _scratch.Path("o.json"), "--memory", "1GB", "--model", "t"),
            StringComparison.Ordinal);
        Assert.Contains("--long", Refused(2, "multiple", input, "--long", _scratch.Path("o.csv"), "--memory", "1GB"),
            StringComparison.Ordinal);
        string mixed = _scratch.Write("mixed.csv", "sex,x\nm,1\nf,2\nm,\nf,4\nm,5\n,7\nm,8\nf,3\n");
        Assert.Contains("--columns", Refused(3, "fit", mixed, "--out", _scratch.Path("o.json"), "--memory", "1GB"),
            StringComparison.Ordinal);
        Assert.DoesNotContain(_scratch.Names, name => name.StartsWith('o'));
    }

    /// <summary>Whole numbers of which none is missing stay whole numbers, and a column that is filled with fractions has them in all
    /// files.</summary>
    [Fact]
    public void Multiple_ChangesTheType_OfFilledColumnsOnly()
    {
        var random = new Random(3);
        int[] whole = [.. Enumerable.Range(0, 400).Select(_ => random.Next(100))];
        string input = _scratch.Path("w.parquet");
        Imputation.Parquet.ParquetTable.Write(input, new Imputation.Table([
            NumericColumn.Integer("whole", [.. whole.Select(x => (long?)x)]),
            NumericColumn.Integer("holes", [.. whole.Select((x, i) => i % 3 == 0 ? null : (long?)(x + random.Next(20)))])]));
        Impute.Run("multiple", input, "-m", "2", "--out", _scratch.Path("out"), "--memory", "64MB").Expect(0);
        Imputation.Table imputed = Read(Path.Combine(_scratch.Path("out"), "w.imp02.parquet"));
        Assert.Equal([ColumnKind.Integer, ColumnKind.Number], imputed.Columns.Select(c => c.Kind));
        Assert.Equal(whole.Select(x => (double)x), ((NumericColumn)imputed["whole"]).Values.ToArray());
    }

    /// <summary>A summary without the line ends that depend on the length of names.</summary>
    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[])[' ', '\n'],
        StringSplitOptions.RemoveEmptyEntries));

    private string Table(string format, int rows, int columns)
    {
        double[,] values = NaiveStatistics.Rows(new Random(11), rows, columns, 0.2, 5);
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, columns).Select(j => $"v{j}"))).Append('\n');
        for (int i = 0; i < rows; i++)
            text.AppendJoin(',', Enumerable.Range(0, columns).Select(j => double.IsNaN(values[i, j]) ? "NA"
                : values[i, j].ToString("F3", CultureInfo.InvariantCulture))).Append('\n');
        string csv = _scratch.Write("t.csv", text.ToString());
        if (format == "csv") return csv;
        string parquet = _scratch.Path("t.parquet");
        CsvToParquet(csv, parquet);
        return parquet;
    }

    private static void CsvToParquet(string csv, string parquet) =>
        Imputation.Parquet.ParquetTable.Write(parquet, Imputation.Files.CsvTable.Read(csv));

    private (double[] Mean, double[] Deviation) Model(string name)
    {
        using JsonDocument model = JsonDocument.Parse(File.ReadAllText(_scratch.Path(name)));
        double[] mean = [.. model.RootElement.GetProperty("mean").EnumerateArray().Select(x => x.GetDouble())];
        return (mean, [.. model.RootElement.GetProperty("covariance").EnumerateArray().Select((row, i) => Math.Sqrt(row[i].GetDouble()))]);
    }

    private static void Same((double[] Mean, double[] Deviation) whole, (double[] Mean, double[] Deviation) streamed)
    {
        for (int j = 0; j < whole.Mean.Length; j++)
        {
            Assert.InRange(Math.Abs(whole.Mean[j] - streamed.Mean[j]) / whole.Deviation[j], 0, 1e-9);
            Assert.InRange(Math.Abs(whole.Deviation[j] / streamed.Deviation[j] - 1), 0, 1e-9);
        }
    }

    private static void SameCells(string whole, string streamed, double tolerance = 1e-8)
    {
        Imputation.Table a = Read(whole), b = Read(streamed);
        Assert.Equal(a.Columns.Select(c => (c.Name, c.Kind)), b.Columns.Select(c => (c.Name, c.Kind)));
        for (int j = 0; j < a.Columns.Count; j++)
        {
            // limits allow for the uncertainty of the estimates, which of rows in batches is known from counts only
            if (a.Columns[j].Name is "lower95" or "upper95") continue;
            for (int row = 0; row < a.RowCount; row++)
            {
                if (a.Columns[j].Value(row) is double x && b.Columns[j].Value(row) is double y)
                    Assert.InRange(Math.Abs(x - y), 0, tolerance * Math.Max(1, Math.Abs(x)));
                else Assert.Equal(a.Columns[j].Value(row), b.Columns[j].Value(row));
            }
        }
    }

    private static Imputation.Table Read(string path) => path.EndsWith("parquet", StringComparison.Ordinal)
        ? Imputation.Parquet.ParquetTable.Read(path) : Imputation.Files.CsvTable.Read(path,
            Imputation.Files.TableReadOptions.Default with { MixedColumns = ["c"] });
}
