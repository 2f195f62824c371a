namespace GenAI.Core.Onnx.Running;

/// <summary>Counts what a model does.</summary>
internal sealed class RunCounters
{
    private long _texts;
    private long _tokens;
    private long _padded;
    private long _batches;
    private long _truncated;

    public void Ran(int texts, long tokens, long padded)
    {
        Interlocked.Add(ref _texts, texts);
        Interlocked.Add(ref _tokens, tokens);
        Interlocked.Add(ref _padded, padded);
        Interlocked.Increment(ref _batches);
    }

    public void Truncated() => Interlocked.Increment(ref _truncated);

    public OnnxRunStatistics Read() =>
        new(Interlocked.Read(ref _texts), Interlocked.Read(ref _tokens), Interlocked.Read(ref _padded), Interlocked.Read(ref _batches), Interlocked.Read(ref _truncated));
}
