using System.Text.Json;
using Imputation.Tests.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Where there is no maximum, or no unique one, the fit says so by name.</summary>
public class NormalIdentifiabilityTests
{
    private static readonly NormalOptions s_auto = new() { Prior = CovariancePrior.Auto };

    [Fact]
    public void Pattern3_GivesWhatIsIdentified_AndNamesWhatIsNot()
    {
        ReferenceCase pattern3 = ReferenceCase.Mvn("pattern3")!;
        NormalFit fit = NormalModel.Fit(pattern3.Matrix);

        Assert.InRange(fit.Report.LogLikelihood / pattern3.LogLikelihood, 1 - 1e-7, 1 + 1e-7);
        foreach (JsonProperty parameter in pattern3.Json.GetProperty("identified_parameters").EnumerateObject())
        {
            int[] at = [.. parameter.Name.Split(':', ',')[1..].Select(name => Array.IndexOf(pattern3.Columns, name))];
            double[] sd = [.. at.Select(j => Math.Sqrt(fit.Covariance[j, j]))];
            (double found, double scale) = at.Length == 1 ? (fit.Mean[at[0]], sd[0]) : (fit.Covariance[at[0], at[1]], sd[0] * sd[1]);
            Assert.InRange(Math.Abs(found - parameter.Value.GetDouble()) / scale, 0, 1e-5);
        }
        AssertFound(fit, FindingSeverity.Warning, "B", "C");
    }

    [Fact]
    public void NeverObservedTogether_IsSaid_ByName()
    {
        var gold = ReferenceCase.Degenerate("never_jointly_observed");
        NormalFit fit = NormalModel.Fit(gold.Matrix);
        Assert.InRange(fit.Report.LogLikelihood / gold.LogLikelihood, 1 - 1e-7, 1 + 1e-7);
        AssertFound(fit, FindingSeverity.Warning, "b", "c");
    }

    [Theory]
    [InlineData("pattern3")]
    [InlineData("mammalsleep")]
    [InlineData("marijuana")]
    [InlineData("pattern2")]
    public void Auto_GivesAnAnswer_ByARidge_AndSaysWhich(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, s_auto);

        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        Assert.Equal(CovariancePriorKind.Ridge, fit.Report.Prior.Kind);
        Assert.True(fit.Report.Prior.DegreesOfFreedom > 0);
        Assert.Contains(fit.Report.Findings, f => f.ToString().Contains("ridge", StringComparison.OrdinalIgnoreCase));
        NaiveMatrix.Cholesky(fit.Covariance.ToArray()); // positive definite
        Assert.Null(Monotonicity.FirstDecrease([.. fit.Report.Trace.Select(step => step.Objective)]));

