namespace Imputation.Tests.Fuzzing;

/// <summary>What the tests of damaged files of every format have in common.</summary>
internal static class DamagedReading
{
    /// <summary>A file takes milliseconds; one that is not done by then hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Number of damaged files: of the environment variable IMPUTATION_FUZZ_CASES, or the usual one.</summary>
    public static int Cases(int usual) => FuzzTests.Variable("IMPUTATION_FUZZ_CASES", usual);

    /// <summary>Bytes allocated by a reading that must come to an end: on a thread of its own, which is left behind where it does not, so
    /// that the tests go on.</summary>
    public static long InTime(string what, Action action)
    {
        Task<long> task = Task.Factory.StartNew(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([task], s_patience) < 0) throw new TimeoutException($"{what} is not done after {s_patience}.");
        return task.GetAwaiter().GetResult();
    }
}
