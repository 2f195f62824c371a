using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.VectorStores;

/// <content>Another embedder for what is stored.</content>
public sealed partial class LocalCollection<TKey, TRecord>
{
    // The first copies everything, the others what was written meanwhile.
    private const int PassesWithWrites = 3;

    /// <summary>
    /// Has an embedder make the vectors of every record anew, for instance because a better model is to be used. Until all are made the collection is as it was, for everybody who
    /// reads it; then it is exchanged for the new one in one step. What an interrupted call has made, also if the process ended, is there for the next one.
    /// </summary>
    /// <remarks>
    /// Call it on a collection that was opened as it is to be: with the new number of dimensions, if that changes. Objects that have it open with the old embedder or the old number fail from then on.
    /// What is written meanwhile is taken along; if writing does not pause, so that the copy does not catch up, the last steps refuse writes. It takes as much room in addition as the collection has, until it is done.
    /// </remarks>
    /// <param name="textOf">The text that stands for a record, which comes without its vectors; <see langword="null"/> for one that is to have no vector.</param>
    /// <param name="generator">The embedder.</param>
    /// <param name="progress">Told the number of records that are done after every batch.</param>
    /// <param name="cancellationToken">Stops between batches; what is made is kept for the next call.</param>
    /// <returns>The number of texts that were embedded: 0 if the vectors were this embedder's already.</returns>
    /// <exception cref="InvalidOperationException">There are several vector properties, or the data properties are not those of the collection.</exception>
    /// <exception cref="ArgumentException">The embedder makes vectors with another number of dimensions than the collection was opened with.</exception>
    public async Task<long> ReembedAsync(
        Func<TRecord, string?> textOf, IEmbeddingGenerator<string, Embedding<float>> generator, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(textOf);
        ArgumentNullException.ThrowIfNull(generator);
        var vector = PropertySelector.Vector(_mapper.Schema, selector: null);
        var embedder = EmbedderFingerprint.Of(generator);
        var embedded = 0L;
        for (var pass = 1; ; pass++)
        {
            var source = _database.Find(Name) ?? throw LocalTable.Missing(Name, _metadata.VectorStoreName);
            if (!_mapper.Schema.HasDataOf(source.Schema, out var difference))
                throw new InvalidOperationException($"The collection '{Name}' cannot be embedded anew as '{_mapper.Schema.RecordName}': {difference}. Open it with the properties it was made with.");
            if (source.Embedders[_mapper.Schema.MapVectors(source.Schema)[vector]] == embedder && _mapper.Schema.Fits(source.Schema, out _))
                return embedded;

            var target = await OpenCopyAsync(vector, embedder, cancellationToken).ConfigureAwait(false);
            string? TextOf(object key, object?[] data) => textOf(_mapper.Create(key, data, []));
            if (pass > PassesWithWrites)
                source.CloseForWriting();
            try
            {
                var (made, version) = await new Reembedding(source, target, vector).CopyAsync(TextOf, generator, progress, cancellationToken).ConfigureAwait(false);
                embedded += made;
                if (await _database.ReplaceAsync(Name, target, version, cancellationToken).ConfigureAwait(false))
                    return embedded;
            }
            catch
            {
                source.OpenForWriting();
                throw;
            }
        }
    }

    // The copy of an earlier call for another embedder is of no use.
    private async Task<LocalTable> OpenCopyAsync(int vector, EmbedderFingerprint embedder, CancellationToken cancellationToken)
    {
        var name = Reembedding.NameOf(Name);
        var copy = await _database.FindOrCreateAsync(name, _mapper.Schema, _settings.Indexing, cancellationToken).ConfigureAwait(false);
        if (!_mapper.Schema.Fits(copy.Schema, out _) || (copy.Embedders[vector] is { } other && other != embedder))
        {
            await _database.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            copy = await _database.FindOrCreateAsync(name, _mapper.Schema, _settings.Indexing, cancellationToken).ConfigureAwait(false);
        }

        if (copy.Embedders[vector] is null)
        {
            EmbedderFingerprint?[] embedders = [.. copy.Embedders];
            embedders[vector] = embedder;
            await _database.SaveEmbeddersAsync(copy, embedders, cancellationToken).ConfigureAwait(false);
        }

        return copy;
    }

    /// <summary>Says what makes the vectors that are written and searched for.</summary>
    /// <exception cref="InvalidOperationException">The collection has vectors of another embedder.</exception>
    internal async Task UseEmbedderAsync(EmbedderFingerprint embedder, CancellationToken cancellationToken)
    {
        var view = GetView();
        var vector = PropertySelector.Vector(_mapper.Schema, selector: null);
        var column = view.VectorColumns[vector];
        EmbedderCheck.ThrowIfOther(view.Table, _mapper.Schema.Vectors[vector].Name, column, embedder);
        if (view.Table.Embedders[column] is not null)
            return;
        EmbedderFingerprint?[] embedders = [.. view.Table.Embedders];
        embedders[column] = embedder;
        await _database.SaveEmbeddersAsync(view.Table, embedders, cancellationToken).ConfigureAwait(false);
    }
}
