namespace GenAI.Core.Chunking;

/// <summary>The chunks of a document that is one region under one rule.</summary>
internal static class ChunkSequence
{
    public static IEnumerable<Chunk> Of(Document document, ChunkLimits limits, Func<BreakRule> rule, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var splitter = new TextSplitter(document.Text, limits);
        splitter.Enter(0, document.Text.Length, rule());
        var writer = new ChunkWriter(document);
        while (splitter.TryNext(out var piece))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return writer.Write(piece);
        }
    }
}
