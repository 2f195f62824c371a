namespace GenAI.Core;

/// <summary>A <see cref="Chunk"/> as it is stored in a vector store collection.</summary>
/// <remarks>
/// A flat record of types that every Microsoft.Extensions.VectorData provider stores, so that a knowledge base can live in any of
/// them. Applications meet it in filters: <c>record => record.DocumentId == "handbook" &amp;&amp; record.Tags.Contains("team=legal")</c>.
/// </remarks>
public sealed class ChunkRecord
{
    /// <summary>
    /// The chunk's identity in the store: a hash of the document's id, of <see cref="EmbeddingHash"/>, of what the document was cut with and, where a document
    /// repeats a text, of the number of the repetition. The id of a chunk that was searched for is this key.
    /// </summary>
    public Guid Key { get; set; }

    /// <summary>The id of the document. Indexed.</summary>
    public string DocumentId { get; set; } = "";

    /// <summary>The chunk's position among the document's chunks, from 0.</summary>
    public int Ordinal { get; set; }

    /// <summary>Where the chunk starts in the document's text, in UTF-16 code units.</summary>
    public int Start { get; set; }

    /// <summary>What is embedded and searched: the title, headings and context, each on a line, then the chunk's text. Full-text indexed.</summary>
    public string Content { get; set; } = "";

    /// <summary>Where the chunk's own text starts in <see cref="Content"/>; it reaches to the end.</summary>
    public int TextStart { get; set; }

    /// <summary>The headings that the chunk stands under, outermost first.</summary>
    public string[] Headings { get; set; } = [];

    /// <summary>The document's title, if it has one.</summary>
    public string? Title { get; set; }

    /// <summary>The context that <see cref="Chunk.Context"/> holds, if any.</summary>
    public string? Context { get; set; }

    /// <summary>Where the document came from, if known.</summary>
    public string? Source { get; set; }

    /// <summary>The document's metadata, each entry as <c>key=value</c>.</summary>
    public string[] Tags { get; set; } = [];

    /// <summary>The number of tokens in the chunk's text.</summary>
    public int TokenCount { get; set; }

    /// <summary>How many characters at the start of the text the previous chunk ends with too.</summary>
    public int OverlapLength { get; set; }

    /// <summary>The hash of the chunk's text.</summary>
    public string ContentHash { get; set; } = "";

    /// <summary>
    /// A hash of what was embedded (<see cref="Content"/> with plain line ends) and of what embedded it: records with the same value have the same
    /// <see cref="Embedding"/>, whatever document they are of. Indexed.
    /// </summary>
    public string EmbeddingHash { get; set; } = "";

    /// <summary>
    /// The hash of the whole document and of what it was cut with: equal means that it need not be cut again. Only the document's
    /// first chunk has it, so that a change at the end of a document leaves the chunks before it untouched; it is empty on the others, and while a document is being replaced in
    /// a store without transactions.
    /// </summary>
    public string DocumentHash { get; set; } = "";

    /// <summary>How many chunks the document has, so that a document of which a part is missing is noticed. Only the document's first chunk has it; 0 on the others. Indexed.</summary>
    public int DocumentChunks { get; set; }

    /// <summary>The full path of the folder that the document was ingested from; <see langword="null"/> if it came from elsewhere, and on all chunks but the first. Indexed.</summary>
    public string? Folder { get; set; }

    /// <summary>A hash of the file's length and time and of what it was read and cut with, if <see cref="Ingestion.IngestionOptions.TrustFileTimes"/> is on; only on the first chunk.</summary>
    public string? FileStamp { get; set; }

    /// <summary>What the document is compared with others by, if <see cref="Ingestion.IngestionOptions.NearDuplicates"/> is on: 128 bytes in base 64; only on the first chunk.</summary>
    public string? Sketch { get; set; }

    /// <summary>The embedding of <see cref="Content"/>.</summary>
    public ReadOnlyMemory<float> Embedding { get; set; }
}
