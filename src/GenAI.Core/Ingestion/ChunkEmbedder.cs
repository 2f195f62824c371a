using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Ingestion;

/// <summary>Makes the embeddings of records, in batches over several documents.</summary>
internal sealed class ChunkEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, IngestionOptions options)
{
    /// <summary>Names the model, as far as it names itself: another model is another fingerprint.</summary>
    public string Fingerprint { get; } = generator.GetService<EmbeddingGeneratorMetadata>() is { } metadata
        ? $"{metadata.ProviderName}/{metadata.DefaultModelId}/{metadata.DefaultModelDimensions}"
        : generator.GetType().FullName!;

    /// <summary>Embeds every document of the batch. If that fails they are tried one by one, so that only those which fail are lost.</summary>
    public async Task EmbedAsync(List<PreparedDocument> documents, IngestionRun run, CancellationToken cancellationToken)
    {
        if (documents.Count > 1)
        {
            try
            {
                await EmbedAsync(documents.SelectMany(document => document.Records), cancellationToken).ConfigureAwait(false);
                foreach (var document in documents)
                    document.IsEmbedded = true;
                return;
            }
            catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
            {
                // Which document it was is found out below.
            }
        }

        foreach (var document in documents)
        {
            try
            {
                await EmbedAsync(document.Records, cancellationToken).ConfigureAwait(false);
                document.IsEmbedded = true;
            }
            catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
            {
                run.Failed(document.Id, IngestionStage.Embed, exception);
            }
        }
    }

    private async Task EmbedAsync(IEnumerable<ChunkRecord> records, CancellationToken cancellationToken)
    {
        var batch = new List<ChunkRecord>(options.EmbeddingBatchSize);
        var tokens = 0L;
        foreach (var record in records)
        {
            if (batch.Count > 0 && (batch.Count == options.EmbeddingBatchSize || tokens + record.TokenCount > options.EmbeddingBatchTokens))
            {
                await EmbedBatchAsync(batch, cancellationToken).ConfigureAwait(false);
                batch.Clear();
                tokens = 0;
            }

            batch.Add(record);
            tokens += record.TokenCount;
        }

        if (batch.Count > 0)
            await EmbedBatchAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    private async Task EmbedBatchAsync(List<ChunkRecord> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var embeddings = await generator.GenerateAsync(batch.ConvertAll(record => record.Content), EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document), cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != batch.Count)
            throw new InvalidOperationException($"The embedding generator {generator.GetType().Name} returned {embeddings.Count} embeddings for {batch.Count} texts; it must return one for each, in order.");
        for (var i = 0; i < batch.Count; i++)
            batch[i].Embedding = embeddings[i].Vector;
    }
}
