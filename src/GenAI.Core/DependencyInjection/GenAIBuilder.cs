using System.Diagnostics.CodeAnalysis;
using GenAI.Core;
using GenAI.Core.Chunking;
using GenAI.Core.Guardrails;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using GenAI.Core.VectorStores;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.VectorData;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Chooses the parts of a knowledge base that is being registered. What is not chosen is taken from the container, else the offline default.</summary>
public sealed partial class GenAIBuilder
{
    internal GenAIBuilder(IServiceCollection services, string? name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The container's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The knowledge base's name, which is its service key; <see langword="null"/> for the default one.</summary>
    public string? Name { get; }

    /// <summary>Makes embeddings with this generator.</summary>
    public GenAIBuilder UseEmbeddings(IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator)
    {
        ArgumentNullException.ThrowIfNull(embeddingGenerator);
        return Configure(options => options.EmbeddingGenerator = embeddingGenerator);
    }

    /// <inheritdoc cref="UseEmbeddings(IEmbeddingGenerator{string, Embedding{float}})"/>
    public GenAIBuilder UseEmbeddings(Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, options) => options.EmbeddingGenerator = factory(services));
    }

    /// <summary>Writes answers with this client.</summary>
    public GenAIBuilder UseChatClient(IChatClient chatClient)
    {
        ArgumentNullException.ThrowIfNull(chatClient);
        return Configure(options => options.ChatClient = chatClient);
    }

    /// <inheritdoc cref="UseChatClient(IChatClient)"/>
    public GenAIBuilder UseChatClient(Func<IServiceProvider, IChatClient> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, options) => options.ChatClient = factory(services));
    }

    /// <summary>Cuts documents with this chunker.</summary>
    public GenAIBuilder UseChunker(IChunker chunker)
    {
        ArgumentNullException.ThrowIfNull(chunker);
        return Configure(options => options.Chunker = chunker);
    }

    /// <summary>Reads files with this reader.</summary>
    public GenAIBuilder UseDocumentReader(IDocumentReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Configure(options => options.DocumentReader = reader);
    }

    /// <summary>Finds chunks with this retriever.</summary>
    public GenAIBuilder UseRetriever(IRetriever retriever)
    {
        ArgumentNullException.ThrowIfNull(retriever);
        return Configure(options => options.Retriever = retriever);
    }

    /// <summary>Guards questions, retrieved chunks and answers, in the stages that the guardrail wants to be asked in. Call it again for another one.</summary>
    public GenAIBuilder AddGuardrail(IGuardrail guardrail)
    {
        ArgumentNullException.ThrowIfNull(guardrail);
        return Configure(options => options.Guardrails.Add(guardrail));
    }

    /// <inheritdoc cref="AddGuardrail(IGuardrail)"/>
    public GenAIBuilder AddGuardrail(Func<IServiceProvider, IGuardrail> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, options) => options.Guardrails.Add(factory(services)));
    }

    /// <summary>Verifies the claims of answers, and does with each what this policy says.</summary>
    public GenAIBuilder UseClaimPolicy(ClaimPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Configure(options => options.Answering.Claims = policy);
    }

    /// <inheritdoc cref="UseClaimPolicy(ClaimPolicy)"/>
    public GenAIBuilder UseClaimPolicy(Func<IServiceProvider, ClaimPolicy> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Configure((services, options) => options.Answering.Claims = factory(services));
    }

    /// <summary>Stores chunks in a local store of this knowledge base's own: in memory, which is the default, or in a folder.</summary>
    /// <param name="path">The folder, which is made where it is missing; <see langword="null"/> for memory. Knowledge bases with different names may share one.</param>
    public GenAIBuilder UseLocalStore(string? path = null) => Configure(options => (options.OpenCollection, options.StorePath, options.CollectionName) = (null, path, Name ?? "chunks"));

    /// <summary>Stores chunks in this vector store, of any Microsoft.Extensions.VectorData provider.</summary>
    /// <param name="store">The store.</param>
    /// <param name="collectionName">The collection's name. The default is <c>chunks</c>, or the knowledge base's name if it has one.</param>
    [RequiresUnreferencedCode("Vector store providers look at the record type by reflection. The local store does not: use UseLocalStore.")]
    [RequiresDynamicCode("Vector store providers build accessors at run time. The local store does not: use UseLocalStore.")]
    public GenAIBuilder UseVectorStore(VectorStore store, string? collectionName = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return UseVectorStore(_ => store, collectionName);
    }

    /// <inheritdoc cref="UseVectorStore(VectorStore, string?)"/>
    [RequiresUnreferencedCode("Vector store providers look at the record type by reflection. The local store does not: use UseLocalStore.")]
    [RequiresDynamicCode("Vector store providers build accessors at run time. The local store does not: use UseLocalStore.")]
    public GenAIBuilder UseVectorStore(Func<IServiceProvider, VectorStore> factory, string? collectionName = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var name = collectionName ?? Name ?? "chunks";
        return Configure((services, options) => options.OpenCollection = dimensions => factory(services).GetChunkCollection(name, dimensions));
    }

    /// <summary>Stores chunks in this collection, which is opened by a call with the number of dimensions.</summary>
    public GenAIBuilder UseCollection(Func<int, VectorStoreCollection<Guid, ChunkRecord>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Configure(options => options.OpenCollection = open);
    }

    /// <summary>Sets options.</summary>
    public GenAIBuilder Configure(Action<KnowledgeBaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure((_, options) => configure(options));
    }

    /// <summary>Sets options with services of the container.</summary>
    public GenAIBuilder Configure(Action<IServiceProvider, KnowledgeBaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton<IConfigureOptions<KnowledgeBaseOptions>>(services =>
            new ConfigureNamedOptions<KnowledgeBaseOptions>(Name ?? Options.Options.DefaultName, options => configure(services, options)));
        return this;
    }
}
