using Imputation.Tests.Models;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Filling;

public class ImputerTests
{
    private static readonly FillOptions s_draw = new() { Method = FillMethod.Draw };

    private static readonly NormalFit s_standard = Fitted.Model(["x"], [0], new[,] { { 1.0 } });

    private static readonly NormalFit s_pair = Fitted.Model(["x", "y"], [1, 10], new[,] { { 4.0, 3 }, { 3, 9 } });

    private static Table Empty(string name, int rows)
    {
        var values = new double[rows];
        Array.Fill(values, double.NaN);
        return new Table([NumericColumn.Number(name, values)]);
    }

    [Fact]
    public void AModelAppliedToAnAllBlankRow_Warns_AsFillingDoes()
    {
        double nan = double.NaN;
        Finding Warning(double[,] values) => Assert.Single(s_pair.Impute(Table.FromArray(["x", "y"], values)).Findings,
            f => f.Code == "empty-rows");
        Finding one = Warning(new[,] { { 1, 2 }, { nan, nan }, { nan, 3 } });
        Assert.Equal(FindingSeverity.Warning, one.Severity);
        Assert.StartsWith("1 row has no observed value", one.Sentence);
        Assert.Contains("filled with the column means", one.Sentence);
        Assert.StartsWith("2 rows have no observed value", Warning(new[,] { { nan, nan }, { nan, nan } }).Sentence);
        Assert.DoesNotContain(s_pair.Impute(Table.FromArray(["x", "y"], new[,] { { 1, 2 }, { nan, 3 } })).Findings,
            f => f.Code == "empty-rows");
    }

    [Fact]
    public void AnAllBlankRow_IsWarnedOfOnce_WhereTheModelIsFittedToIt()
    {
        var values = new double[31, 2];
        for (int i = 0; i < 30; i++) (values[i, 0], values[i, 1]) = (i, i % 7);
        values[30, 0] = values[30, 1] = double.NaN;
        ImputationResult done = Table.FromArray(["x", "y"], values).Impute();
        Assert.Single([.. done.Fit.Report.Findings, .. done.Findings], f => f.Code == "empty-rows");
    }

    [Theory]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    public void ConstantMinusZero_IsFilledInAsZero_AndStaysWhereObserved(FillMethod method)
    {
        double nan = double.NaN;
        Table table = Table.FromArray(["zero", "x", "y"], new[,] { { -0.0, 1, 2 }, { nan, 2, 1 }, { -0.0, 3, 5 }, { -0.0, 4, 3 },
            { nan, nan, 4 }, { -0.0, 5, nan }, { -0.0, 7, 6 }, { -0.0, 2, 4 } });
        ImputationResult done = table.Impute(fill: new FillOptions { Method = method });
        Assert.Equal([true, false, true, true, false, true, true, true], Values(done, "zero").Select(double.IsNegative));
        Assert.All(done.Cells.Where(c => c.Column == "zero"), c => Assert.False(double.IsNegative(c.Value) || double.IsNegative(c.Lower)
            || double.IsNegative(c.Upper)));
    }

    [Theory]
    [InlineData(FillMethod.Mean)]
    [InlineData(FillMethod.Draw)]
    [InlineData(FillMethod.PredictiveMeanMatching)]
    public void WhatARelationDetermines_IsNeverMinusZero_RoundedOrNot(FillMethod method)
    {
        // t = −s exactly: where s is 0, or rounds to it, t is −0.
        double nan = double.NaN;
        var values = new double[40, 3];
        for (int i = 0; i < 40; i++) (values[i, 0], values[i, 1], values[i, 2]) = (i % 8 - 3, 3 - i % 8, i % 5);
        values[3, 1] = values[11, 1] = values[19, 2] = values[20, 0] = nan;
        (values[27, 0], values[27, 1]) = (0, -0.0);
        Table table = Table.FromArray(["s", "t", "u"], values);
        foreach (string[] integer in (string[][])[[], ["t"]])
        {
            ImputationResult done = table.Impute(fill: new FillOptions { Method = method, Integer = integer });
            Assert.NotEmpty(done.Fit.Report.Relations);
            double[] t = Values(done, "t");
            Assert.Equal(0, t[3], 1e-9);
            Assert.All(new[] { 3, 11 }, row => Assert.False(t[row] == 0 && double.IsNegative(t[row]), $"row {row}"));
            Assert.True(double.IsNegative(t[27])); // observed
        }
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(-0.3)]
    [InlineData(-1e-300)]
    public void FilledNumbers_ThatRoundToZero_AreNotMinusZero(double mean)
    {
        NormalFit fit = Fitted.Model(["x", "y"], [mean, 0], new[,] { { 1.0, 0 }, { 0, 1 } });
        Table table = Table.FromArray(["x", "y"], new[,] { { double.NaN, 1 }, { -0.0, double.NaN } });
        foreach (FillOptions options in (FillOptions[])[new() { Integer = ["x"] }, new() { Round = ["x"] },
            new() { Bounds = new Dictionary<string, Bounds> { ["x"] = new(-0.0, 5) } }])
        {
            Assert.Equal([false, true], Values(fit.Impute(table, options), "x").Select(double.IsNegative));
        }
    }

