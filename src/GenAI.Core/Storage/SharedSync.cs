namespace GenAI.Core.Storage;

/// <summary>
/// Group commit: any number of writers wait, one sync runs at a time, and what was written before it started is durable for all who wait for that. A writer waits at most
/// for the rest of the running sync and for the next one. After a sync has failed, nothing is ever reported durable again.
/// </summary>
/// <param name="begin">Tells through which record the sync that is about to start will be durable.</param>
/// <param name="sync">Does it.</param>
internal sealed class SharedSync(Func<long> begin, Action sync)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _running;
    private TaskCompletionSource? _next;
    private long _runningThrough;
    private long _durable;
    private Exception? _failure;

    /// <summary>The number of the last record that is durable.</summary>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Something else made records durable.</summary>
    public void Advance(long durable)
    {
        lock (_gate)
            _durable = Math.Max(_durable, durable);
    }

    /// <summary>Completes when the record is durable; fails when that can no longer be promised.</summary>
    public Task WaitAsync(long sequence)
    {
        lock (_gate)
        {
            if (sequence <= _durable)
                return Task.CompletedTask;
            if (_failure is not null)
                return Task.FromException(_failure);
            if (_running is not null && sequence <= _runningThrough)
                return _running.Task;
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var task = _next.Task;
            if (_running is null)
                Start_NeedsLock();
            return task;
        }
    }

    // Nobody may be waiting, as after a sync by the clock: that is no exception that was overlooked.
    private static void Fail(TaskCompletionSource waiting, Exception failure)
    {
        waiting.SetException(failure);
        _ = waiting.Task.Exception;
    }

    private void Start_NeedsLock()
    {
        _running = _next;
        _next = null;
        _runningThrough = 0;
        if (_running is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        Exception? failure = null;
        try
        {
            var through = begin();
            lock (_gate)
                _runningThrough = through;
            sync();
        }
        catch (Exception error)
        {
            // Whatever it was, the waiting writers must hear of it: there is no caller here.
            failure = error;
        }

        TaskCompletionSource done;
        TaskCompletionSource? hopeless = null;
        lock (_gate)
        {
            done = _running!;
            if (failure is null)
            {
                _durable = Math.Max(_durable, _runningThrough);
            }
            else
            {
                _failure = failure;
                hopeless = _next;
                _next = null;
            }

            Start_NeedsLock();
        }

        if (failure is null)
        {
            done.SetResult();
            return;
        }

        Fail(done, failure);
        if (hopeless is not null)
            Fail(hopeless, failure);
    }
}
