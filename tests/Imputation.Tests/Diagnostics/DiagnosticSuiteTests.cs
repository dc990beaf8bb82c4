using Imputation.Diagnostics;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

public class DiagnosticSuiteTests
{
    private static DiagnosticContext Context(double[,] values) =>
        new(Table.FromArray([.. Enumerable.Range(1, values.GetLength(1)).Select(j => $"x{j}")], values));

    private static DiagnosticContext Nhanes() => new(ReferenceCase.Mvn("nhanes")!.Table);

    /// <summary>A diagnostic that does what it is told.</summary>
    private sealed class Told(string name, Func<DiagnosticContext, DiagnosticResult> run, DiagnosticNeeds needs = DiagnosticNeeds.Table)
        : IMissingnessDiagnostic
    {
        public string Name => name;

        public string Title => $"About {name}";

        public DiagnosticNeeds Needs => needs;

        public DiagnosticResult Run(DiagnosticContext context) => run(context);
    }

    private static DiagnosticResult Says(FindingSeverity severity, string sentence) =>
        new() { Findings = [new Finding(severity, "told", sentence, [])] };

    [Fact]
    public void Findings_AreThoseOfAll_TheGravestFirst_OtherwiseInTheirOrder()
    {
        DiagnosticReport report = new DiagnosticSuite([
            new Told("a", _ => Says(FindingSeverity.Note, "first")),
            new Told("b", _ => Says(FindingSeverity.Problem, "second")),
            new Told("c", _ => Says(FindingSeverity.Note, "third")),
        ]).Run(Nhanes());
        Assert.Equal(["second", "first", "third"], report.Findings.Select(f => f.Sentence));
        Assert.Equal(["a", "b", "c"], report.Entries.Select(e => e.Name));
        Assert.Equal("About b", report["b"]!.Title);
        Assert.Null(report["d"]);
    }

    [Fact]
    public void ADiagnosticThatFails_IsReported_AndTheOthersRun()
    {
        DiagnosticReport report = new DiagnosticSuite([
            new Told("broken", _ => throw new InvalidOperationException("no such luck")),
            new Told("silent", _ => null!),
            new Told("whole", _ => Says(FindingSeverity.Note, "fine")),
        ]).Run(Nhanes());
        Assert.Equal([false, false, true], report.Entries.Select(e => e.WasRun));
        Finding failure = Assert.Single(report["broken"]!.Result.Findings);
        Assert.Equal((FindingSeverity.Warning, "diagnostic-failed"), (failure.Severity, failure.Code));
        Assert.Contains("'broken' failed: no such luck", failure.Sentence);
        Assert.Equal("diagnostic-failed", Assert.Single(report["silent"]!.Result.Findings).Code);
        Assert.Equal("fine", Assert.Single(report["whole"]!.Result.Findings).Sentence);
    }

    [Theory]
    [InlineData(DiagnosticNeeds.Matrix)]
    [InlineData(DiagnosticNeeds.Fit)]
    [InlineData(DiagnosticNeeds.ImputationResult)]
    public void WhatCannotBeHad_IsSaid_AndTheDiagnosticIsNotRun(DiagnosticNeeds needs)
    {
        DiagnosticContext context = Context(new double[,] { { 1, double.NaN }, { 1, double.NaN } }); // constant, and nothing observed
        DiagnosticEntry entry = new DiagnosticSuite([new Told("needy", _ => throw new InvalidOperationException("was run"), needs)])
            .Run(context).Entries[0];
        Assert.False(entry.WasRun);
        Finding finding = Assert.Single(entry.Result.Findings);
        Assert.Equal((FindingSeverity.Note, "diagnostic-not-run"), (finding.Severity, finding.Code));
        Assert.Contains("About needy: not run", finding.Sentence);
    }