    private static double[] Values(ImputationResult done, string name) => ((NumericColumn)done.Table[name]).Values.ToArray();

    [Fact]
    public void Mean_IsTheRegressionPrediction()
    {
        // E[y | x = 5] = 10 + 3/4 · (5 − 1) = 13, Var = 9 − 9/4 = 6.75; E[x | y = 4] = 1 + 3/9 · (4 − 10) = −1, Var = 4 − 1 = 3.
        ImputationResult done = s_pair.Impute(Table.FromArray(["x", "y"], new[,] { { 5, double.NaN }, { double.NaN, 4 } }));
        ImputedCell[] cells = [.. done.Cells];
        Assert.Equal([(1, "y"), (2, "x")], cells.Select(c => (c.Row, c.Column)));
        Assert.Equal(13, cells[0].Value, 1e-13);
        Assert.Equal(Math.Sqrt(6.75), cells[0].StandardDeviation, 1e-13);
        Assert.Equal(-1, cells[1].Value, 1e-13);
        Assert.Equal(Math.Sqrt(3), cells[1].StandardDeviation, 1e-13);
        Assert.All(cells, c => Assert.Equal((FillMethod.Mean, 1, CellNotes.None), (c.Method, c.ObservedCount, c.Notes)));
    }

    /// <summary>20,000 draws: the mean of a standard normal is within 5/√20000 = 0.035, its variance within 5·√(2/20000) = 0.05.</summary>
    [Fact]
    public void Draws_HaveTheConditionalDistribution()
    {
        const int n = 20_000;
        var values = new double[n, 2];
        for (int row = 0; row < n; row++) (values[row, 0], values[row, 1]) = (5, double.NaN);
        double[] z = [.. Values(s_pair.Impute(Table.FromArray(["x", "y"], values), s_draw), "y").Select(y => (y - 13) / Math.Sqrt(6.75))];
        Assert.InRange(z.Average(), -0.035, 0.035);
        Assert.InRange(z.Average(v => v * v), 0.95, 1.05);
        Assert.InRange(z.Zip(z.Skip(1), (a, b) => a * b).Average(), -0.035, 0.035); // rows are independent
        Assert.InRange(z.Count(v => v > 1.959963984540054) / (double)n, 0.02, 0.03); // 2.5 % ± 5 standard errors
    }

    [Fact]
    public void JointDraws_KeepTheCovariance()
    {
        const int n = 20_000;
        var values = new double[n, 2];
        for (int row = 0; row < n; row++) (values[row, 0], values[row, 1]) = (double.NaN, double.NaN);
        ImputationResult done = s_pair.Impute(Table.FromArray(["x", "y"], values), s_draw);
        double[] x = Values(done, "x"), y = Values(done, "y");
        // Correlation 3/6 = 0.5, standard error (1 − 0.25)/√n = 0.0053.
        double r = x.Zip(y, (a, b) => (a - 1) / 2 * (b - 10) / 3).Average();
        Assert.InRange(r, 0.46, 0.54);
        Assert.All(done.Cells, c => Assert.True(c.Notes.HasFlag(CellNotes.NothingObserved)));
    }

    /// <summary>Mean of a standard normal truncated to [a, b] is (φ(a) − φ(b)) / (Φ(b) − Φ(a)); far out, a + 1/a − 2/a³.
    /// 4,000 draws, and 5 standard errors of a standard deviation of at most 0.3.</summary>
    [Theory]
    [InlineData(1, 2, 1.38316, 0.024)] // (0.2419707 − 0.0539910) / (0.9772499 − 0.8413447)
    [InlineData(8, 9, 8.12129, 0.012)]
    [InlineData(40, 45, 40.02497, 0.003)] // where Φ has long underflowed
    [InlineData(-45, -40, -40.02497, 0.003)]
    [InlineData(-1, 1, 0, 0.05)]
    public void BoundedDraws_ComeFromTheTruncatedDistribution(double lower, double upper, double mean, double tolerance)
    {
        ImputationResult done = s_standard.Impute(Empty("x", 4000),
            s_draw with { Bounds = new Dictionary<string, Bounds> { ["x"] = new(lower, upper) } });
        double[] x = Values(done, "x");
        Assert.All(x, v => Assert.InRange(v, lower, upper));
        Assert.InRange(x.Average(), mean - tolerance, mean + tolerance);
        Assert.True(x.Distinct().Count() > 3900); // not heaped on a bound
    }

