using GenAI.Core.Answering;
using GenAI.Core.Chunking;
using GenAI.Core.Embeddings;
using GenAI.Core.Guardrails;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core;

/// <summary>The parts that a knowledge base is made of: the given ones, and the offline defaults for the rest.</summary>
internal sealed class KnowledgeBaseParts : IDisposable
{
    private readonly KnowledgeBaseOptions _options;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddingGenerator;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private LocalVectorStore? _ownStore;
    private Opened? _opened;

    public KnowledgeBaseParts(KnowledgeBaseOptions options)
    {
        _options = options;
        _embeddingGenerator = options.EmbeddingGenerator ?? DefaultEmbedder.Shared;
        DocumentReader = options.DocumentReader ?? new TextDocumentReader();
        Guard = new AskGuard(options.Guardrails, options.GuardrailOptions);
        Answering = new AnswerPipeline(Guard.Wrap(options.ChatClient ?? Extractive(_embeddingGenerator)), options.Answering);
        MaxQueryLength = options.MaxQueryLength;
    }

    public IDocumentReader DocumentReader { get; }

    public AnswerPipeline Answering { get; }

    public AskGuard Guard { get; }

    public int MaxQueryLength { get; }

    public async ValueTask<IngestionPipeline> IngestionAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(cancellationToken).ConfigureAwait(false)).Ingestion;

    public async ValueTask<IRetriever> RetrieverAsync(CancellationToken cancellationToken) =>
        _options.Retriever is { } own && _options.RetrievalSteps.Count == 0 ? own : (await OpenAsync(cancellationToken).ConfigureAwait(false)).Retriever;

    // Only what is in this process and takes microseconds is asked what each sentence means; any other embedder finds the sources, and their words are compared.
    private static ExtractiveChatClient Extractive(IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator) =>
        embeddingGenerator.GetService<StaticEmbeddingGenerator>() is { } local ? new ExtractiveChatClient(local) : new ExtractiveChatClient();

    public void Dispose()
    {
        _ownStore?.Dispose();
        _opening.Dispose();
    }

    // The collection is opened at first use: opening can need the network, and a constructor cannot wait for it. A failure is not
    // remembered, so that a store that was down can be tried again.
    private async ValueTask<Opened> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _opened) is { } opened)
            return opened;

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_opened is { } other)
                return other;

            var collection = await CollectionAsync(cancellationToken).ConfigureAwait(false);
            await collection.EnsureCollectionExistsAsync(cancellationToken).ConfigureAwait(false);
            if (collection is LocalCollection<Guid, ChunkRecord> local)
                await local.UseEmbedderAsync(EmbedderFingerprint.Of(_embeddingGenerator), cancellationToken).ConfigureAwait(false);
            opened = new Opened(
                Pipeline(collection),
                Retriever(collection));
            Volatile.Write(ref _opened, opened);
            return opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    private IRetriever Retriever(VectorStoreCollection<Guid, ChunkRecord> collection)
    {
        var context = new RetrievalContext(collection, _embeddingGenerator);
        return _options.RetrievalSteps.Aggregate(_options.Retriever ?? new CollectionRetriever(collection, _embeddingGenerator), (inner, step) => step(inner, context));
    }

    /// <summary>Has the embedder make the embeddings of all chunks anew, if it is another than the one that made them.</summary>
    public async Task<long> ReembedAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var collection = await CollectionAsync(cancellationToken).ConfigureAwait(false);
            if (collection is not LocalCollection<Guid, ChunkRecord> local)
                throw new NotSupportedException($"The chunks are in a collection of another store ({collection.GetType().Name}). Ingest the documents into a new collection with the new embedder.");
            if (!await local.CollectionExistsAsync(cancellationToken).ConfigureAwait(false))
                return 0;
            var embedded = await local.ReembedAsync(IngestionPipeline.EmbeddedTextOf, _embeddingGenerator, progress, cancellationToken).ConfigureAwait(false);

            // So that the next ingestion knows the vectors again.
            await (_opened?.Ingestion ?? Pipeline(local)).ReaddressAsync(cancellationToken).ConfigureAwait(false);
            return embedded;
        }
        finally
        {
            _opening.Release();
        }
    }

    private IngestionPipeline Pipeline(VectorStoreCollection<Guid, ChunkRecord> collection) =>
        new(collection, _embeddingGenerator, _options.Chunker ?? new DocumentChunker(), _options.Ingestion);

    private async ValueTask<VectorStoreCollection<Guid, ChunkRecord>> CollectionAsync(CancellationToken cancellationToken)
    {
        var dimensions = await DimensionsAsync(cancellationToken).ConfigureAwait(false);
        return _options.OpenCollection?.Invoke(dimensions) ?? OwnCollection(dimensions);
    }

    private VectorStoreCollection<Guid, ChunkRecord> OwnCollection(int dimensions)
    {
        _ownStore ??= new LocalVectorStore(new LocalVectorStoreOptions { Path = _options.StorePath });
        return _ownStore.GetChunkCollection(_options.CollectionName, dimensions);
    }

    private async ValueTask<int> DimensionsAsync(CancellationToken cancellationToken)
    {
        if ((_options.Dimensions ?? _embeddingGenerator.GetService<EmbeddingGeneratorMetadata>()?.DefaultModelDimensions) is { } known)
            return known;

        var probe = await _embeddingGenerator.GenerateAsync("dimensions", options: null, cancellationToken).ConfigureAwait(false);
        return probe.Vector.Length;
    }

    private sealed record Opened(IngestionPipeline Ingestion, IRetriever Retriever);
}
