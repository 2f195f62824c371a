namespace GenAI.Core.Chunking;

/// <summary>Cuts a window of a fixed number of tokens, again and again: the plainest chunker, for text without structure.</summary>
/// <remarks>
/// A window ends where the limit is, even inside a word, but never inside a grapheme cluster. With an exact counter a window may be a few
/// tokens short, because a cut changes how the text around it is tokenized. Safe for concurrent use. The time is linear in
/// the text, times <c>MaxTokens / (MaxTokens - OverlapTokens)</c>.
/// </remarks>
public sealed class TokenWindowChunker : ISynchronousChunker
{
    private readonly ChunkLimits _limits;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public TokenWindowChunker(ChunkerOptions? options = null) => _limits = new ChunkLimits(options);

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
        return ChunkSequence.Of(document, _limits, static () => new WindowBreaks(), cancellationToken);
    }

    /// <summary>The chunker and its limits, such as <c>TokenWindowChunker(512, 64)</c>.</summary>
    public override string ToString() => $"{nameof(TokenWindowChunker)}({_limits})";
}
