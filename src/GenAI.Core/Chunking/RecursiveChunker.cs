namespace GenAI.Core.Chunking;

/// <summary>
/// The default chunker, for any text: cuts where the text itself has the best break (a blank line, then a line end, the end of
/// a sentence, a space, and only then between two grapheme clusters) and packs each chunk as full as that allows.
/// </summary>
/// <remarks>
/// <para>
/// What fits into a chunk is not cut: a paragraph moves to the next chunk whole, unless it is too long for any chunk; then, if the chunk before
/// it is less than half full, it starts there. Each chunk but the first begins with about <see cref="ChunkerOptions.OverlapTokens"/>
/// tokens from the end of the chunk before, from the start of a sentence or word on.
/// </para>
/// <para>
/// Chunks start and end without white space around them; every other character of the document is in at least one. Safe for
/// concurrent use. The time is linear in the text.
/// </para>
/// </remarks>
public sealed class RecursiveChunker : ISynchronousChunker
{
    private readonly ChunkLimits _limits;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public RecursiveChunker(ChunkerOptions? options = null) => _limits = new ChunkLimits(options);

    /// <inheritdoc/>
    public IAsyncEnumerable<Chunk> ChunkAsync(Document document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new CompletedSequence<Chunk>(token => Split(document, token), cancellationToken);
    }

    /// <summary>Cuts <paramref name="document"/> into chunks, as <see cref="ChunkAsync"/> does but without asynchronous calls.</summary>
    /// <param name="document">The document; not changed.</param>
    /// <param name="cancellationToken">Stops the work between chunks.</param>
    /// <returns>The chunks, in the order in which they stand in the document; each is made when it is asked for.</returns>
    public IEnumerable<Chunk> Split(Document document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        return ChunkSequence.Of(document, _limits, static () => new RecursiveBreaks(), cancellationToken);
    }

    /// <summary>The chunker and its limits, such as <c>RecursiveChunker(512, 64)</c>.</summary>
    public override string ToString() => $"{nameof(RecursiveChunker)}({_limits})";
}
