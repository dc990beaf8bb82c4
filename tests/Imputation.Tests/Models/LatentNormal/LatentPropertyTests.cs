using System.Text;
using Imputation.Diagnostics;
using Imputation.Files;

namespace Imputation.Tests.Models.LatentNormal;

/// <summary>What must hold of any fit of the latent normal model.</summary>
public class LatentPropertyTests
{
    [Fact]
    public void Objective_NeverDecreases_InGeneratedTables()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            Table table = Mixed.Simulated(12 + (int)(seed * 5), seed, 0.05 + 0.01 * (seed % 40));
            foreach (CovariancePrior prior in (CovariancePrior[])[CovariancePrior.Ridge(2), CovariancePrior.Ridge(0.5)])
            {
                FitReport report = LatentNormalModel.Fit(table, new LatentNormalOptions { Prior = prior }).Report;
                Assert.Equal(EmOutcome.Converged, report.Outcome);
                double highest = double.NegativeInfinity;
                foreach (EmIteration step in report.Trace)
                {
                    Assert.True(step.Objective >= highest - 1e-10 * Math.Abs(highest), $"seed {seed}, {prior}: {step} after {highest}");
                    highest = Math.Max(highest, step.Objective);
                }
            }
        }
    }

    [Fact]
    public void EveryCellIsFilled_WithALegalValue_TheSameOnAnyThreads()
    {
        Table table = Mixed.Simulated(300, 5, 0.3);
        foreach (FillMethod method in (FillMethod[])[FillMethod.Mean, FillMethod.Draw, FillMethod.PredictiveMeanMatching])
        {
            ImputationResult At(int threads) => table.Impute(new LatentNormalOptions(), new FillOptions { Method = method },
                new RunOptions { Threads = threads, Seed = 3 });
            ImputationResult done = At(1);
            Assert.Equal(Mixed.Written(done.Table), Mixed.Written(At(8).Table));
            Assert.Equal(0, done.StillMissingCount);
            foreach (ImputedCell cell in done.Cells)
            {
                if (cell.Column == "s") Assert.Contains(cell.Value, (double[])[1, 2, 3, 4, 5]);
                if (cell.Column == "b") Assert.Contains(cell.Level, (string[])["yes", "no"]);
                if (cell.Column == "c") Assert.Contains(cell.Level, (string[])["red", "green", "blue", "grey"]);
                if (cell.Column == "y") Assert.InRange(cell.Value, 0, 100);
                if (cell.Level is not null && method != FillMethod.PredictiveMeanMatching)
                    Assert.True(cell.Probability is > 0 and <= 1 && cell.SecondProbability is >= 0 and <= 1);
            }
            foreach (var cell in done.Probabilities.GroupBy(p => (p.Row, p.Column))) Assert.Equal(1, cell.Sum(p => p.Probability), 1e-9);
        }
    }

    [Fact]
    public void PermutingLevels_PermutesProbabilities()
    {
        string csv = Mixed.Written(Mixed.Simulated(200, 6, 0.2));
        string renamed = csv.Replace("red", "zinc").Replace("blue", "amber");
        CellProbability[] a = [.. Mixed.Read(csv).Impute(new LatentNormalOptions { Tolerance = 1e-8 }).Probabilities];
        CellProbability[] b = [.. Mixed.Read(renamed).Impute(new LatentNormalOptions { Tolerance = 1e-8 }).Probabilities];
        Dictionary<(int, string, string), double> before = a.ToDictionary(p => (p.Row, p.Column,
            p.Level == "red" ? "zinc" : p.Level == "blue" ? "amber" : p.Level), p => p.Probability);
        Assert.Equal(a.Length, b.Length);
        foreach (CellProbability p in b) Assert.Equal(before[(p.Row, p.Column, p.Level)], p.Probability, 1e-4);
    }

    [Fact]
    public void ReversingAnOrdinal_ReversesItsProbabilities()
    {
        Table table = Mixed.Read(Mixed.Written(Mixed.Simulated(200, 7, 0.2)));
        Category[] levels = [new("red"), new("green"), new("blue"), new("grey")];
        ImputationResult Of(IEnumerable<Category> order) => table.With(new Dictionary<string, Column>
        { ["c"] = table["c"].AsCategorical(new Categories(order, isOrdered: true)) }).Impute(new LatentNormalOptions { Tolerance = 1e-8 });
        ImputationResult up = Of(levels), down = Of(levels.Reverse());
        Dictionary<(int, string, string), double> before = up.Probabilities.ToDictionary(p => (p.Row, p.Column, p.Level), p =>
            p.Probability);
        foreach (CellProbability p in down.Probabilities) Assert.Equal(before[(p.Row, p.Column, p.Level)], p.Probability, 1e-4);
        Assert.Equal(Mixed.Written(up.Table).Split('\n').Length, Mixed.Written(down.Table).Split('\n').Length);
    }

    [Theory]
    [InlineData("one level", "a,x\nu,1\nu,2\nNA,3\nu,4\nu,NA\n")]
    [InlineData("a level seen once", "a,x,b\nu,1,p\nu,2,q\nv,3,p\nNA,4,q\nw,5,p\nu,NA,NA\nu,2,p\nv,3,q\n")]
    [InlineData("separation", "a,x\nu,1\nu,2\nu,3\nv,11\nv,12\nv,13\nNA,2\nNA,12\nu,NA\nv,NA\n")]
    [InlineData("duplicates and complements", "a,b,c\nu,u,v\nv,v,u\nu,u,v\nv,v,u\nNA,u,v\nu,NA,v\nv,v,NA\nu,u,v\nv,NA,NA\n")]
    [InlineData("nothing observed in a row", "a,x\nu,1\nv,2\nNA,NA\nu,1.5\nv,2.5\nu,NA\nNA,2\n")]
    public void AwkwardTables_AreFilled(string what, string csv)
    {
        ImputationResult done = Mixed.Read(csv).Impute(new LatentNormalOptions());
        Assert.True(done.StillMissingCount == 0, what);
        Assert.All(done.Cells, c => Assert.True(c.Level is not null || double.IsFinite(c.Value), $"{what}: {c}"));
    }

    [Fact]
    public void ThirtyLevels_AreMergedAndSaid()
    {
        var csv = new StringBuilder("a,x\n");
        for (int i = 0; i < 300; i++) csv.Append(i % 7 == 0 ? "NA" : $"L{i * i % 61 % 30}").Append(',').Append(i % 11 == 0 ? "NA"
            : $"{i % 30}.5").Append('\n');
        ImputationResult done = Mixed.Read(csv.ToString()).Impute();
        Assert.Contains(done.Fit.Report.Findings, f => f.Code == "levels-merged");
        Assert.Equal(0, done.StillMissingCount);
    }

    [Fact]
    public void TheModelFollowsFromTheColumns()
    {
        Assert.Equal("normal", Mixed.Simulated(60, 1, categories: false).Impute().Fit.ModelName);
        Assert.Equal("latent", Mixed.Simulated(60, 1).Impute().Fit.ModelName);
        var numbers = new AutomaticOptions { Columns = new ColumnSelection { Exclude = ["b", "c"] } };
        Assert.Equal("normal", Mixed.Simulated(60, 1).Impute(numbers).Fit.ModelName);
    }

    [Fact]
    public void IsSavedAndApplied()
    {
        Table table = Mixed.Simulated(150, 8);
        LatentNormalFit fit = LatentNormalModel.Fit(table);
        var file = new MemoryStream();
        ModelFile.Write(file, fit);
        FittedModel read = ModelFile.Read(new MemoryStream(file.ToArray()), "m.json");
        Assert.Equal(Mixed.Written(fit.Impute(table).Table), Mixed.Written(read.Impute(table).Table));

        // A table of one row, which does not have the levels that fill it, and one level that the model does not know.
        ImputationResult done = read.Impute(Mixed.Read("x,c,b\n10.1,NA,maybe\n"));
        Assert.Equal(0, done.StillMissingCount);
        Assert.Contains(done.Cells.Single().Level, (string[])["red", "green", "blue", "grey"]);
    }

    [Fact]
    public void IsImputedSeveralTimes_AndDiagnosed()
    {
        Table table = Mixed.Simulated(120, 9);
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Count = 4 });
        Assert.Equal(4, set.Select((_, done) => Mixed.Written(done.Table)).Distinct().Count());
        Assert.All(set, done => Assert.Equal(0, done.StillMissingCount));
        DiagnosticReport report = DiagnosticSuite.Default.Run(new DiagnosticContext(table, new DiagnosticOptions()));
        Assert.DoesNotContain(report.Findings, f => f.Code == "diagnostic-failed");
    }
}
