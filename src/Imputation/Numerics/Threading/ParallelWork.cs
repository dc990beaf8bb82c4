using System.Runtime.ExceptionServices;

namespace Imputation.Numerics.Threading;

/// <summary>Parallel loops whose bodies' exceptions come out as they were thrown, not wrapped.</summary>
/// <remarks>Every thread has a share of its own, the same whenever a loop of that length is run, so that what it works on stays in
/// its processor's cache; and who is done takes indices from the end of the others' shares, one at a time. <see cref="Parallel"/>
/// hands out runs of up to 16, and all wait for the one who has the last.</remarks>
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
        if (count <= 0) return;
        int threads = Math.Min(count, options.MaxDegreeOfParallelism < 0 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism);
        new Loop<TLocal>(count, threads, options.CancellationToken, make, body).Run();
    }

    /// <summary>A loop that threads join. It is over when every index is done: a thread that comes late finds nothing to do, and nobody
    /// waits for it.</summary>
    private sealed class Loop<TLocal> : IThreadPoolWorkItem
    {
        private readonly int _count;
        private readonly CancellationToken _cancellation;
        private readonly Func<TLocal> _make;
        private readonly Func<int, TLocal, TLocal> _body;
        private readonly long[] _shares; // of each thread, its next index in the lower half and the end in the upper
        private readonly ManualResetEventSlim _over = new();
        private readonly Lock _failing = new();
        private int _joined;
        private int _done;
        private int _failed = int.MaxValue;
        private ExceptionDispatchInfo? _failure; // of the lowest index that failed

        public Loop(int count, int threads, CancellationToken cancellation, Func<TLocal> make, Func<int, TLocal, TLocal> body)
        {
            (_count, _cancellation, _make, _body) = (count, cancellation, make, body);
            _shares = new long[threads];
            for (int t = 0; t < threads; t++) _shares[t] = (long)count * t / threads | (long)count * (t + 1) / threads << 32;
        }

        /// <summary>Works with the others, waits for what they took, and throws what was thrown.</summary>
        public void Run()
        {
            for (int helper = 1; helper < _shares.Length; helper++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            Work(0);
            _over.Wait(CancellationToken.None);
            _failure?.Throw();
        }

        void IThreadPoolWorkItem.Execute() => Work(Interlocked.Increment(ref _joined));

        private void Work(int thread)
        {
            TLocal? local = default;
            bool made = false;
            for (int i; (i = Take(thread)) >= 0;)
            {
                if (Volatile.Read(ref _failed) == int.MaxValue)
                {
                    try
                    {
                        _cancellation.ThrowIfCancellationRequested();
                        if (!made) (local, made) = (_make(), true);
                        local = _body(i, local!);
                    }
                    catch (Exception e)
                    {
                        Fail(i, e);
                    }
                }
                if (Interlocked.Increment(ref _done) == _count) _over.Set();
            }
        }

        /// <summary>The next index of a thread's own share, or the last one of the next thread that has any; −1 where none has.</summary>
        private int Take(int thread)
        {
            for (int t = 0; t < _shares.Length; t++)
            {
                ref long share = ref _shares[(thread + t) % _shares.Length];
                for (long was = Volatile.Read(ref share); ;)
                {
                    int next = (int)was, end = (int)(was >> 32);
                    if (next >= end) break;
                    long seen = Interlocked.CompareExchange(ref share, t == 0 ? was + 1 : was - (1L << 32), was);
                    if (seen == was) return t == 0 ? next : end - 1;
                    was = seen;
                }
            }
            return -1;
        }

        private void Fail(int index, Exception e)
        {
            lock (_failing)
            {
                if (index >= _failed) return;
                _failed = index;
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
