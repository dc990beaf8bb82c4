using Imputation.Diagnostics;
using Imputation.Models.Registry;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

/// <summary>Seed, threads and progress are given once for a task, and every one counts.</summary>
public class RunOptionsTests
{
    private static Table Air => ReferenceCase.Mvn("airquality")!.Table;

    private sealed class Recorder : IProgress<EmIteration>
    {
        public List<EmIteration> Seen { get; } = [];

        public void Report(EmIteration value)
        {
            lock (Seen) Seen.Add(value);
        }
    }

    /// <summary>Each task with what is run, and the fit that it made.</summary>
    private static readonly Dictionary<string, Func<RunOptions, FittedModel>> s_tasks = new()
    {
        ["fit"] = run => NormalModel.Fit(Air, run: run),
        ["fit of any model"] = run => ModelRegistry.Default.DefaultOptions.Fit(Air, run),
        ["impute"] = run => Air.Impute(run: run).Fit,
        ["impute multiple"] = run => Air.ImputeMultiple(new MultipleOptions { Count = 2 }, run).Fit,
        ["diagnose"] = run => Air.Diagnose(suite: DiagnosticSuite.Default.Only("overimputation"), run: run).Context.Fit,
    };

    public static TheoryData<string> Tasks => [.. s_tasks.Keys];

    [Theory, MemberData(nameof(Tasks))]
    public void Progress_IsToldOfTheFitToAllRows_AndNothingElse(string task)
    {
        var seen = new Recorder();
        FittedModel fit = s_tasks[task](new RunOptions { Progress = seen });
        Assert.Equal(fit.Report.Trace, seen.Seen);
        Assert.NotEmpty(seen.Seen);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Threads_OutOfRange_AreRefused(string task)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => s_tasks[task](new RunOptions { Threads = -2 }));
        Assert.Equal((-2, "Threads"), (refused.ActualValue, refused.ParamName));
    }

    [Fact]
    public void Threads_OutOfRange_AreRefused_WhereNothingIsFitted()
    {
        NormalFit fit = NormalModel.Fit(Air);
        var run = new RunOptions { Threads = -1 };
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Impute(Air, run: run));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Information(Air, run));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataAugmentation.Run(fit, Air, run: run));
    }

    [Fact]
    public void Seed_ReachesRandomStarts_AndDraws()
    {
        var model = new NormalOptions { Restarts = 3 };
        var draw = new FillOptions { Method = FillMethod.Draw };
        ImputationResult one = Air.Impute(model, draw, new RunOptions { Seed = 1 }), same = Air.Impute(model, draw,
            new RunOptions { Seed = 1 }),
            other = Air.Impute(model, draw, new RunOptions { Seed = 2 });
        Assert.Equal(one.Fit.Report.Traces, same.Fit.Report.Traces);
        Assert.Equal(one.Fit.Report.Traces[0], other.Fit.Report.Traces[0]); // the deterministic start
        Assert.NotEqual(one.Fit.Report.Traces[1][0].Objective, other.Fit.Report.Traces[1][0].Objective);
        Assert.Equal(one.Cells.Select(c => c.Value), same.Cells.Select(c => c.Value));
        Assert.NotEqual(one.Cells.First().Value, other.Cells.First().Value);
    }
}
