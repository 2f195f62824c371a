using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Ingestion;

/// <summary>Calls the embedding generator, within the limits of one call.</summary>
internal sealed class ChunkEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, IngestionOptions options)
{
    /// <summary>Names the embedder, as far as it is known: another one is another fingerprint.</summary>
    public string Fingerprint { get; } = EmbedderFingerprint.Of(generator).ToString();

    /// <summary>Divides texts into calls of at most so many texts and tokens as the options say; a text above the limit is alone.</summary>
    public IEnumerable<List<T>> Batches<T>(IEnumerable<T> texts, Func<T, int> tokensOf)
    {
        var batch = new List<T>();
        var tokens = 0L;
        foreach (var text in texts)
        {
            if (batch.Count > 0 && (batch.Count == options.EmbeddingBatchSize || tokens + tokensOf(text) > options.EmbeddingBatchTokens))
            {
                yield return batch;
                (batch, tokens) = ([], 0);
            }

            batch.Add(text);
            tokens += tokensOf(text);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>Embeds texts in one call.</summary>
    public async Task<GeneratedEmbeddings<Embedding<float>>> EmbedAsync(List<string> texts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var embeddings = await generator.GenerateAsync(texts.ConvertAll(EmbeddedText.Normalize), EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document), cancellationToken).ConfigureAwait(false);
        return embeddings.Count == texts.Count
            ? embeddings
            : throw new InvalidOperationException($"The embedding generator {generator.GetType().Name} returned {embeddings.Count} embeddings for {texts.Count} texts; it must return one for each, in order.");
    }
}
