using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Awkward data, each with what is right for it: degenerate/expected.json, numbers from degenerate/gold.</summary>
public class NormalDegenerateTests
{
    private static Table Read(string id)
    {
        (string[] columns, double[,] values) = ReferenceCase.ReadCsv(Path.Combine(ReferenceCase.Root, "degenerate", id + ".csv"));
        return Table.FromArray(columns, values);
    }

    [Theory]
    [InlineData("constant_column")]
    [InlineData("constant_column_with_missing")]
    [InlineData("all_missing_column")]
    [InlineData("all_missing_rows")]
    [InlineData("single_column")]
    [InlineData("complete_data")]
    [InlineData("scale_reference")]
    [InlineData("scale_1e-8_to_1e12")]
    public void Estimates_MatchTheReference(string id)
    {
        var gold = ReferenceCase.Degenerate(id);
        ImputationResult done = Read(id).Impute();

        Assert.Equal(EmOutcome.Converged, done.Fit.Report.Outcome);
        Assert.Equal(gold.Columns, done.Fit.Columns);
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(done.Fit.AsNormal().Mean.ToArray(),
            done.Fit.AsNormal().Covariance.ToArray()), gold.Estimates),
            0, 1e-5);
        Assert.InRange(done.Fit.Report.LogLikelihood / gold.LogLikelihood, 1 - 1e-7, 1 + 1e-7);
        foreach (ReferenceCell cell in gold.Imputed)
        {
            int j = Array.IndexOf(gold.Columns, cell.Column);
            double filled = ((NumericColumn)done.Table[cell.Column]).Values[cell.Row - 1];
            Assert.InRange(Math.Abs(filled - cell.Value) / Math.Sqrt(gold.Covariance[j, j]), 0, 1e-5);
        }
    }

    [Fact]
    public void ConstantColumn_IsNamed_AndFilledWithItsConstant()
    {
        ImputationResult done = Read("constant_column_with_missing").Impute();
        ColumnUse c = Assert.Single(done.ColumnUses, d => d.Role == ColumnRole.Constant);
        Assert.Equal(("c", 5.0), (c.Name, c.Constant));
        Assert.All(((NumericColumn)done.Table["c"]).Values.ToArray(), v => Assert.Equal(5, v));

        ImputedCell[] cells = [.. done.Cells.Where(cell => cell.Column == "c")];
        Assert.Equal(3, cells.Length);
        Assert.All(cells, cell => Assert.Equal((5.0, 0.0, CellNotes.Constant),
            (cell.Value, cell.StandardDeviation, cell.Notes & CellNotes.Constant)));
    }

    [Fact]
    public void AllMissingColumn_IsNamed_AndStaysMissing()
    {
        ImputationResult done = Read("all_missing_column").Impute();
        Assert.Equal("b", Assert.Single(done.ColumnUses, d => d.Role == ColumnRole.NothingObserved).Name);
        Assert.Equal(30, done.Table["b"].MissingCount);
        Assert.Equal(30, done.StillMissingCount);
    }

    [Fact]
    public void AllMissingRows_ChangeNothing_AndGetTheMean()
    {
        Table table = Read("all_missing_rows");
        ImputationResult done = table.Impute();
        int[] empty = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Columns.All(c => c.IsMissing(row)))];
        Assert.Equal(3, empty.Length);

        ImputedCell[] cells = [.. done.Cells.Where(c => empty.Contains(c.Row - 1))];
        Assert.Equal(12, cells.Length);
        Assert.All(cells, cell =>
        {
            Assert.True(cell.Notes.HasFlag(CellNotes.NothingObserved));
            Assert.Equal(0, cell.ObservedCount);
            Assert.Equal(done.Fit.AsNormal().Mean[done.Fit.Columns.ToList().IndexOf(cell.Column)], cell.Value);
        });
        Assert.Contains(done.Fit.Report.Findings.Concat(done.Findings), f => f.Sentence.Contains('3'));

        // Without the rows: the same estimates.
        int[] kept = [.. Enumerable.Range(0, table.RowCount).Except(empty)];
        var without = new Table(table.Columns.Cast<NumericColumn>()
            .Select(c => NumericColumn.Number(c.Name, [.. kept.Select(row => c.Values[row])])));
        NormalFit fit = NormalModel.Fit(without);
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray()),
            new NaiveParameters(done.Fit.AsNormal().Mean.ToArray(),
            done.Fit.AsNormal().Covariance.ToArray())), 0, 1e-5);
        Assert.InRange(fit.Report.LogLikelihood / done.Fit.Report.LogLikelihood, 1 - 1e-9, 1 + 1e-9);
    }

    [Fact]
    public void CompleteData_TakeOneStep_AndNothingIsImputed()
    {
        ImputationResult done = Read("complete_data").Impute();
        Assert.Equal(FitMethod.Complete, done.Fit.Report.Method);
        Assert.Equal(1, done.Fit.Report.PatternCount);
        Assert.Equal(0, done.FilledCount);
        Assert.Empty(done.Cells);
        var gold = ReferenceCase.Degenerate("complete_data");
        Assert.InRange(NaiveNormal.Distance(new NaiveParameters(done.Fit.AsNormal().Mean.ToArray(),
            done.Fit.AsNormal().Covariance.ToArray()), gold.Estimates),
            0, 1e-13);
    }

    [Fact]
    public void SingleColumn_GivesMeanAndVariance()
    {
        ImputationResult done = Read("single_column").Impute();
        Assert.Equal(9.52935294117647, done.Fit.AsNormal().Mean[0], 1e-13); // expected.json
        Assert.Equal(17.11827775778547, done.Fit.AsNormal().Covariance[0, 0], 1e-12);
        Assert.All(done.Cells, c => Assert.Equal(9.52935294117647, c.Value, 1e-13));
        Assert.Equal(3, done.Cells.Count());
    }

    /// <summary>expected.json asks that correlations and imputed values over scale agree to about 1e-10.</summary>
    [Fact]
    public void Scales_From1e8To1e12_LoseNoDigits()
    {
        double[] scale = [1e-8, 1, 1e6, 1e12];
        var tight = new NormalOptions { Tolerance = 1e-11 };
        ImputationResult plain = Read("scale_reference").Impute(tight), scaled = Read("scale_1e-8_to_1e12").Impute(tight);
        NormalFit a = plain.Fit.AsNormal(), b = scaled.Fit.AsNormal();
        for (int j = 0; j < 4; j++)
        {
            Assert.InRange(Math.Abs(b.Mean[j] / scale[j] / a.Mean[j] - 1), 0, 1e-10);
            for (int k = 0; k < 4; k++)
                Assert.InRange(Math.Abs(b.Covariance[j, k] / (scale[j] * scale[k]) / a.Covariance[j, k] - 1), 0, 1e-10);
        }
        foreach ((ImputedCell x, ImputedCell y) in plain.Cells.Zip(scaled.Cells))
            Assert.InRange(Math.Abs(y.Value / scale[Array.IndexOf([.. a.Columns], y.Column)] / x.Value - 1), 0, 1e-10);
    }

    /// <summary>An offset of 1e9 costs the input itself 9 of its 16 digits; what is left must survive centring.</summary>
    [Fact]
    public void Offset_Of1e9_CostsOnlyTheDigitsItCostsTheInput()
    {
        Table table = Read("scale_reference");
        var shifted = new Table(table.Columns.Cast<NumericColumn>()
            .Select(c => NumericColumn.Number(c.Name, [.. c.Values.ToArray().Select(v => v + 1e9)])));
        // The data as they are after the shift, moved back exactly: what an exact program would see.
        var back = new Table(shifted.Columns.Cast<NumericColumn>()
            .Select(c => NumericColumn.Number(c.Name, [.. c.Values.ToArray().Select(v => v - 1e9)])));
        var tight = new NormalOptions { Tolerance = 1e-11 };
        NormalFit a = NormalModel.Fit(back, tight), b = NormalModel.Fit(shifted, tight);
        for (int j = 0; j < 4; j++)
        {
            Assert.InRange(Math.Abs(b.Mean[j] - 1e9 - a.Mean[j]), 0, 2.5e-7); // twice the spacing of doubles at 1e9
            for (int k = 0; k < 4; k++)
                Assert.InRange(Math.Abs(b.Covariance[j, k] - a.Covariance[j, k]) / Math.Sqrt(a.Covariance[j, j] * a.Covariance[k, k]), 0,
                    1e-9);
        }
        Assert.InRange(b.Report.LogLikelihood / a.Report.LogLikelihood, 1 - 1e-10, 1 + 1e-10);
    }

    [Fact]
    public void FewerRowsThanColumns_IsUnbounded_AndARidgeHelps()
    {
        Table table = Read("n_less_than_p");
        NormalFit fit = NormalModel.Fit(table);
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        Assert.Contains(fit.Report.Findings, f => f.Severity == FindingSeverity.Problem
            && f.Advice.Contains("ridge", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(fit.Report.Findings, f => f.Sentence.Contains("6 rows", StringComparison.Ordinal)
            && f.Sentence.Contains("10 columns", StringComparison.Ordinal));

        ImputationResult done = table.Impute(new NormalOptions { Prior = CovariancePrior.Auto });
        Assert.Equal((EmOutcome.Converged, CovariancePriorKind.Ridge), (done.Fit.Report.Outcome, done.Fit.Report.Prior.Kind));
        Assert.Equal(0, done.StillMissingCount);
        Assert.All(done.Cells, c => Assert.True(double.IsFinite(c.Value)));
    }

    [Fact]
    public void SingleRow_CannotBeModelled_AndTheMessageSaysWhy()
    {
        var error = Assert.Throws<ImputationDataException>(() => NormalModel.Fit(Read("single_row_missing")));
        Assert.Contains("row", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void DuplicateColumns_AreARelation()
    {
        Table table = Read("scale_reference");
        var twin = NumericColumn.Number("twin", ((NumericColumn)table["one"]).Values);
        NormalFit fit = NormalModel.Fit(new Table([.. table.Columns, twin]));
        Assert.Equal(EmOutcome.Unbounded, fit.Report.Outcome);
        Assert.Contains(fit.Report.Relations, r => r.Columns.Order(StringComparer.Ordinal).SequenceEqual(["one", "twin"]));
    }
}
