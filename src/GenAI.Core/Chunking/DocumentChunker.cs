namespace GenAI.Core.Chunking;

/// <summary>
/// The chunker that a knowledge base uses unless it is given another: Markdown documents go to a <see cref="MarkdownChunker"/>, all others to a
/// <see cref="RecursiveChunker"/>.
/// </summary>
/// <remarks>
/// A document is Markdown if its id or its <see cref="Document.Source"/> ends in <c>.md</c> or <c>.markdown</c>, whatever the case. Safe for concurrent use.
/// </remarks>
public sealed class DocumentChunker : ISynchronousChunker
{
    private readonly MarkdownChunker _markdown;
    private readonly RecursiveChunker _text;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits, for both; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public DocumentChunker(ChunkerOptions? options = null)
    {
        _markdown = new MarkdownChunker(options);
        _text = new RecursiveChunker(options);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Chunk> ChunkAsync(Document document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        return IsMarkdown(document) ? _markdown.ChunkAsync(document, cancellationToken) : _text.ChunkAsync(document, cancellationToken);
    }

    /// <inheritdoc cref="RecursiveChunker.Split"/>
    public IEnumerable<Chunk> Split(Document document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        return IsMarkdown(document) ? _markdown.Split(document, cancellationToken) : _text.Split(document, cancellationToken);
    }

    /// <summary>The chunkers and their limits.</summary>
    public override string ToString() => $"{_markdown}, {_text}";

    private static bool IsMarkdown(Document document) => HasMarkdownExtension(document.Id) || (document.Source is { } source && HasMarkdownExtension(source.IsAbsoluteUri ? source.AbsolutePath : source.OriginalString));

    private static bool HasMarkdownExtension(string name) =>
        name.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase);
}
