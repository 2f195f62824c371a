using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Retrieval;

/// <summary>Chooses chunks that fit the query and do not repeat each other, by maximal marginal relevance.</summary>
/// <remarks>
/// Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents and producing summaries", SIGIR 1998. How well a chunk fits is its
/// score from the retriever inside, stretched to 0..1 over the candidates; how alike two are is the cosine of their embeddings, which are made anew for the
/// candidates of each search. The chunks keep their scores, so these need not fall along the result. Safe for concurrent use.
/// </remarks>
public sealed class DiverseRetriever : IRetriever
{
    private readonly IRetriever _inner;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddingGenerator;
    private readonly int _depth;
    private readonly float _relevance;

    /// <summary>Makes a retriever.</summary>
    /// <param name="inner">Finds the candidates.</param>
    /// <param name="embeddingGenerator">Makes the vectors that tell which chunks are alike.</param>
    /// <param name="options">How many candidates, and what counts for how much; <see langword="null"/> for the defaults.</param>
    public DiverseRetriever(IRetriever inner, IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator, DiversityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(embeddingGenerator);
        options ??= new DiversityOptions();
        (_inner, _embeddingGenerator, _depth, _relevance) = (inner, embeddingGenerator, options.Depth, options.Relevance);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        var found = await _inner.RetrieveAsync(query, Math.Max(top, _depth), options, cancellationToken).ConfigureAwait(false);
        if (found.Count <= 1)
            return found;

        var texts = found.Select(hit => RankedChunks.Text(hit.Chunk));
        var embeddings = await _embeddingGenerator.GenerateAsync(texts, EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document), cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != found.Count)
            throw new InvalidOperationException($"The embedding generator {_embeddingGenerator.GetType().Name} returned {embeddings.Count} embeddings for {found.Count} texts; it must return one for each, in order.");

        var chosen = MarginalRelevance.Choose(Stretched(found), [.. embeddings.Select(embedding => embedding.Vector)], _relevance, top);
        return RankedChunks.Of(chosen.Select(i => (found[i], found[i].Score)));
    }

    private static float[] Stretched(IReadOnlyList<RetrievedChunk> found)
    {
        var (least, most) = (found.Min(hit => hit.Score), found.Max(hit => hit.Score));
        return [.. found.Select(hit => most > least ? (hit.Score - least) / (most - least) : 1)];
    }
}
