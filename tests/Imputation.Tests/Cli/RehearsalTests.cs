using Imputation.Cli;
using Imputation.Em;

namespace Imputation.Tests.Cli;

/// <summary>What the command does beside reading its file.</summary>
public class RehearsalTests
{
    /// <summary>Nobody hears of it when it fails; then it is of no use.</summary>
    [Fact]
    public void Rehearsal_GoesThroughAllThatAFillDoes()
    {
        ImputationResult done = Rehearsal.Run();
        Assert.Equal(EmOutcome.Converged, done.Fit.Outcome);
        Assert.Equal(done.Fit.MissingCellCount, done.FilledCount);
        Assert.InRange(done.FilledCount, 100, 400);
        Assert.All(done.Table.Columns, column => Assert.Equal(0, column.MissingCount));
    }
}
