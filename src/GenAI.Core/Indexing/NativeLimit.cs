namespace GenAI.Core.Indexing;

/// <summary>The most native memory that the buffers of one index may hold together; for tests of what happens when there is no more.</summary>
internal sealed class NativeLimit(long most)
{
    private long _held;

    /// <exception cref="InsufficientMemoryException">That would be more than there may be.</exception>
    public void Take(nuint bytes)
    {
        if (Interlocked.Add(ref _held, (long)bytes) <= most)
            return;
        Give(bytes);
        throw new InsufficientMemoryException();
    }

    public void Give(nuint bytes) => Interlocked.Add(ref _held, -(long)bytes);
}
