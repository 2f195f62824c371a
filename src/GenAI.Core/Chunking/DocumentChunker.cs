namespace GenAI.Core.Chunking;

/// <summary>Chooses by the name of the document: a <see cref="MarkdownChunker"/> for Markdown, otherwise a <see cref="RecursiveChunker"/>.</summary>
/// <remarks>
/// Markdown is what has a <see cref="Document.Id"/>, or else a path of its <see cref="Document.Source"/>, that ends in <c>.md</c>, <c>.markdown</c>
/// or <c>.mdx</c>, in any case. Safe for concurrent use.
/// </remarks>
public sealed class DocumentChunker : ISynchronousChunker
{
    private static readonly string[] MarkdownExtensions = [".md", ".markdown", ".mdx"];

    private readonly MarkdownChunker _markdown;
    private readonly RecursiveChunker _other;

    /// <summary>Makes a chunker.</summary>
    /// <param name="options">The limits of both; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="ChunkerOptions.OverlapTokens"/> is not less than <see cref="ChunkerOptions.MaxTokens"/>.</exception>
    public DocumentChunker(ChunkerOptions? options = null) => (_markdown, _other) = (new MarkdownChunker(options), new RecursiveChunker(options));

    /// <inheritdoc/>
    public IAsyncEnumerable<Chunk> ChunkAsync(Document document, CancellationToken cancellationToken = default) => For(document).ChunkAsync(document, cancellationToken);

    /// <summary>Cuts <paramref name="document"/> into chunks, as <see cref="ChunkAsync"/> does but without asynchronous calls.</summary>
    /// <param name="document">The document; not changed.</param>
    /// <param name="cancellationToken">Stops the work between chunks.</param>
    /// <returns>The chunks, in the order in which they stand in the document; each is made when it is asked for.</returns>
    public IEnumerable<Chunk> Split(Document document, CancellationToken cancellationToken = default) => For(document).Split(document, cancellationToken);

    private ISynchronousChunker For(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return IsMarkdown(document.Id) || (document.Source is { } source && IsMarkdown(source.IsAbsoluteUri ? source.AbsolutePath : source.OriginalString)) ? _markdown : _other;
    }

    private static bool IsMarkdown(string path)
    {
        foreach (var extension in MarkdownExtensions)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
