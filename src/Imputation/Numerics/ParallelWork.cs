using System.Runtime.ExceptionServices;

namespace Imputation.Numerics;

/// <summary>Parallel loops whose bodies' exceptions come out as they were thrown, not wrapped.</summary>
internal static class ParallelWork
{
    /// <summary>So many threads, or one per processor for 0; and what cancels.</summary>
    public static ParallelOptions Options(int threads, CancellationToken cancellation = default) =>
        new() { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellation };

    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/> − 1.</summary>
    public static void For(int count, ParallelOptions options, Action<int> body) =>
        For(count, options, () => 0, (i, none) =>
        {
            body(i);
            return none;
        });

    /// <summary>The same with a workspace for each thread.</summary>
    public static void For<TLocal>(int count, ParallelOptions options, Func<TLocal> make, Func<int, TLocal, TLocal> body)
    {
        try
        {
            Parallel.For(0, count, options, make, (i, _, local) => body(i, local), _ => { });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
