namespace Imputation.Numerics;

/// <summary>Work that a thread does together with others of the pool, each on a processor of its own.</summary>
/// <remarks>The pool's threads wait for work by giving way to others on their processor, time and again; and a virtual machine's scheduler takes an idle
/// processor for one that is not there. So the thread that takes up the work is often on the processor of the one who offers it, and the two
/// take turns, for up to 20 ms, beside a processor that does nothing: of 0.3 s that a file of 100,000 rows took, 0.05 s and more went that way.</remarks>
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
