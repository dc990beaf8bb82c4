using Imputation.Numerics.Threading;

namespace Imputation.Tests.Numerics;

/// <summary>Results made by several threads and taken in order by one: none lost, none early, and no work after the end.</summary>
public class OrderedWorkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Results_AreTakenInOrder(int threads)
    {
        for (int count = 0; count < 70; count++)
        {
            var taken = new List<(int, int)>();
            OrderedWork.Run(count, threads, i => i * i, (i, result) => taken.Add((i, result)), default);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (i, i * i)), taken);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void OfSeveralExceptions_TheFirstInOrderIsHeard(int threads)
    {
        // Where there are threads to work ahead, the sixth fails after the seventh, and is still the first in order.
        var taken = new List<int>();
        int working = 0;
        using var laterFailed = new ManualResetEventSlim();
        Assert.Equal("5", Assert.Throws<FormatException>(() => OrderedWork.Run(100, threads, i =>
        {
            Interlocked.Increment(ref working);
            if (i == 6) laterFailed.Set();
            if (i == 5 && threads > 1) Assert.True(laterFailed.Wait(s_patience), "nothing was done ahead");
            Interlocked.Decrement(ref working);
            return i >= 5 ? throw new FormatException($"{i}") : i;
        }, (_, result) => taken.Add(result), default)).Message);
        Assert.Equal(Enumerable.Range(0, 5), taken);
        Assert.Equal(0, working);
    }

    [Fact]
    public void WhereTakingFails_NothingIsWorkedOnAfterwards()
    {
        int working = 0, begun = 0, late = 0;
        using ManualResetEventSlim ahead = new(), returned = new();
        Assert.Throws<FormatException>(() => OrderedWork.Run(1000, 4, i =>
        {
            Interlocked.Increment(ref working);
            Interlocked.Increment(ref begun);
            if (i > 3)
            {
                ahead.Set();
                // In the midst of it when the taking fails. Who does not wait for it returns meanwhile, and is found out here.
                if (returned.Wait(TimeSpan.FromMilliseconds(50))) Interlocked.Increment(ref late);
            }
            Interlocked.Decrement(ref working);
            return i;
        }, (i, _) =>
        {
            if (i < 3) return;
            Assert.True(ahead.Wait(s_patience), "nothing was done ahead");
            throw new FormatException();
        }, default));
        Assert.Equal(0, working);
        returned.Set();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref working) == 0, s_patience), "work went on");
        Assert.Equal(0, late);
        Assert.InRange(begun, 4, 4 + 4 + 1); // four taken, and what may be ahead of them
    }

    /// <summary>Results may be large: what waits to be taken is bounded, however slow the taking.</summary>
    [Fact]
    public void NoMoreIsMadeAhead_ThanOneForEachThreadAndOneMore()
    {
        const int threads = 3;
        int made = 0, most = 0;
        OrderedWork.Run(200, threads, i => Interlocked.Increment(ref made), (i, _) =>
        {
            most = Math.Max(most, Volatile.Read(ref made) - i);
            Thread.SpinWait(5_000);
        }, default);
        Assert.InRange(most, 1, 1 + threads + 1); // the one that is being taken, and those ahead
    }

    [Fact]
    public void Cancelled_ItThrowsAndStops()
    {
        using var source = new CancellationTokenSource();
        int taken = 0;
        Assert.Throws<OperationCanceledException>(() => OrderedWork.Run(1000, 3, i => i, (i, _) =>
        {
            taken++;
            if (i == 9) source.Cancel();
        }, source.Token));
        Assert.Equal(10, taken);
    }
}
