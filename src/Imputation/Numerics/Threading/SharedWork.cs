namespace Imputation.Numerics.Threading;

/// <summary>Work that a thread does together with others of the pool, each on a processor of its own.</summary>
/// <remarks>The pool's threads wait for work by giving way to others on their processor, time and again. So the one that takes up the work is often on the
/// processor of the thread that offers it, and the scheduler, that of a virtual machine above all, leaves it there for up to 20 ms: the two take turns
/// beside a processor that does nothing, as traces of Linux 6.18 show. Of 0.3 s that a file of 100,000 rows took, some 0.03 s went that way.</remarks>
internal abstract class SharedWork : IThreadPoolWorkItem
{
    private int _processor = -1; // of the thread that asks for help

    /// <summary>Asks so many threads to help. Some may come late, or when all is done.</summary>
    protected void Invite(int helpers)
    {
        if (helpers <= 0) return;
        _processor = Processor.Current;
        for (int t = 0; t < helpers; t++) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        Thread.Yield(); // one that waits on this processor can see that it should leave
    }

    /// <summary>What a helping thread does.</summary>
    protected abstract void Help();

    void IThreadPoolWorkItem.Execute()
    {
        Processor.Leave(_processor);
        Help();
    }
}
