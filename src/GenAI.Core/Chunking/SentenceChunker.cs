using GenAI.Core.Text;

namespace GenAI.Core.Chunking;

/// <summary>Packs whole sentences into chunks; the overlap is whole sentences too.</summary>
/// <remarks>
/// Sentences end as Unicode Standard Annex #29 says, with common English abbreviations known, at a blank line, and at the end of a heading,
/// list item or table row. A sentence that is over the limit by itself is cut between words, then between grapheme
/// clusters, and has no overlap. Safe for concurrent use. The time is linear in the text.
/// </remarks>
public sealed class SentenceChunker : ISynchronousChunker
{
    private readonly ChunkLimits _limits;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public SentenceChunker(ChunkerOptions? options = null) => _limits = new ChunkLimits(options);

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
        return ChunkSequence.Of(document, _limits, () =>
        {
            var sentences = new List<TextRange>();
            SentenceSegmenter.Segment(document.Text, sentences);
            return new SentenceBreaks(sentences);
        }, cancellationToken);
    }

    /// <summary>The chunker and its limits, such as <c>SentenceChunker(512, 64)</c>.</summary>
    public override string ToString() => $"{nameof(SentenceChunker)}({_limits})";
}
