namespace Imputation.Files;

/// <summary>Work that several threads do ahead, and whose results the calling thread takes in order.</summary>
internal static class OrderedWork
{
    /// <summary>Makes results 0 to <paramref name="count"/> − 1, each on some thread, and takes each in its turn.</summary>
    /// <remarks>Where several fail, the exception is that of the first in order, so it does not depend on the threads. No thread works on when this returns.</remarks>
    public static void Run<T>(int count, int threads, Func<int, T> make, Action<int, T> take, CancellationToken cancellation)
    {
        if (threads <= 1 || count <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                take(i, make(i));
            }
            return;
        }
        var ahead = new Queue<Task<T>>();
        try
        {
            for (int next = 0, taken = 0; taken < count; taken++)
            {
                // One more than there are threads, so that none waits while a result is taken.
                for (; next < count && next <= taken + threads; next++)
                {
                    int i = next;
                    ahead.Enqueue(Task.Run(() => make(i)));
                }
                cancellation.ThrowIfCancellationRequested();
                T result = ahead.Peek().GetAwaiter().GetResult();
                ahead.Dequeue();
                take(taken, result);
            }
        }
        finally
        {
            foreach (Task<T> task in ahead) Await(task);
        }
    }

    private static void Await(Task task)
    {
        try
        {
            task.Wait();
        }
        catch (AggregateException)
        {
            // An exception before it is on its way.
        }
    }
}