    [Fact]
    public void TheModelAndTheCompletedTable_AreMadeOnce_AndOnlyWhenAskedFor()
    {
        DiagnosticContext context = Nhanes();
        new DiagnosticSuite([new Told("a", c => new DiagnosticResult { Verdict = $"{c.Patterns!.Count}" })]).Run(context);
        Assert.False(context.HasFit);
        Assert.Same(context.Fit, context.ImputationResult.Fit);
        Assert.Same(context.ImputationResult, context.ImputationResult);
        Assert.Equal(27, context.ImputationResult.FilledCount);
    }

    [Fact]
    public void With_AddsBehind_AndReplacesByName_WithoutAndOnlyChoose()
    {
        var suite = new DiagnosticSuite([new Told("a", _ => new DiagnosticResult()), new Told("b", _ => new DiagnosticResult())]);
        var other = new Told("a", _ => new DiagnosticResult { Verdict = "another" });
        DiagnosticSuite more = suite.With(other, new Told("c", _ => new DiagnosticResult()));
        Assert.Equal(["a", "b", "c"], more.Diagnostics.Select(d => d.Name));
        Assert.Same(other, more.Diagnostics[0]);
        Assert.Equal(["a", "b"], suite.Diagnostics.Select(d => d.Name)); // itself unchanged
        Assert.Equal(["a", "c"], more.Without("b").Diagnostics.Select(d => d.Name));
        Assert.Equal(["b"], more.Only("b").Diagnostics.Select(d => d.Name));
        Assert.Contains("'d'", Assert.Throws<ArgumentException>(() => more.Without("d")).Message);
        Assert.Contains("'a', 'b' and 'c'", Assert.Throws<ArgumentException>(() => more.Only("d")).Message);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new DiagnosticSuite([other, suite.Diagnostics[0]])).Message);
    }

    [Fact]
    public void Cancellation_IsNotAFailure()
    {
        using var source = new CancellationTokenSource();
        var context = new DiagnosticContext(ReferenceCase.Mvn("nhanes")!.Table, null, null, source.Token);
        var suite = new DiagnosticSuite([new Told("a", _ =>
        {
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
            return new DiagnosticResult();
        })]);
        Assert.Throws<OperationCanceledException>(() => suite.Run(context));
    }

    [Fact]
    public void SampledRows_AreAllOfFew_AndSpreadOverMany()
    {
        Assert.Equal(Enumerable.Range(0, 25), Nhanes().SampledRows());

        Table many = Table.FromArray(["x"], new double[1050, 1]);
        int[] rows = new DiagnosticContext(many, new DiagnosticOptions { SampleRows = 100 }).SampledRows();
        Assert.Equal(100, rows.Distinct().Count());
        Assert.Equal(rows.Order(), rows);
        Assert.All(Enumerable.Range(0, 100), i => Assert.InRange(rows[i], i * 1050 / 100, (i + 1) * 1050 / 100 - 1));
        Assert.NotEqual(rows, new DiagnosticContext(many, new DiagnosticOptions { SampleRows = 100 },
            new RunOptions { Seed = 2 }).SampledRows());
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Contains("100 rows", Assert.Throws<ArgumentOutOfRangeException>(() => new DiagnosticOptions { SampleRows = 99 }.Validate())
            .Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiagnosticOptions { SignificanceLevel = 0 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiagnosticOptions { SignificanceLevel = 1 }.Validate());
    }

    /// <summary>A user's suite sees what a user's table has, text included.</summary>
    [Fact]
    public void Patterns_AreOfAllColumnsButThoseLeftOut()
    {
        var table = new Table([TextColumn.Create("t", ["a", null, "b"]), NumericColumn.Number("x", [1, 2, double.NaN]),
            NumericColumn.Number("y", [1, 2, 3])]);
        var context = new DiagnosticContext(table,
            new DiagnosticOptions { Model = new NormalOptions { Columns = new ColumnSelection { Exclude = ["y"] } } });
        Assert.Equal(["t", "x"], context.Columns.Select(c => c.Name));
        Assert.Equal(["11", "10", "01"], context.Patterns!.Select(p => p.ToString()));
        Assert.Equal(["x"], context.Matrix!.ColumnNames);
    }
}
