namespace GenAI.Core.Chunking;

/// <summary>Cuts Markdown along its structure: sections, blocks, then what is inside a block; each chunk knows the headings it stands under.</summary>
/// <remarks>
/// <para>
/// A chunk never crosses a heading, so <see cref="Chunk.Headings"/> holds for every character of it; its own heading is the last of them and stands in its
/// text. A heading stays with the text behind it, and one directly under a higher one, with nothing between, shares its chunk. Small sections are not
/// merged: a chunk under two headings would belong to neither.
/// </para>
/// <para>
/// A fenced, indented or HTML block, front matter, or a table is cut only if it is over the limit by itself, at blank lines or lines if
/// possible. A table is cut between rows, and a row only if it alone is over the limit; the chunks of a table after the first carry its header
/// rows in <see cref="Chunk.Context"/>, unless those are over the limit too. Everything else is cut as <see cref="RecursiveChunker"/> does.
/// </para>
/// <para>
/// The overlap never reaches across a heading nor into a block that is to stay whole; it is then shorter or left out. Headings are read with ATX
/// (<c>## Title</c>) and setext (underlined) marks, not inside fences, HTML, lists or quotations. Safe for concurrent use. The time is linear in the text.
/// </para>
/// </remarks>
public sealed class MarkdownChunker : ISynchronousChunker
{
    private readonly ChunkLimits _limits;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public MarkdownChunker(ChunkerOptions? options = null) => _limits = new ChunkLimits(options);

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
        return Sections(document, cancellationToken);
    }

    private IEnumerable<Chunk> Sections(Document document, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var blocks = MarkdownParser.Parse(document.Text);
        var rule = new MarkdownBreaks(blocks, _limits);
        var splitter = new TextSplitter(document.Text, _limits);
        var writer = new ChunkWriter(document);
        foreach (var section in MarkdownSection.Divide(document.Text, blocks))
        {
            splitter.Enter(section.Start, section.End, rule);
            while (splitter.TryNext(out var piece))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return writer.Write(piece, section.Headings, rule.ContextOf(document.Text, piece));
            }
        }
    }

    /// <summary>The chunker and its limits, such as <c>MarkdownChunker(512, 64)</c>.</summary>
    public override string ToString() => $"{nameof(MarkdownChunker)}({_limits})";
}
