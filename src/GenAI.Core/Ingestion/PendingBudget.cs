namespace GenAI.Core.Ingestion;

/// <summary>Bounds what is between reading and writing: the reader waits while too much is. One may take at a time, any number may give back.</summary>
/// <param name="capacity">The bound, in bytes. What alone is above it passes alone.</param>
internal sealed class PendingBudget(long capacity)
{
    // What a document of no length takes: its records, its place in queues.
    private const long PerDocument = 4_096;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private long _used;

    public async Task TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task released;
            lock (_lock)
            {
                if (_used == 0 || _used + bytes + PerDocument <= capacity)
                {
                    _used += bytes + PerDocument;
                    return;
                }

                _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                released = _waiting.Task;
            }

            await released.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Release(long bytes)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            _used -= bytes + PerDocument;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }
}
