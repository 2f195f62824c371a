using GenAI.Core.Answering;
using GenAI.Core.Chunking;
using GenAI.Core.Guardrails;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core;

/// <summary>The parts of a <see cref="KnowledgeBase"/>. Every part that is not set has a default that works offline, without keys or model files.</summary>
public sealed class KnowledgeBaseOptions
{
    /// <summary>Makes the embeddings of chunks and queries.</summary>
    /// <value>
    /// The default is a <see cref="Embeddings.StaticEmbeddingGenerator"/> with the model of the package GenAI.Core.Models.Small where the application has that package, else a
    /// <see cref="Embeddings.LexicalEmbeddingGenerator"/>. Which of them made a collection's embeddings, its fingerprint says.
    /// </value>
    public IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator { get; set; }

    /// <summary>The number of dimensions of the embeddings, if the generator does not say it itself.</summary>
    /// <value>1 or more. The default, <see langword="null"/>, asks the generator's metadata, and if it has none, makes one embedding to see.</value>
    public int? Dimensions
    {
        get;
        set
        {
            if (value is { } dimensions)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions, nameof(Dimensions));
            field = value;
        }
    }

    /// <summary>Cuts documents into chunks.</summary>
    /// <value>The default cuts Markdown along its headings and other texts along paragraphs: 512 tokens, 64 of overlap.</value>
    public IChunker? Chunker { get; set; }

    /// <summary>Reads the files of a folder.</summary>
    /// <value>The default is a <see cref="TextDocumentReader"/>.</value>
    public IDocumentReader? DocumentReader { get; set; }

    /// <summary>
    /// Opens the collection that the chunks are stored in; its argument is the number of dimensions.
    /// <see cref="VectorStores.ChunkCollections.GetChunkCollection"/> opens one in any vector store.
    /// </summary>
    /// <value>The default is a local collection of this knowledge base's own, in memory or in <see cref="StorePath"/>.</value>
    public Func<int, VectorStoreCollection<Guid, ChunkRecord>>? OpenCollection { get; set; }

    /// <summary>The folder that the chunks are kept in where <see cref="OpenCollection"/> is not set: see <see cref="VectorStores.LocalVectorStoreOptions.Path"/>.</summary>
    /// <value>The default, <see langword="null"/>, keeps them in memory.</value>
    public string? StorePath { get; set; }

    /// <summary>The name of the collection in <see cref="StorePath"/>.</summary>
    internal string CollectionName { get; set; } = "chunks";

    /// <summary>Finds the chunks for a query.</summary>
    /// <value>The default is a <see cref="CollectionRetriever"/> over the collection.</value>
    public IRetriever? Retriever { get; set; }

    /// <summary>Steps around the retriever, such as reranking: each is given what the one before it returned, the first the retriever itself.</summary>
    /// <value>The default is none.</value>
    public IList<Func<IRetriever, RetrievalContext, IRetriever>> RetrievalSteps { get; } = [];

    /// <summary>Writes the answers.</summary>
    /// <value>The default is an <see cref="ExtractiveChatClient"/>, which quotes the sources; it compares meanings where <see cref="EmbeddingGenerator"/> is a <see cref="Embeddings.StaticEmbeddingGenerator"/>, else words only.</value>
    public IChatClient? ChatClient { get; set; }

    /// <summary>Options of ingestion.</summary>
    public IngestionOptions Ingestion { get; set; } = new();

    /// <summary>Options of answering: budgets, instructions, what counts as evidence.</summary>
    public AnswerOptions Answering { get; set; } = new();

    /// <summary>
    /// Guard the questions, the chunks that are retrieved for them and the answers: see <see cref="IGuardrail"/>. A question that is blocked is answered with
    /// <see cref="AnswerStatus.Blocked"/> and nothing is searched; a chunk in which anything is found is left out before sources are numbered; of an answer, also while it streams, nothing is released that one removes.
    /// </summary>
    /// <value>The default is none. Citations and sources of an answer are retrieved text: what must not be in them has to be guarded at <see cref="GuardrailStages.Evidence"/>.</value>
    public IList<IGuardrail> Guardrails { get; } = [];

    /// <summary>How the guardrails are run.</summary>
    public GuardrailOptions GuardrailOptions { get; set; } = new();

    /// <summary>The longest query or question that is accepted, in UTF-16 code units.</summary>
    /// <value>1 or more. The default is 32,768: far above any question, far below what would stall a search.</value>
    public int MaxQueryLength
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxQueryLength));
            field = value;
        }
    } = 32_768;

    /// <summary>What is wrong with these options, each with its remedy; empty if nothing is.</summary>
    internal IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        var metadata = EmbeddingGenerator?.GetService<EmbeddingGeneratorMetadata>();
        if (Dimensions is { } wanted && metadata?.DefaultModelDimensions is { } made && wanted != made)
            problems.Add($"Dimensions is {wanted}, but the embedding model '{metadata.DefaultModelId ?? metadata.ProviderName}' makes vectors of {made}. Set Dimensions to {made} or leave it out, or choose another model.");
        if (StorePath is not null && OpenCollection is not null)
            problems.Add("Both StorePath and OpenCollection say where chunks are stored. Leave one of them out.");
        if (StorePath is not null && string.IsNullOrWhiteSpace(StorePath))
            problems.Add("StorePath is empty. Name a folder, or leave it out to store in memory.");
        if (Ingestion is null)
            problems.Add("Ingestion is null. Leave it as it is for the defaults.");
        if (GuardrailOptions is null)
            problems.Add("GuardrailOptions is null. Leave it as it is for the defaults.");
        if (Answering is null)
            problems.Add("Answering is null. Leave it as it is for the defaults.");
        else if (AnswerPipeline.Problem(Answering) is { } problem)
            problems.Add(problem);
        return problems;
    }
}
