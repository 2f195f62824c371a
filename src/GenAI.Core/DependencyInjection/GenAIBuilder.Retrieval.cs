using GenAI.Core.Retrieval;

namespace Microsoft.Extensions.DependencyInjection;

public sealed partial class GenAIBuilder
{
    /// <summary>Reads the chunks that were retrieved together with the query, and keeps the best: 50 to 8 by default. Steps are taken in the order in which they are added.</summary>
    /// <param name="reranker">Scores the chunks.</param>
    /// <param name="options">How many are scored and kept; <see langword="null"/> for the defaults.</param>
    public GenAIBuilder UseReranker(IReranker reranker, RerankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reranker);
        return AddRetrievalStep((_, inner, _) => new RerankingRetriever(inner, reranker, options));
    }

    /// <inheritdoc cref="UseReranker(IReranker, RerankingOptions?)"/>
    public GenAIBuilder UseReranker(Func<IServiceProvider, IReranker> factory, RerankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return AddRetrievalStep((services, inner, _) => new RerankingRetriever(inner, factory(services), options));
    }

    /// <summary>Leaves out chunks that repeat others, by maximal marginal relevance with the knowledge base's own embeddings.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    public GenAIBuilder UseDiversity(DiversityOptions? options = null) =>
        AddRetrievalStep((_, inner, context) => new DiverseRetriever(inner, context.EmbeddingGenerator, options));

    /// <summary>Ends the list of chunks where the scores fall off.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    public GenAIBuilder UseScoreCut(ScoreCutOptions? options = null) => AddRetrievalStep((_, inner, _) => new ScoreCutRetriever(inner, options));

    /// <summary>Adds the chunks that stand beside those that were found.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    public GenAIBuilder UseNeighbors(NeighborOptions? options = null) => AddRetrievalStep((_, inner, context) => new NeighborRetriever(inner, context.Collection, options));

    /// <summary>Gives the whole section or document of what was found.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    public GenAIBuilder UseParents(ParentOptions? options = null) => AddRetrievalStep((_, inner, context) => new ParentRetriever(inner, context.Collection, options));

    /// <summary>Puts a step of your own around the retriever and the steps that were added before.</summary>
    /// <param name="step">Makes the step from the container's services, what it goes around, and what the knowledge base has.</param>
    public GenAIBuilder AddRetrievalStep(Func<IServiceProvider, IRetriever, RetrievalContext, IRetriever> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Configure((services, options) => options.RetrievalSteps.Add((inner, context) => step(services, inner, context)));
    }
}
