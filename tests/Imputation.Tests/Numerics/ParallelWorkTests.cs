using Imputation.Numerics.Threading;

namespace Imputation.Tests.Numerics;

/// <summary>Loops over several threads: every index once, exceptions as they are, and nobody idle while there is work.</summary>
public class ParallelWorkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(0)]
    public void EveryIndex_IsDoneOnce(int threads)
    {
        for (int count = 0; count <= 67; count++)
        {
            var done = new int[count];
            ParallelWork.For(count, ParallelWork.Options(threads), i => Interlocked.Increment(ref done[i]));
            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    /// <summary>Whoever has index 0 waits until all others are done, those of its own share included.</summary>
    [Fact]
    public void AShareThatIsHeldUp_IsTakenByTheOthers()
    {
        using var others = new CountdownEvent(19);
        bool waited = false;
        ParallelWork.For(20, ParallelWork.Options(2), i =>
        {
            if (i == 0) waited = others.Wait(s_patience);
            else others.Signal();
        });
        Assert.True(waited, "The other thread left work undone.");
    }

    [Fact]
    public void AWorkspace_IsNeverUsedByTwoThreadsAtOnce()
    {
        int made = 0, clashes = 0;
        ParallelWork.For(2000, ParallelWork.Options(4),
            () =>
            {
                Interlocked.Increment(ref made);
                return new int[1];
            },
            (_, work) =>
            {
                if (Interlocked.Exchange(ref work[0], 1) != 0) Interlocked.Increment(ref clashes);
                Thread.SpinWait(20);
                Volatile.Write(ref work[0], 0);
                return work;
            });
        Assert.Equal(0, clashes);
        Assert.InRange(made, 1, 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnException_ComesOutAsThrown_AndEndsTheLoop(int threads)
    {
        int after = 0;
        var thrown = Assert.Throws<FormatException>(() => ParallelWork.For(10_000, ParallelWork.Options(threads), i =>
        {
            if (i == 0) throw new FormatException("index 0");
            Interlocked.Increment(ref after);
            Thread.SpinWait(2000);
        }));
        Assert.Equal("index 0", thrown.Message);
        Assert.InRange(after, 0, 9_000);
    }

    [Fact]
    public void OfSeveralExceptions_TheLowestIndexIsHeard()
    {
        using var both = new Barrier(2);
        var thrown = Assert.Throws<FormatException>(() => ParallelWork.For(2, ParallelWork.Options(2), i =>
        {
            both.SignalAndWait(s_patience);
            throw new FormatException($"index {i}");
        }));
        Assert.Equal("index 0", thrown.Message);
    }

    [Fact]
    public void Cancelled_ItThrowsAndStops()
    {
        using var source = new CancellationTokenSource();
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => ParallelWork.For(1000, ParallelWork.Options(2, source.Token), _ =>
        {
            if (Interlocked.Increment(ref done) == 10) source.Cancel();
        }));
        Assert.InRange(done, 10, 100);
    }
}
