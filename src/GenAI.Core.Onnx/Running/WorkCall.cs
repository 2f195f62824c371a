namespace GenAI.Core.Onnx.Running;

/// <summary>A caller that waits for the results of several items.</summary>
internal abstract class WorkCall
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellationToken;
    private int _remaining;

    protected WorkCall(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>Whether nobody waits any more: the items that are left need not run.</summary>
    public bool IsOver => _completion.Task.IsCompleted;

    /// <summary>Ends when all items have, or with the first failure.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Takes the output of one item, on a worker's thread.</summary>
    public abstract void Receive(WorkItem item, in RowOutput output);

    /// <summary>Says how many items there will be; before the first is put in line.</summary>
    public void Expect(int items)
    {
        _remaining = items;
        if (items == 0)
            _completion.TrySetResult();
    }

    public void ItemDone()
    {
        if (Interlocked.Decrement(ref _remaining) == 0)
            _completion.TrySetResult();
    }

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Says that nobody waits any more.</summary>
    public void Abandon() => _completion.TrySetCanceled();

    /// <summary>Waits for all items, or for the first failure, or for cancellation.</summary>
    public Task WaitAsync() => _cancellationToken.CanBeCanceled ? WaitOrCancelAsync() : _completion.Task;

    private async Task WaitOrCancelAsync()
    {
        var registration = _cancellationToken.UnsafeRegister(static (state, token) => ((WorkCall)state!)._completion.TrySetCanceled(token), this);
        await using (registration.ConfigureAwait(false))
            await _completion.Task.ConfigureAwait(false);
    }
}
