namespace GenAI.Core.Ingestion;

/// <summary>A text that is being embedded, for all records that have it.</summary>
internal sealed class SharedText(string text, int tokens, string owner)
{
    // Completed either way: what failed is told by Failure, so that no exception goes unobserved.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Text => text;

    public int Tokens => tokens;

    /// <summary>The id of the document that it is embedded for.</summary>
    public string Owner => owner;

    public Task Done => _done.Task;

    public ReadOnlyMemory<float> Vector { get; private set; }

    public Exception? Failure { get; private set; }

    public void Set(ReadOnlyMemory<float> vector)
    {
        Vector = vector;
        _done.TrySetResult();
    }

    public void Fail(Exception exception)
    {
        Failure = exception;
        _done.TrySetResult();
    }
}