    [Fact]
    public void BoundedDraws_OfSeveralCells_RespectAllBounds_HoweverUnlikely()
    {
        NormalFit fit = Fitted.Model(["x", "y", "z"], [0, 0, 0], new[,] { { 1, 0.95, 0.9 }, { 0.95, 1, 0.9 }, { 0.9, 0.9, 1 } });
        var values = new double[200, 3];
        for (int row = 0; row < 200; row++) (values[row, 0], values[row, 1], values[row, 2]) = (double.NaN, double.NaN, double.NaN);
        var bounds = new Dictionary<string, Bounds> { ["x"] = new(2, double.PositiveInfinity), ["y"] = new(double.NegativeInfinity, -2) };
        ImputationResult done = fit.Impute(Table.FromArray(["x", "y", "z"], values), s_draw with { Bounds = bounds });
        Assert.All(Values(done, "x"), v => Assert.True(v >= 2));
        Assert.All(Values(done, "y"), v => Assert.True(v <= -2));
        Assert.All(Values(done, "z"), v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void BoundedMeans_AreClamped_AndCounted()
    {
        var table = Table.FromArray(["x", "y"], new[,] { { 50, double.NaN }, { 1, double.NaN }, { -50, double.NaN } });
        ImputationResult done = s_pair.Impute(table, new FillOptions { Bounds = new Dictionary<string, Bounds> { ["y"] = new(0, 20) } });
        Assert.Equal([20.0, 10.0, 0.0], Values(done, "y"));
        Assert.Equal([CellNotes.Clamped, CellNotes.None, CellNotes.Clamped], done.Cells.Select(c => c.Notes));
        Assert.Equal(2, Assert.Single(done.Fills).ClampedCount);
        Assert.All(done.Cells, c => Assert.True(c.Lower >= 0 && c.Upper <= 20 && c.Lower <= c.Upper));
    }

    [Fact]
    public void Round_UsesTheDecimalsOfTheObservedValues()
    {
        var table = Table.FromArray(["x", "y"], new[,] { { 2.25, 10.5 }, { 1.3, double.NaN }, { double.NaN, 12 } });
        ImputationResult done = s_pair.Impute(table, new FillOptions { Round = ["x", "y"] });
        Assert.Equal(10.2, Values(done, "y")[1]); // 10 + 0.75 · 0.3 = 10.225, one decimal
        Assert.Equal(1.67, Values(done, "x")[2]); // 1 + 2/3, two decimals
        Assert.All(done.Cells, c => Assert.True(c.Notes.HasFlag(CellNotes.Rounded)));
        Assert.All(done.Fills, f => Assert.Equal(1, f.RoundedCount));
    }

    [Fact]
    public void Integer_StaysAnIntegerColumn_WithinItsBounds()
    {
        var table = new Table([NumericColumn.Number("x", [1, 9, -9]), NumericColumn.Integer("y", [3, null, null])]);
        var bounds = new Dictionary<string, Bounds> { ["y"] = new(4.5, 12.5) };
        foreach (FillMethod method in Enum.GetValues<FillMethod>())
        {
            ImputationResult done = s_pair.Impute(table, new FillOptions { Method = method, Integer = ["y"], Bounds = bounds });
            Assert.Equal(ColumnKind.Integer, done.Table["y"].Kind);
            Assert.All(Values(done, "y").Skip(1), v => Assert.InRange(v, 5, 12)); // whole numbers within [4.5, 12.5]
            Assert.All(Values(done, "y"), v => Assert.Equal(Math.Floor(v), v));
        }
        Assert.Equal(ColumnKind.Number, s_pair.Impute(table).Table["y"].Kind); // unasked, a mean is not rounded
    }

    /// <summary>No whole number lies in [0.2, 0.8]; filling 0, as was once done, breaks the bound that was asked for.</summary>
    [Fact]
    public void Bounds_WithoutAWholeNumber_CannotHoldAnIntegerColumn()
    {
        var options = new FillOptions { Integer = ["x"], Bounds = new Dictionary<string, Bounds> { ["x"] = new(0.2, 0.8) } };
        Exception error = Assert.ThrowsAny<Exception>(() => s_standard.Impute(Empty("x", 2), options));
        Assert.True(error is ArgumentException or ImputationDataException, error.ToString());
        Assert.Contains("'x'", error.Message);
    }

    [Fact]
    public void Bounds_TurnedAround_AreRefused_WithTheColumn()
    {
        var options = new FillOptions { Bounds = new Dictionary<string, Bounds> { ["x"] = new(5, 1) } };
        Assert.Contains("'x'", Assert.ThrowsAny<ArgumentException>(() => s_standard.Impute(Empty("x", 2), options)).Message);
    }

    [Theory]
    [InlineData("bounds")]
    [InlineData("round")]
    [InlineData("integer")]
    public void UnknownColumnInTheOptions_IsRefused_ByName(string where)
    {
        FillOptions options = where switch
        {
            "bounds" => new() { Bounds = new Dictionary<string, Bounds> { ["agee"] = new(0, 1) } },
            "round" => new() { Round = ["agee"] },
            _ => new() { Integer = ["agee"] },
        };
        Assert.Contains("'agee'", Assert.ThrowsAny<ArgumentException>(() => s_standard.Impute(Empty("x", 2), options)).Message);
    }

    [Fact]
    public void ObservedValues_OutsideTheBounds_AreLeftAlone()
    {
        var table = Table.FromArray(["x"], new[,] { { 100 }, { double.NaN } });
        ImputationResult done = s_standard.Impute(table, new FillOptions
        {
            Bounds = new Dictionary<string, Bounds> { ["x"] = new(0, 1) },
            Integer = ["x"],
            Round = ["x"]
        });
        Assert.Equal(100, Values(done, "x")[0]);
    }

    [Fact]
    public void Apply_HandsExtraColumnsThrough_AndCopesWithMissingOnes()
    {
        var table = new Table([TextColumn.Create("name", ["a", null]), NumericColumn.Number("y", [7, double.NaN]),
            NumericColumn.Number("other", [double.NaN, 1])]);
        ImputationResult done = s_pair.Impute(table);
        Assert.Equal(["name", "y", "other"], done.Table.Columns.Select(c => c.Name)); // x is not added
        Assert.Equal([7.0, 10.0], Values(done, "y")); // x unobserved: the mean
        Assert.Same(table["name"], done.Table["name"]);
        Assert.Equal(1, done.Table["other"].MissingCount);
        Assert.Equal(1, done.FilledCount);
        Assert.Equal(2, done.StillMissingCount);
    }

    [Fact]
    public void Apply_RefusesATableOfOtherColumns_AndOneOfAnotherKind()
    {
        var other = Assert.Throws<ImputationDataException>(() => s_pair.Impute(Empty("z", 1)));
        Assert.Contains("'x'", other.Message);
        var text = Assert.Throws<ImputationDataException>(() =>
            s_pair.Impute(new Table([TextColumn.Create("x", ["1"]), NumericColumn.Number("y", [1])])));
        Assert.Equal("x", text.Column);
    }

    [Fact]
    public void Apply_FillsPatternsThatTrainingNeverSaw()
    {
        ReferenceCase air = ReferenceCase.Mvn("airquality")!; // Temp is never missing there
        NormalFit fit = NormalModel.Fit(air.Matrix);
        double[,] row = new[,] { { 41, 190, 7.4, double.NaN, 5, 1 } };
        ImputedCell cell = Assert.Single(fit.Impute(Table.FromArray(air.Columns, row), new FillOptions { Method = FillMethod.Mean }).Cells);
        (double[] mean, double[,] covariance) = NaiveNormal.Conditional(row, 0, new NaiveParameters(fit.Mean.ToArray(),
            fit.Covariance.ToArray()));
        Assert.Equal(mean[0], cell.Value, 1e-9);
        Assert.Equal(Math.Sqrt(covariance[0, 0]), cell.StandardDeviation, 1e-9);
    }

    [Fact]
    public void Draws_ChangeWithTheSeed_AndOnlyWithIt()
    {
        Table nhanes = ReferenceCase.Mvn("nhanes")!.Table;
        NormalFit fit = NormalModel.Fit(nhanes);
        double[] Draws(ulong seed) => [.. fit.Impute(nhanes, s_draw, new RunOptions { Seed = seed }).Cells.Select(c => c.Value)];
        Assert.Equal(Draws(1), Draws(1));
        Assert.Empty(Draws(1).Intersect(Draws(2)));
        Assert.Equal(27, Draws(1).Distinct().Count());
    }

    [Fact]
    public void Cancellation_StopsTheFilling() =>
        Assert.ThrowsAny<OperationCanceledException>(() => s_standard.Impute(Empty("x", 100_000), s_draw, null,
            new CancellationToken(canceled: true)));
}
