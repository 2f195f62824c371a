using System.Runtime.ExceptionServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// Work that several threads of the pool help the calling thread with. It never waits for a thread that has not begun, so it ends
/// however busy the pool is; and it allocates nothing.
/// </summary>
internal abstract class ThreadCrew : IThreadPoolWorkItem
{
    // Added to the number of those at work when nobody may begin any more.
    private const int Closed = int.MinValue;

    private int _working;
    private int _queued;
    private Exception? _failure;

    /// <summary>Whether all helpers of the last time have come and gone, so that it may run again.</summary>
    public bool IsIdle => Volatile.Read(ref _queued) == 0;

    /// <summary>Whether the rest is not wanted because something went wrong.</summary>
    protected bool HasFailed => Volatile.Read(ref _failure) is not null;

    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.Increment(ref _working) > 0)
            TryWork();
        Interlocked.Decrement(ref _working);
        Interlocked.Decrement(ref _queued);
    }

    /// <summary>Does the work on this thread and up to so many others.</summary>
    /// <remarks>The first exception of any of them is thrown again here when all have ended.</remarks>
    protected void Run(int helpers)
    {
        (_failure, _working, _queued) = (null, 0, helpers);
        for (var i = 0; i < helpers; i++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        TryWork();
        Interlocked.Add(ref _working, Closed);
        for (var spin = new SpinWait(); Volatile.Read(ref _working) != Closed;)
            spin.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Takes a part of the work after the other until none is left or <see cref="HasFailed"/>; called on each thread.</summary>
    protected abstract void Work();

    private void TryWork()
    {
        try
        {
            Work();
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }
}
