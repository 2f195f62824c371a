using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.VectorStores;

/// <summary>
/// Copies a collection into one beside it with vectors of another embedder. What is there already from an attempt that was interrupted is kept as far as it is still right;
/// the copy gets the collection's name, and its place, when nothing is missing.
/// </summary>
internal sealed class Reembedding
{
    // Texts for one call of the generator, and records of one batch.
    private const int BatchRecords = 64;

    private const string Suffix = " (being embedded anew)";

    private readonly LocalTable _source;
    private readonly LocalTable _target;
    private readonly int[] _dataColumns;
    private readonly int[] _vectorColumns;
    private readonly int _vector;

    /// <param name="source">The collection.</param>
    /// <param name="target">The copy.</param>
    /// <param name="vector">The vector column of the copy that is made anew.</param>
    public Reembedding(LocalTable source, LocalTable target, int vector)
    {
        (_source, _target, _vector) = (source, target, vector);
        _dataColumns = target.Schema.MapData(source.Schema);
        _vectorColumns = target.Schema.MapVectors(source.Schema);
    }

    /// <summary>The name of the copy of a collection.</summary>
    public static string NameOf(string collection) => collection + Suffix;

    /// <summary>Whether a name is that of a copy, which is not for others to see.</summary>
    public static bool IsUnfinished(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Brings the copy up to the collection.</summary>
    /// <param name="textOf">The text of a record, by its key and the values of the copy's columns; null for one without a vector.</param>
    /// <param name="generator">The embedder.</param>
    /// <param name="progress">Told the number of records that are done after every batch.</param>
    /// <param name="cancellationToken">Stops between batches; they stay.</param>
    /// <returns>The number of texts that were embedded, and the version of the collection that the copy is of.</returns>
    public async Task<(long Embedded, long Version)> CopyAsync(
        Func<object, object?[], string?> textOf, IEmbeddingGenerator<string, Embedding<float>> generator, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (keys, version) = Keys(_source);
        var (embedded, done) = (0L, 0L);
        foreach (var batch in keys.Chunk(BatchRecords))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var missing = batch.Select(Read).Where(row => row is { } there && !IsCopied(there)).Select(row => row!.Value).ToArray();
            if (missing.Length > 0)
                embedded += await PutAsync(missing, textOf, generator, cancellationToken).ConfigureAwait(false);
            done += batch.Length;
            progress?.Report(done);
        }

        var gone = Keys(_target).Keys.Except(keys).ToArray();
        if (gone.Length > 0)
            await _target.ApplyAsync(gone, batch: null).ConfigureAwait(false);
        return (embedded, version);
    }

    private static (object[] Keys, long Version) Keys(LocalTable table)
    {
        using (table.ReadLock())
        {
            using var rows = table.Select_NeedsLock(filter: null, []);
            var keys = new List<object>();
            for (var row = 0; row < rows.Bits.Length * 64; row++)
            {
                if (RowBits.Has(rows.Bits, row))
                    keys.Add(table.KeyOf_NeedsLock(row));
            }

            return ([.. keys], table.Version);
        }
    }

    // A record of the collection, with the columns in the copy's order.
    private RowCopy? Read(object key)
    {
        using (_source.ReadLock())
        {
            if (!_source.TryFind_NeedsLock(key, out var row))
                return null;
            var data = Array.ConvertAll(_dataColumns, column => _source.ValueOf_NeedsLock(column, row));
            var vectors = new float[]?[_vectorColumns.Length];
            for (var i = 0; i < vectors.Length; i++)
                vectors[i] = i == _vector ? null : _source.VectorOf_NeedsLock(_vectorColumns[i], row);
            return new RowCopy(key, data, vectors);
        }
    }

    private bool IsCopied(RowCopy record)
    {
        using (_target.ReadLock())
        {
            if (!_target.TryFind_NeedsLock(record.Key, out var row))
                return false;
            for (var i = 0; i < record.Data.Length; i++)
            {
                if (!AreEqual(record.Data[i], _target.ValueOf_NeedsLock(i, row)))
                    return false;
            }

            for (var i = 0; i < record.Vectors.Length; i++)
            {
                if (i != _vector && !AreEqual(record.Vectors[i], _target.VectorOf_NeedsLock(i, row)))
                    return false;
            }

            return true;
        }
    }

    private static bool AreEqual(object? left, object? right) =>
        left is Array values && right is Array others ? values.Cast<object?>().SequenceEqual(others.Cast<object?>()) : Equals(left, right);

    private async Task<int> PutAsync(
        RowCopy[] records, Func<object, object?[], string?> textOf, IEmbeddingGenerator<string, Embedding<float>> generator, CancellationToken cancellationToken)
    {
        var texts = Array.ConvertAll(records, record => textOf(record.Key, record.Data));
        var given = texts.OfType<string>().ToArray();
        var embeddings = given.Length == 0 ? [] : await generator.GenerateAsync(given, EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document), cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != given.Length)
            throw new InvalidOperationException($"The embedding generator returned {embeddings.Count} embeddings for {given.Length} texts. It must return one for each, in their order.");

        var batch = new StagedBatch(records.Length, _dataColumns.Length, _vectorColumns.Length);
        var next = 0;
        for (var i = 0; i < records.Length; i++)
        {
            batch.Keys[i] = records[i].Key;
            records[i].Data.CopyTo(batch.DataOf(i));
            for (var column = 0; column < records[i].Data.Length; column++)
            {
                if (records[i].Data[column] is string text && _target.Analyze(column, text) is { } analyzed)
                    (batch.Texts[column] ??= new Indexing.AnalyzedText?[records.Length])[i] = analyzed;
            }

            for (var vector = 0; vector < _vectorColumns.Length; vector++)
                Put(batch, i, vector, vector != _vector ? records[i].Vectors[vector] : texts[i] is null ? null : embeddings[next++].Vector.ToArray());
        }

        await _target.ApplyAsync([], batch).ConfigureAwait(false);
        return given.Length;
    }

    private void Put(StagedBatch batch, int record, int vector, float[]? values)
    {
        if (values is null)
            return;
        var field = _target.Schema.Vectors[vector];
        RecordStaging.Check(values, field, $"the record with key '{batch.Keys[record]}'");
        values.CopyTo((batch.Vectors[vector] ??= new float[batch.Count * field.Dimensions]).AsSpan(record * field.Dimensions));
        batch.HasVector[vector][record] = true;
    }
}
