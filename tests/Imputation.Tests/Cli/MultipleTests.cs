using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

public sealed class MultipleTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Folder => _scratch.Path("out");

    private string[] Files => [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static readonly string[] s_imputations = ["airquality.imp01.csv", "airquality.imp02.csv", "airquality.imp03.csv"];

    private ImputeResult Run(params string[] more) => Impute.Run(["multiple", Repository.Example("airquality.csv"), "-m", "3", .. more]);

    [Fact]
    public void OneFileForEach_KeepsObservedCellsAsTheyStood()
    {
        ImputeResult result = Run("--out", Folder, "--seed", "5", "--json", _scratch.Path("s.json"), "--ledger", _scratch.Path("l.csv"))
            .Expect(0);
        Assert.Equal([.. s_imputations, "airquality.imputations.json"], Files);
        // mvn/airquality.json
        foreach (string file in s_imputations) Assert.Equal(44, CsvCells.AssertCompletes(Repository.Example("airquality.csv"),
            Path.Combine(Folder, file)));
        Assert.Equal(3, s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file))).Distinct().Count());
        JsonElement json = JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement;
        Assert.Equal("imputation/multiple", json.GetProperty("format").GetString());
        Assert.Equal(3, json.GetProperty("multiple").GetProperty("imputations").GetInt32());
        Assert.InRange(json.GetProperty("multiple").GetProperty("advice").GetProperty("recommended").GetInt32(), 2, 300);
        string[][] ledger = CsvCells.Read(_scratch.Path("l.csv"));
        Assert.Equal(["imputation", "row", "column", "method", "value", "sd", "lower95", "upper95", "observed", "notes"], ledger[0]);
        Assert.Equal(3 * 44, ledger.Length - 1);
        foreach (string text in (string[])["3 times 44 cells", "bootstrap EM", "Enough?", "impute pool", "airquality.imp01.csv"])
            Assert.Contains(text, result.Text);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void LongFile_IsTheSameImputations()
    {
        Run("--out", Folder, "--seed", "5", "--quiet").Expect(0);
        Run("--long", _scratch.Path("long.csv"), "--include-original", "--seed", "5", "--threads", "1", "--quiet").Expect(0);
        Assert.Equal(["long.csv", "out"], _scratch.Names);
        string[][] rows = CsvCells.Read(_scratch.Path("long.csv")), input = CsvCells.Read(Repository.Example("airquality.csv"));
        int n = input.Length - 1;
        Assert.Equal([".imp", ".id", .. input[0]], rows[0]);
        Assert.Equal(4 * n, rows.Length - 1);
        for (int k = 0; k <= 3; k++)
        {
            string[][] table = k == 0 ? input : CsvCells.Read(Path.Combine(Folder, s_imputations[k - 1]));
            for (int row = 1; row <= n; row++)
            {
                string[] line = rows[k * n + row];
                Assert.Equal((k, row), (int.Parse(line[0], CultureInfo.InvariantCulture),
                    int.Parse(line[1], CultureInfo.InvariantCulture)));
                for (int j = 0; j < input[0].Length; j++)
                    if (table[row][j] == "NA") Assert.Equal("NA", line[j + 2]);
                    else Assert.Equal(double.Parse(table[row][j], CultureInfo.InvariantCulture),
                        double.Parse(line[j + 2], CultureInfo.InvariantCulture));
            }
        }
        ImputeResult standard = Run("--long", "-", "--include-original", "--seed", "5", "--quiet").Expect(0);
        Assert.Equal(File.ReadAllText(_scratch.Path("long.csv")), standard.Text);
    }

    [Fact]
    public void Parquet_HoldsTheSame()
    {
        Run("--out", Folder, "--to", "parquet", "--quiet").Expect(0);
        Assert.Contains("airquality.imp03.parquet", Files);
        string one = _scratch.Path("long.parquet"), csv = _scratch.Path("long.csv");
        Run("--long", one, "--include-original", "--quiet").Expect(0);
        Run("--long", csv, "--include-original", "--quiet").Expect(0);
        Table parquet = ParquetTable.Read(one), text = CsvTable.Read(csv);
        Assert.Equal(text.Columns.Select(c => c.Name), parquet.Columns.Select(c => c.Name));
        Assert.Equal(text.RowCount, parquet.RowCount);
        foreach (NumericColumn column in text.Columns.Cast<NumericColumn>())
            Assert.Equal(column.Values.ToArray(), ((NumericColumn)parquet[column.Name]).Values.ToArray());
        Run("--long", one, "--resume").Expect(2).Says("--resume", "CSV", "--out DIR");
    }

    [Fact]
    public void Matching_TakesValuesThatOccur_AndNamesDonors()
    {
        ImputeResult result = Run("--out", Folder, "--pmm", "--donors", "3", "--ledger", _scratch.Path("l.csv")).Expect(0);
        Assert.Contains("3 donors", result.Text);
        string[][] input = CsvCells.Read(Repository.Example("airquality.csv")), ledger = CsvCells.Read(_scratch.Path("l.csv"));
        Assert.Equal("donor", ledger[0][^1]);
        foreach (string[] cell in ledger.Skip(1))
        {
            Assert.Equal(("match", "matched"), (cell[3], cell[9]));
            Assert.Equal(double.Parse(input[int.Parse(cell[10], CultureInfo.InvariantCulture)][Array.IndexOf(input[0], cell[2])],
                CultureInfo.InvariantCulture), double.Parse(cell[4], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Resume_MakesOnlyWhatIsMissing_AndTheSame()
    {
        Run("--out", Folder, "--quiet").Expect(0);
        string[] before = [.. s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file)))];
        DateTime old = DateTime.UtcNow.AddDays(-1);
        foreach (string file in s_imputations) File.SetLastWriteTimeUtc(Path.Combine(Folder, file), old);
        File.Delete(Path.Combine(Folder, s_imputations[1]));
        File.AppendAllText(Path.Combine(Folder, s_imputations[2]), "half a li"); // not what was finished
        ImputeResult result = Run("--out", Folder, "--resume").Expect(0);
        Assert.Contains("1 of these were kept from an earlier run", result.Text);
        Assert.Equal(before, s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file))));
        Assert.Equal([true, false, false], s_imputations.Select(file => File.GetLastWriteTimeUtc(Path.Combine(Folder,
            file)) < DateTime.UtcNow.AddHours(-1)));

        // More of the same run.
        Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "5", "--out", Folder, "--resume", "--quiet").Expect(0);
        Assert.Equal(6, Files.Length);
        Assert.Equal(before, s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file))));
    }

    [Theory]
    [InlineData("--seed was 1 and is 2 now", "--seed", "2")]
    [InlineData("--pmm was no and is yes now", "--pmm")]
    [InlineData("--prior was auto and is ridge:1 now", "--prior", "ridge:1")]
    [InlineData("--exclude was nothing and is Temp now", "--exclude", "Temp")]
    [InlineData("--model was not given and is t now", "--model", "t")]
    [InlineData("--weights was not given and is Wind now", "--weights", "Wind")]
    public void Resume_OfAnotherRun_IsRefusedByName(string difference, params string[] options)
    {
        Run("--out", Folder, "--quiet").Expect(0);
        Run(["--out", Folder, "--resume", .. options]).Expect(2).Says(difference, "airquality.imputations.json", "omit --resume");
        Run(["--out", Folder, "--quiet", .. options]).Expect(0); // anew
    }

    [Fact]
    public void Resume_OfOtherData_IsRefused()
    {
        string input = _scratch.Write("d.csv", "a,b\n1,2\n2,NA\n3,5\n5,4\nNA,1\n");
        Impute.Run("multiple", input, "-m", "2", "--out", Folder, "--quiet").Expect(0);
        _scratch.Write("d.csv", "a,b\n1,2\n2,NA\n3,5\n5,4\nNA,2\n");
        Impute.Run("multiple", input, "-m", "2", "--out", Folder, "--resume").Expect(2).Says("input was");
    }

    /// <summary>The same bytes read in another way are other data, as many missing cells as they may have.</summary>
    [Theory]
    [InlineData("--missing-in was a=-99 and is a=6 now", "--missing-in", "a=6")]
    [InlineData("--missing was nothing and is 6 now", "--missing", "6")]
    public void Resume_WithOtherMarksOfMissingCells_IsRefused(string difference, params string[] options)
    {
        string input = _scratch.Write("d.csv", "a,b\n1,2\n-99,4\n3,9\n4,5\n6,9\n7,8\n9,3\n2,2\n5,5\n");
        Impute.Run("multiple", input, "-m", "2", "--out", Folder, "--missing-in", "a=-99", "--quiet").Expect(0);
        Impute.Run(["multiple", input, "-m", "3", "--out", Folder, "--resume", .. options]).Expect(2).Says(difference);
    }

    /// <summary>From the few that were made anew, the advice was "make 186 imputations" where 50 were enough.</summary>
    [Fact]
    public void Resume_GivesNoAdviceFromTheFewMadeAnew()
    {
        Run("--out", Folder, "--quiet").Expect(0);
        ImputeResult result = Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "5", "--out", Folder, "--resume", "--json",
            _scratch.Path("s.json")).Expect(0);
        Assert.Contains("and 3 were kept", result.Text);
        Assert.DoesNotContain("To keep that within", result.Text);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement.GetProperty("multiple")
            .GetProperty("advice").ValueKind);
    }

    /// <summary>Numbers of a hundred imputations have three digits: those there were kept their two, and stood there twice.</summary>
    [Fact]
    public void Resume_WithMoreDigits_RenamesWhatWasFinished()
    {
        Run("--out", Folder, "--quiet").Expect(0);
        string second = File.ReadAllText(Path.Combine(Folder, s_imputations[1]));
        ImputeResult result = Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "100", "--out", Folder, "--resume")
            .Expect(0);
        Assert.Contains("3 of these were kept from an earlier run", result.Text);
        Assert.Equal(101, Files.Length);
        Assert.Equal(second, File.ReadAllText(Path.Combine(Folder, "airquality.imp002.csv")));
        Assert.Empty(result.Error);
    }

    [Fact]
    public void FilesOfAnotherRun_InTheSameFolder_AreNamed()
    {
        Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "5", "--out", Folder, "--quiet").Expect(0);
        _scratch.Write("out/airquality.impression.csv", "x\n");
        Run("--out", Folder, "--seed", "2", "--quiet").Expect(0).Says("2 files from airquality.imp04.csv to airquality.imp05.csv",
            "mix runs", "another folder");
        Assert.Contains("airquality.imp05.csv", Files); // the user's
        File.Delete(Path.Combine(Folder, "airquality.imp04.csv"));
        Run("--out", Folder, "--seed", "2", "--quiet").Expect(0).Says("also contains airquality.imp05.csv, which is not from this run");
        File.Delete(Path.Combine(Folder, "airquality.imp05.csv"));
        Assert.Empty(Run("--out", Folder, "--seed", "2", "--quiet").Expect(0).Error);
    }

    [Theory]
    [InlineData("{\"format\":\"imputation/manifest\",\"settings\":{\"--seed\":null},\"finished\":[]}")]
    [InlineData(
        "{\"format\":\"imputation/manifest\",\"settings\":{},\"finished\":[{\"imputation\":1,\"file\":null,\"bytes\":1,\"sha256\":null}]}")]
    [InlineData("[1]")]
    [InlineData("")]
    public void Resume_FromADamagedManifest_IsRefusedByName(string manifest)
    {
        Run("--out", Folder, "--quiet").Expect(0);
        _scratch.Write("out/airquality.imputations.json", manifest);
        Run("--out", Folder, "--resume").Expect(3).Says("airquality.imputations.json", "start again");
    }

    /// <summary>Two columns that only 4 rows have both of: the fit and the first imputation are well, some later resamples are
    /// not.</summary>
    [Fact]
    public void Strict_RefusesWhatALaterImputationTells()
    {
        var rows = new System.Text.StringBuilder("a,b,c\n");
        for (int i = 0; i < 60; i++)
        {
            string Cell(int j) => Math.Sin(1 + 3.1 * i + 1.7 * j + i * j).ToString("F3", CultureInfo.InvariantCulture);
            rows.Append(CultureInfo.InvariantCulture,
                $"{(i < 4 || i % 2 == 0 ? Cell(1) : "")},{(i < 4 || i % 2 == 1 ? Cell(2) : "")},{Cell(3)}\n");
        }
        string input = _scratch.Write("rare.csv", rows.ToString());
        string[] arguments = ["multiple", input, "-m", "30", "--seed", "2", "--out", Folder];
        Impute.Run([.. arguments, "--strict"]).Expect(5).Says("nothing was written", "of 30 imputations");
        Assert.False(Directory.Exists(Folder));
        Assert.Contains("of 30 imputations", Impute.Run(arguments).Expect(0).Text.Replace("\n                ", " "));
    }

    [Fact]
    public void Matching_WithAsManyDonorsAsThereAreValues_IsAWarning()
    {
        // Ozone: 116 observed
        Assert.Contains("regardless of the rest of the row", Run("--out", Folder, "--pmm", "--donors", "116").Expect(0)
            .Text.Replace("\n                ", " "));
        Assert.DoesNotContain("regardless of the rest", Run("--out", Folder, "--pmm", "--donors", "115").Expect(0)
            .Text.Replace("\n                ", " "));
        Run("--out", _scratch.Path("none"), "--pmm", "--donors", "500", "--strict").Expect(5)
            .Says("'Ozone' and 'Solar.R' have no more than 146 rows", "500 donors");
        Assert.False(Directory.Exists(_scratch.Path("none")));
        Impute.Run("analyze", Repository.Example("airquality.csv"), "Ozone ~ Wind", "-m", "2", "--pmm", "--donors", "500", "--strict")
            .Expect(5).Says("500 donors");
    }

    [Fact]
    public void AFileThatCannotBeWritten_DoesNotLoseWhatIsFinished()
    {
        Directory.CreateDirectory(Path.Combine(Folder, s_imputations[2])); // in the way of the third
        Run("--out", Folder, "--threads", "1").Expect(2).Says(s_imputations[2], "2 of 3 imputations are finished", "--resume");
        Directory.Delete(Path.Combine(Folder, s_imputations[2]));
        Assert.Contains("2 of these were kept", Run("--out", Folder, "--resume").Expect(0).Text);
    }

    [Fact]
    public void LongFile_ThroughALinkToWhatIsNotThereYet()
    {
        if (OperatingSystem.IsWindows()) return; // links need a privilege there
        File.CreateSymbolicLink(_scratch.Path("link.csv"), _scratch.Path("real.csv"));
        Run("--long", _scratch.Path("link.csv"), "--quiet").Expect(0);
        Assert.Equal(["link.csv", "real.csv"], _scratch.Names);
        Assert.NotNull(new FileInfo(_scratch.Path("link.csv")).LinkTarget);
    }

    /// <summary>Two runs at a time wrote into the same file.</summary>
    [Fact]
    public void LongFile_ThatAnotherRunIsWriting_IsLeftAlone()
    {
        string path = _scratch.Path("long.csv");
        using (var other = new FileStream(path + ".partial", FileMode.Create, FileAccess.Write, FileShare.None))
            Run("--long", path).Expect(2).Says("long.csv.partial", "another process");
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void WhatComesNext_IsNotPooling_WhereThereIsNothingToPool()
    {
        Assert.DoesNotContain("impute pool", Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "1", "--out", Folder)
            .Expect(0).Text);
        string whole = _scratch.Write("whole.csv", "a,b\n1,2\n2,5\n4,3\n");
        Assert.Contains("there is nothing to pool", Impute.Run("multiple", whole, "-m", "2", "--out", Folder).Expect(0).Text);
    }

    /// <summary>What a run leaves that was killed after two imputations: the beginning of the file, and its account.</summary>
    [Fact]
    public void LongFile_IsGoneOnWith()
    {
        string path = _scratch.Path("long.csv"), partial = path + ".partial";
        Run("--long", path, "--quiet").Expect(0);
        string whole = File.ReadAllText(path);
        Assert.Equal(["long.csv"], _scratch.Names);

        // The settings of the run, from one that is refused nothing, and what the file adds to them: a manifest as it is written after two
        // of three.
        Run("--out", Folder, "--quiet").Expect(0);
        JsonElement settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "airquality.imputations.json")))
            .RootElement.GetProperty("settings");
        int header = whole.IndexOf('\n') + 1, rows = (whole.Length - header) / 3;
        int[] ends = [header, whole.IndexOf("\n2,1,", StringComparison.Ordinal) + 1, whole.IndexOf("\n3,1,", StringComparison.Ordinal) + 1];
        string Hash(int from, int to) =>
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(whole[from..to])));
        var finished = ends.Select((end, k) => (from: k == 0 ? 0 : ends[k - 1], end, k))
            .Select(p =>
                $"{{\"imputation\":{p.k},\"file\":\"long.csv.partial\",\"bytes\":{p.end - p.from},\"sha256\":\"{Hash(p.from, p.end)}\"}}");
        File.WriteAllText(partial + ".json",
            $"{{\"format\":\"imputation/manifest\",\"settings\":{settings.GetRawText().TrimEnd()[..^1]},\"file format\":\"csv\","
            + $"\"imputation 0\":\"no\"}},\"finished\":[{string.Join(',', finished)}]}}");
        File.WriteAllText(partial, whole[..(ends[2] + rows / 2)]); // and half of the third
        File.Delete(path);
        ImputeResult result = Run("--long", path, "--resume").Expect(0);
        Assert.Contains("2 of these were kept from an earlier run", result.Text);
        Assert.Equal(whole, File.ReadAllText(path));
        Assert.Equal(["long.csv", "out"], _scratch.Names);
    }

    [Fact]
    public void Interrupted_KeepsWhatIsFinished_AndGoesOnFromThere() => Interrupted("bfi.imp0003.csv", "5,000", "-m", "5000");

    [Fact]
    public void Interrupted_DataAugmentation_GoesOnFromThere()
    {
        if (OperatingSystem.IsWindows()) return; // no signals to send there
        string[] options = ["-m", "300", "--method", "da", "--burn-in", "60", "--thinning", "5", "--seed", "3", "--threads", "1"];
        Interrupted("bfi.imp003.csv", "300", options);
        string[] finished = [.. Files.Where(f => f.EndsWith(".csv", StringComparison.Ordinal))];
        Assert.InRange(finished.Length, 3, 299);
        ImputeResult result = Impute.Run(["multiple", Repository.Example("bfi.csv"), .. options, "--out", Folder, "--resume"]).Expect(0);
        Assert.Contains($"{finished.Length} of these were kept from an earlier run", result.Text);
        Impute.Run(["multiple", Repository.Example("bfi.csv"), .. options[..^2], "--out", _scratch.Path("whole"), "--threads", "3",
            "--quiet"]).Expect(0);
        Assert.Equal(301, Files.Length);
        foreach (string file in Files) Assert.Equal(File.ReadAllText(Path.Combine(_scratch.Path("whole"), file)),
            File.ReadAllText(Path.Combine(Folder, file)));
    }

    private void Interrupted(string third, string count, params string[] options)
    {
        if (OperatingSystem.IsWindows()) return; // no signals to send there
        using Process process = Impute.Start(["multiple", Repository.Example("bfi.csv"), .. options, "--out", Folder]);
        Task<byte[]> text = Impute.ReadAll(process.StandardOutput.BaseStream), error = Impute.ReadAll(process.StandardError.BaseStream);
        // On this thread: the other files come within a second, and a delay would wait for a thread of the pool, which other tests may have
        // taken.
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(Folder, third)), TimeSpan.FromSeconds(50)), $"No {third}.");
        Impute.Send("TERM", process);
        ImputeResult result = Impute.Finish(process, text, error).Expect(130).Says($"of {count} imputations are finished", "--resume");
        int finished = int.Parse(result.Error.Split("interrupted; ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        // and the manifest; nothing half written
        Assert.Equal(finished + 1, Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { AttributesToSkip = 0 }).Count());
        Assert.Equal(finished, JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "bfi.imputations.json")))
            .RootElement.GetProperty("finished").GetArrayLength());
    }

    [Fact]
    public void DataAugmentation_TellsOfItsChains_InTextJsonAndTraces()
    {
        ImputeResult result = Run("--method", "da", "--out", Folder, "--json", _scratch.Path("s.json"), "--traces", _scratch.Path("t.csv"),
            "--chains", "2", "--burn-in", "30", "--thinning", "12").Expect(0);
        foreach (string file in s_imputations) Assert.Equal(44, CsvCells.AssertCompletes(Repository.Example("airquality.csv"),
            Path.Combine(Folder, file)));
        string said = string.Join(' ', result.Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        foreach (string text in (string[])["Chains 2, burn-in 30 iterations, thinning 12; largest R-hat 1.0", "autocorrelation",
            "over 12 iterations", "data augmentation", "posterior draws need a prior", "traces of the chains: "]) Assert.Contains(text,
                said);
        JsonElement multiple = JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement.GetProperty("multiple"),
            chains = multiple.GetProperty("chains");
        Assert.Equal(("dataAugmentation", 2, 30, 12, 229, "jeffreys"), (multiple.GetProperty("method").GetString(),
            chains.GetProperty("count").GetInt32(), chains.GetProperty("burnIn").GetInt32(),
            chains.GetProperty("thinning").GetInt32(), chains.GetProperty("iterations").GetInt32(),
                chains.GetProperty("prior").GetString()));
        JsonElement[] parameters = [.. chains.GetProperty("parameters").EnumerateArray()];
        Assert.Equal([("mean", 6), ("covariance", 21), ("worstLinearFunction", 1)],
            parameters.Select(k => (k.GetProperty("kind").GetString()!, k.GetProperty("count").GetInt32())));
        Assert.Equal(chains.GetProperty("largestRHat").GetDouble(), parameters.Max(k => k.GetProperty("largestRHat").GetDouble()));
        Assert.All(parameters, k => Assert.InRange(k.GetProperty("largestAutocorrelation").GetDouble(), -0.3, 0.3));
        Assert.All(parameters, k => Assert.InRange(k.GetProperty("fewestEffectiveDraws").GetDouble(), 40, 600));
        Assert.Contains("prior-for-draws", multiple.GetProperty("findings").EnumerateArray()
            .Select(f => f.GetProperty("code").GetString()));

        // Imputation 2 is of chain 2 at iteration 30; its parameters stand in the traces, as the library draws them.
        string[][] traces = CsvCells.Read(_scratch.Path("t.csv"));
        Assert.Equal(["iteration", "chain", "parameter", "value"], traces[0]);
        Assert.Equal(28 * 2 * 229, traces.Length - 1);
        string value = Assert.Single(traces, t => t[0] == "30" && t[1] == "2" && t[2] == "mean(Ozone)")[3];
        ImputationSet set = CsvTable.Read(Repository.Example("airquality.csv")).ImputeMultiple(new MultipleOptions
        {
            Method = MultipleMethod.DataAugmentation,
            Count = 3,
            DataAugmentation = new DataAugmentationOptions { ChainCount = 2, BurnIn = 30, Thinning = 12 },
            Model = new NormalOptions { Prior = CovariancePrior.Auto },
        });
        Assert.Equal(set[1].Fit.AsNormal().Mean[0], double.Parse(value, CultureInfo.InvariantCulture));
    }

    /// <summary>Of as many draws as chains, or fewer, no chain is as long as the thinning: there is no autocorrelation to tell.</summary>
    [Fact]
    public void DataAugmentation_OfChainsShorterThanTheThinning_LeavesOutWhatCannotBeTold()
    {
        ImputeResult result = Run("--method", "da", "--thinning", "500", "--out", Folder, "--json", _scratch.Path("s.json")).Expect(0);
        Assert.Contains("thinning 500", string.Join(' ', result.Text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        JsonElement chains = JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement.GetProperty("multiple")
            .GetProperty("chains");
        Assert.All(chains.GetProperty("parameters").EnumerateArray(),
            k => Assert.Equal(JsonValueKind.Null, k.GetProperty("largestAutocorrelation").ValueKind));
        Assert.All(chains.GetProperty("parameters").EnumerateArray(), k => Assert.InRange(k.GetProperty("largestRHat").GetDouble(), 0.9,
            1.5));
    }

    [Fact]
    public void DataAugmentation_OfACompleteTable_NeedsNoChains()
    {
        string input = _scratch.Write("d.csv", "a,b\n1,2\n2,7\n3,5\n5,4\n4,1\n");
        ImputeResult result = Impute.Run("multiple", input, "-m", "2", "--method", "da", "--out", Folder, "--traces",
            _scratch.Path("t.csv"), "--json", _scratch.Path("s.json")).Expect(0);
        Assert.Contains("no missing cells", result.Text);
        Assert.Single(CsvCells.Read(_scratch.Path("t.csv")));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(File.ReadAllText(_scratch.Path("s.json"))).RootElement.GetProperty("multiple")
            .GetProperty("chains").ValueKind);
    }

    [Fact]
    public void DataAugmentation_WithoutAProperPosterior_IsRefused_WithWhatToDo()
    {
        string few = Path.Combine(ReferenceCase.Root, "degenerate", "n_less_than_p.csv"), never = Path.Combine(ReferenceCase.Root,
            "degenerate", "never_jointly_observed.csv");
        Impute.Run("multiple", few, "--method", "da", "--prior", "ridge:1", "--out", Folder).Expect(3)
            .Says("6 rows", "10 columns", "ridge:7");
        Impute.Run("multiple", never, "--method", "da", "--prior", "none", "--out", Folder).Expect(3)
            .Says("'b' and 'c' are never observed together", "ridge:1");
        Assert.Empty(_scratch.Names);
        Impute.Run("multiple", few, "--method", "da", "--prior", "ridge:7", "-m", "2", "--out", Folder, "--quiet").Expect(0);
        Assert.Contains("used a ridge prior worth", Impute.Run("multiple", few, "--method", "da", "-m", "2", "--out",
            _scratch.Path("more")).Expect(0).Text);
    }

    [Fact]
    public void DataAugmentation_Resumed_IsTheSameRun()
    {
        Run("--method", "da", "--out", Folder, "--quiet").Expect(0);
        JsonElement settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "airquality.imputations.json")))
            .RootElement.GetProperty("settings");
        Assert.Equal(("da", "4"), (settings.GetProperty("--method").GetString(), settings.GetProperty("--chains").GetString()));
        Run("--method", "da", "--out", Folder, "--resume", "--thinning", "30").Expect(2)
            .Says("--thinning was by the rate of convergence and is 30 now");
        Run("--method", "da", "--out", Folder, "--resume", "--chains", "2").Expect(2).Says("--chains was 4 and is 2 now");
        Run("--method", "da", "--out", Folder, "--resume", "--burn-in", "99").Expect(2).Says("--burn-in was", "is 99 now");
        Run("--out", Folder, "--resume").Expect(2).Says("--method was da and is emb now");
        string[] before = [.. s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file)))];
        File.Delete(Path.Combine(Folder, s_imputations[1]));
        Assert.Contains("2 of these were kept from an earlier run", Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "7",
            "--method", "da", "--out", Folder, "--resume").Expect(0).Text);
        Assert.Equal(8, Files.Length);
        Assert.Equal(before, s_imputations.Select(file => File.ReadAllText(Path.Combine(Folder, file))));
    }

    [Theory]
    [InlineData("either --out DIR")]
    [InlineData("either --out DIR", "--out", "DIR", "--long", "long.csv")]
    [InlineData("--include-original needs --long", "--out", "DIR", "--include-original")]
    [InlineData("--donors needs --pmm", "--out", "DIR", "--donors", "3")]
    [InlineData("--method mean: expected emb or da", "--out", "DIR", "--method", "mean")]
    [InlineData("--chains needs --method da", "--out", "DIR", "--chains", "3")]
    [InlineData("--burn-in needs --method da", "--out", "DIR", "--burn-in", "3")]
    [InlineData("--thinning needs --method da", "--out", "DIR", "--method", "emb", "--thinning", "3")]
    [InlineData("--traces needs --method da", "--out", "DIR", "--traces", "long.csv")]
    [InlineData("--chains 0: expected a number of chains, a whole number from 1 to 1,000", "--out", "DIR", "--method", "da",
        "--chains", "0")]
    [InlineData("--thinning 1.5: expected a number of iterations", "--out", "DIR", "--method", "da", "--thinning", "1.5")]
    [InlineData("-m 0", "--out", "DIR", "-m", "0")]
    [InlineData("only Parquet output can be compressed", "--out", "DIR", "--compression", "gzip")]
    public void WhatDoesNotGoTogether_IsRefused(string why, params string[] options)
    {
        Impute.Run(["multiple", Repository.Example("airquality.csv"), .. options.Select(o => o is "DIR" or "long.csv" ? _scratch.Path(o)
            : o)]).Expect(2).Says(why);
        Assert.Empty(_scratch.Names);
    }

    [Fact]
    public void LongFile_NeedsItsNamesForItself()
    {
        string input = _scratch.Write("d.csv", ".imp,b\n1,2\n2,NA\n3,5\n5,4\nNA,1\n");
        Impute.Run("multiple", input, "-m", "2", "--long", _scratch.Path("long.csv")).Expect(3).Says("'.imp'", "rename");
    }

    [Fact]
    public void OneImputation_IsMadeWithAWarning() =>
        Assert.Contains("between-imputation variance", Impute.Run("multiple", Repository.Example("airquality.csv"), "-m", "1", "--out",
            Folder)
            .Expect(0).Text);
}
