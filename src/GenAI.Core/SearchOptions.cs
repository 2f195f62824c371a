using System.Linq.Expressions;
using GenAI.Core.Indexing;

namespace GenAI.Core;

/// <summary>Which arms a search runs.</summary>
public enum RetrievalMode
{
    /// <summary>Embeddings only.</summary>
    Vector,

    /// <summary>Keywords (BM25) only.</summary>
    Keyword,

    /// <summary>Both arms, fused.</summary>
    Hybrid,
}

/// <summary>Options of one search.</summary>
public sealed class SearchOptions
{
    internal static readonly SearchOptions Default = new();

    /// <summary>Which arms to run.</summary>
    /// <value>The default is <see cref="RetrievalMode.Hybrid"/>.</value>
    public RetrievalMode Mode { get; set; } = RetrievalMode.Hybrid;

    /// <summary>Only chunks that the filter accepts are searched; <see langword="null"/> for all.</summary>
    public Expression<Func<ChunkRecord, bool>>? Filter { get; set; }

    /// <summary>How the two arms of a hybrid search are fused in a local collection; other providers fuse in their own way.</summary>
    /// <value>
    /// The default, <see langword="null"/>, is what was measured for the embedder: with a <see cref="Embeddings.StaticEmbeddingGenerator"/> <see cref="FusionMethod.ScoreSum"/>, 15 points of BM25 for a
    /// cosine of 1 and 15 for the best sentence (a published model: vectors 0.2 and keywords 0.8), the weights of <see cref="FusionOptions"/> (0.15 and 0.85) with a <see cref="Embeddings.LexicalEmbeddingGenerator"/>, and equal weights with any other.
    /// </value>
    public FusionOptions? Fusion { get; set; }
}
