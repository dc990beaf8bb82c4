using System.Runtime.ExceptionServices;

namespace Imputation.Numerics.Threading;

/// <summary>Several threads produce the parts of a task, and the calling thread consumes them in order.</summary>
internal static class OrderedWork
{
    /// <summary>Makes results 0 to <paramref name="count"/> − 1, each on some thread, and takes each in its turn.</summary>
    /// <remarks>Where several fail, the exception is that of the first in order, so it does not depend on the threads. No thread works on
    /// when this returns.</remarks>
    public static void Run<T>(int count, int threads, Func<int, T> make, Action<int, T> take, CancellationToken cancellation) =>
        new Line<T>(count, Math.Min(threads, count), make).Run(take, cancellation);

    private sealed record Part<T>(T? Result, ExceptionDispatchInfo? Failure);

    /// <summary>Parts produced and not yet consumed: at most one for each thread and one more, so that no thread waits while a part
    /// is consumed.</summary>
    private sealed class Line<T>(int count, int threads, Func<int, T> make) : IThreadPoolWorkItem
    {
        private readonly object _gate = new();
        private readonly Part<T>?[] _made = new Part<T>?[count];
        private int _taken;
        private int _begun;
        private int _working;
        private bool _over;

        public void Run(Action<int, T> take, CancellationToken cancellation)
        {
            for (int helper = 1; helper < threads; helper++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            try
            {
                for (int i = 0; i < count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    take(i, Next());
                }
            }
            finally
            {
                lock (_gate)
                {
                    _over = true;
                    Monitor.PulseAll(_gate);
                    while (_working > 0) Monitor.Wait(_gate);
                }
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            while (true)
            {
                int part;
                lock (_gate)
                {
                    while ((part = Begin()) < 0)
                    {
                        if (_over || _begun == count) return;
                        Monitor.Wait(_gate);
                    }
                }
                Make(part);
            }
        }

        /// <summary>The next result; until it is there, this thread makes what others have not begun.</summary>
        private T Next()
        {
            while (true)
            {
                int part;
                lock (_gate)
                {
                    while ((part = _made[_taken] is null ? Begin() : count) < 0) Monitor.Wait(_gate);
                    if (part == count)
                    {
                        (T? result, ExceptionDispatchInfo? failure) = _made[_taken]!;
                        failure?.Throw();
                        _made[_taken++] = null;
                        Monitor.PulseAll(_gate);
                        return result!;
                    }
                }
                Make(part);
            }
        }

        /// <summary>The part to be made next; −1 where there is none, or not yet.</summary>
        private int Begin()
        {
            if (_over || _begun == Math.Min(count, _taken + threads + 1)) return -1;
            _working++;
            return _begun++;
        }

        private void Make(int i)
        {
            Part<T> part;
            try
            {
                part = new Part<T>(make(i), null);
            }
            catch (Exception e)
            {
                part = new Part<T>(default, ExceptionDispatchInfo.Capture(e));
            }
            lock (_gate)
            {
                _made[i] = part;
                _working--;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