        // It is the mode under that ridge: a textbook EM step does not move it.
        var at = new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray());
        NaiveParameters next = NaiveNormal.EmStep(reference.Values, at,
            NaiveNormal.Ridge(reference.Values, fit.Report.Prior.DegreesOfFreedom));
        Assert.InRange(NaiveNormal.Distance(at, next), 0, 1e-5);
    }

    [Theory]
    [InlineData("airquality")]
    [InlineData("nhanes")]
    [InlineData("cholesterol")]
    public void Auto_IsMaximumLikelihood_WhereThatExists(string id)
    {
        ReferenceCase reference = ReferenceCase.Mvn(id)!;
        NormalFit fit = NormalModel.Fit(reference.Matrix, s_auto);
        Assert.Equal(CovariancePriorKind.None, fit.Report.Prior.Kind);
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray()), reference.Estimates), 0,
            1e-5);
    }

    [Theory]
    [InlineData("mammalsleep")]
    [InlineData("marijuana")]
    [InlineData("pattern2")]
    public void UnboundedLikelihood_IsAnOutcome_WithACauseAndAdvice(string id)
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn(id)!.Matrix);
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        Finding problem = Assert.Single(fit.Report.Findings.Where(f => f.Severity == FindingSeverity.Problem).Take(1));
        Assert.NotEmpty(problem.Columns);
        Assert.Contains("ridge", problem.Advice, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void MammalSleep_HasOneRelation_TotalSleepIsTheSumOfItsParts()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("mammalsleep")!.Matrix);

        LinearRelation relation = Assert.Single(fit.Report.Relations);
        Assert.Equal(["ps", "sws", "ts"], relation.Columns.Order(StringComparer.Ordinal));
        Assert.Equal(48, relation.RowCount); // as the reference counts them
        Assert.Equal("ts = sws + ps", relation.ToString());
        AssertFound(fit, FindingSeverity.Warning, "ts", "sws", "ps");
        Assert.Equal(["sws", "ps", "ts"], fit.Report.ColumnUses.Where(d => d.Role == ColumnRole.Collinear).Select(d => d.Name));
    }

    [Fact]
    public void MammalSleep_CellsThatTheRelationDetermines_ObeyIt()
    {
        ReferenceCase mammals = ReferenceCase.Mvn("mammalsleep")!;
        ImputationResult done = mammals.Table.Impute(s_auto);
        ReadOnlySpan<double> sws = ((NumericColumn)done.Table["sws"]).Values, ps = ((NumericColumn)done.Table["ps"]).Values,
            ts = ((NumericColumn)done.Table["ts"]).Values;
        int determined = 0;
        for (int row = 0; row < mammals.Table.RowCount; row++)
        {
            int missing = new[] { "sws", "ps", "ts" }.Count(name => mammals.Table[name].IsMissing(row));
            if (missing != 1) continue;
            determined++;
            Assert.InRange(Math.Abs(ts[row] - sws[row] - ps[row]), 0, 1e-9);
        }
        Assert.Equal(determined, done.Cells.Count(c => c.Notes.HasFlag(CellNotes.Determined)));
    }

    [Fact]
    public void CollinearSum_RecoversWhatIsDetermined()
    {
        (string[] columns, double[,] values) = ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "degenerate", "collinear_sum.csv"));
        Table table = Table.FromArray(columns, values);
        NormalFit likelihood = NormalModel.Fit(table);
        Assert.Equal(EmOutcome.Unbounded, likelihood.Report.Outcome);
        Assert.Equal("x3 = x1 + x2", Assert.Single(likelihood.Report.Relations).ToString());

        foreach (ImputationResult done in (ImputationResult[])[table.Impute(s_auto),
            table.Impute(s_auto, new FillOptions { Method = FillMethod.Draw })])
        {
            for (int row = 0; row < table.RowCount; row++)
            {
                double[] x = [.. columns.Select(name => ((NumericColumn)done.Table[name]).Values[row])];
                // as expected.json asks
                if (columns.Count(name => table[name].IsMissing(row)) == 1) Assert.InRange(Math.Abs(x[2] - x[0] - x[1]), 0, 1e-6);
            }
            Assert.Contains(done.Cells, c => c.Notes.HasFlag(CellNotes.Determined));
            Assert.All(done.Cells.Where(c => c.Notes.HasFlag(CellNotes.Determined)), c => Assert.InRange(c.StandardDeviation, 0, 1e-6));
        }
    }

    /// <summary>Any three points lie in a plane: rows that repeat are no evidence of a relation, however many they are.
    /// (Found by a property: five distinct complete rows of five columns, some twice, were taken for a law and cells filled by it, with
    /// deviation 0.)</summary>
    [Fact]
    public void RepeatedRows_AreNoEvidenceOfARelation()
    {
        double[][] points = [[1, 2, 7], [4, 1, 3], [2, 6, 5]];
        double[][] partial = [[3, 3, double.NaN], [5, 2, double.NaN], [double.NaN, 4, 6], [2, double.NaN, 1], [7, 1, double.NaN],
            [6, double.NaN, 8], [double.NaN, 5, 2], [1, 7, double.NaN]];
        double[][] rows = [.. points, .. points, .. points, .. points, .. partial];
        var values = new double[rows.Length, 3];
        for (int row = 0; row < rows.Length; row++)
            for (int j = 0; j < 3; j++) values[row, j] = rows[row][j];

        ImputationResult done = Table.FromArray(["a", "b", "c"], values).Impute(s_auto);
        Assert.Empty(done.Fit.Report.Relations);
        Assert.DoesNotContain(done.Cells, c => c.Notes.HasFlag(CellNotes.Determined));
        Assert.All(done.Cells, c => Assert.True(c.StandardDeviation > 0));
    }

    /// <summary>y = a + b in every row, with b in units of any size: coefficients of 1e12 or 1e-12 are coefficients too.</summary>
    [Theory]
    [InlineData(1e12)]
    [InlineData(1e-12)]
    public void Units_DoNotDecideWhatARelationDetermines(double unit)
    {
        double[,] InUnits(double of)
        {
            var random = new Random(3);
            var values = new double[60, 4];
            for (int i = 0; i < 60; i++)
            {
                int a = random.Next(-9, 10), b = random.Next(-9, 10);
                (values[i, 0], values[i, 1], values[i, 2], values[i, 3]) = (a, b * of, a + b, a + random.NextDouble());
                for (int j = 0; j < 4; j++) if (random.Next(5) == 0) values[i, j] = double.NaN;
            }
            return values;
        }
        ImputationResult Filled(double of) => Table.FromArray(["a", "b", "y", "z"], InUnits(of)).Impute(
            fill: new FillOptions { Method = FillMethod.Mean });
        ImputationResult plain = Filled(1), scaled = Filled(unit);
        Assert.Single(scaled.Fit.Report.Relations);
        Assert.Contains(plain.Cells.GroupBy(c => c.Row), row => row.Select(c => c.Column).ToHashSet().IsSupersetOf(["b", "y"]));
        foreach ((ImputedCell expected, ImputedCell actual) in plain.Cells.Zip(scaled.Cells))
            Assert.InRange(actual.Value / (actual.Column == "b" ? unit : 1), expected.Value - 1e-4, expected.Value + 1e-4);
    }

    /// <summary>c = a in the rows that have b too, but not in all. Rounding gives b the coefficient 4e-15 there, so that c = a + 4e-15 b
    /// would be a relation, and b the difference of a and c divided by 4e-15.</summary>
    [Fact]
    public void AColumnThatOnlyRoundingGivesAPart_IsInNoRelation()
    {
        Table table = Csv.Read("""
            a,b,c,d,e,f
            -2,-3,NA,3,-1,2
            -2,-3,-2,2,0,NA
            1,1,1,-1,NA,0
            NA,2,NA,-1,0,-1
            0,NA,0,0,0,0
            1,2,NA,-2,0,-1
            -1,-1,-1,1,NA,0
            NA,-4,-3,3,NA,NA
            1,NA,1,-1,0,-1
            NA,NA,3,-2,1,-2
            -2,NA,-2,2,0,1
            -2,NA,NA,2,-1,2
            0,0,0,0,0,0
            NA,-2,-1,1,0,1
            NA,0,0,NA,0,0
            2,NA,3,NA,1,-2
            2,2,2,-2,NA,-1
            0,0,0,0,NA,0
            1,NA,NA,NA,0,NA
            NA,1,NA,-1,NA,NA
            """);
        ImputationResult done = table.Impute();
        Assert.Equal(["e = c + d"], done.Fit.Report.Relations.Select(r => r.ToString()));
        Assert.All(done.Cells, cell => Assert.InRange(cell.Value, -10, 10));
        foreach (MultipleMethod method in Enum.GetValues<MultipleMethod>())
            foreach (ImputationResult draw in table.ImputeMultiple(new MultipleOptions { Count = 3, Method = method }))
                Assert.All(draw.Cells, cell => Assert.InRange(cell.Value, -10, 10));
    }

    [Fact]
    public void Murray_DefaultStart_DoesNotPassTheSaddleOffAsConverged()
    {
        ReferenceCase murray = ReferenceCase.Mvn("murray_bimodal")!;
        double saddle = murray.Json.GetProperty("saddle").GetProperty("loglik").GetDouble();
        NormalFit fit = NormalModel.Fit(murray.Matrix);

        if (fit.Report.Outcome == EmOutcome.Converged) Assert.InRange(fit.Report.LogLikelihood, MurrayMaximum(murray) - 1e-7,
            MurrayMaximum(murray) + 1e-7);
        else Assert.InRange(fit.Report.LogLikelihood, saddle - 1e-7, double.PositiveInfinity);
        Assert.Contains(fit.Report.Findings, f => f.Sentence.Contains("saddle", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Murray_WithRestarts_FindsBothMaxima()
    {
        ReferenceCase murray = ReferenceCase.Mvn("murray_bimodal")!;
        NormalFit fit = NormalModel.Fit(murray.Matrix, new NormalOptions { Restarts = 10 });

        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        NormalEndPoint[] best = [.. fit.EndPoints.Where(e => e.Objective > MurrayMaximum(murray) - 1e-7)];
        Assert.Equal(2, best.Length);
        foreach (NormalEndPoint end in best)
        {
            Assert.InRange(end.LogLikelihood, MurrayMaximum(murray) - 1e-9, MurrayMaximum(murray) + 1e-9);
            NaiveParameters maximum = murray.Json.GetProperty("maxima").EnumerateArray()
                .Select(m => new NaiveParameters(ReferenceCase.Doubles(m.GetProperty("mu")), ReferenceCase.Square(m.GetProperty("sigma"))))
                .Single(m => Math.Sign(m.Covariance[0, 1]) == Math.Sign(end.Covariance[0, 1]));
            Assert.InRange(NaiveNormal.Distance(new NaiveParameters([.. end.Mean], end.Covariance.ToArray()), maximum), 0, 1e-5);
        }
        Assert.Equal([-1, 1], best.Select(e => Math.Sign(e.Covariance[0, 1])).Order());
        Assert.Equal(fit.Report.Runs.Count, fit.EndPoints.Sum(e => e.StartCount));
        Assert.Equal(10, fit.Report.Runs.Select(r => r.Start).Distinct().Count());
        Assert.Contains(fit.Report.Findings, f => f.Sentence.Contains("maxima", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Restarts_OnAUniqueMaximum_AllEndThere()
    {
        ReferenceCase nhanes = ReferenceCase.Mvn("nhanes")!;
        NormalFit fit = NormalModel.Fit(nhanes.Matrix, new NormalOptions { Restarts = 6 });
        NormalEndPoint end = Assert.Single(fit.EndPoints);
        Assert.Equal(6, end.StartCount);
        Assert.Equal(fit.Report.Objective, end.Objective, 1e-9); // of starts that end together the best is kept, the fit is the first
    }

    private static double MurrayMaximum(ReferenceCase murray) => murray.Json.GetProperty("maxima")[0].GetProperty("loglik").GetDouble();

    /// <summary>A finding of at least that severity concerns these columns, and its sentence names each.</summary>
    private static void AssertFound(NormalFit fit, FindingSeverity severity, params string[] columns) =>
        Assert.Contains(fit.Report.Findings, f => f.Severity >= severity && columns.All(f.Columns.Contains)
            && columns.All(c => f.Sentence.Contains(c, StringComparison.Ordinal)));
}
