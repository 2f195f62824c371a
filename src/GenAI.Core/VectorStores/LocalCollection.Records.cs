using System.Linq.Expressions;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <content>Reading, writing and removing records.</content>
public sealed partial class LocalCollection<TKey, TRecord>
{
    /// <inheritdoc />
    public override Task<TRecord?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var includeVectors = options?.IncludeVectors ?? false;
        RefuseGeneratedVectors(includeVectors);
        cancellationToken.ThrowIfCancellationRequested();

        var view = GetView();
        RowCopy copy;
        using (view.Table.ReadLock())
        {
            if (!view.Table.TryFind_NeedsLock(key, out var row))
                return Task.FromResult<TRecord?>(null);
            copy = view.Copy_NeedsLock(row, includeVectors);
        }

        return Task.FromResult<TRecord?>(copy.ToRecord(_mapper));
    }

    /// <summary>Gets records by key, all from one state of the collection, in the order of the keys; keys that are not known are left out.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="options">Options.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The records.</returns>
    public override IAsyncEnumerable<TRecord> GetAsync(IEnumerable<TKey> keys, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var includeVectors = options?.IncludeVectors ?? false;
        RefuseGeneratedVectors(includeVectors);
        return ToRecordsAsync(
            () =>
            {
                // The caller's sequence is read before the lock is taken: it may do anything.
                var wanted = keys.ToArray();
                var view = GetView();
                var copies = new List<RowCopy>(wanted.Length);
                using (view.Table.ReadLock())
                {
                    foreach (var key in wanted)
                    {
                        ArgumentNullException.ThrowIfNull(key, nameof(keys));
                        if (view.Table.TryFind_NeedsLock(key, out var row))
                            copies.Add(view.Copy_NeedsLock(row, includeVectors));
                    }
                }

                return copies;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public override IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new FilteredRecordRetrievalOptions<TRecord>();
        RefuseGeneratedVectors(options.IncludeVectors);
        return ToRecordsAsync(
            () =>
            {
                var view = GetView();
                var node = view.Compile(filter, out var parameters);
                var order = options.OrderBy?.Invoke(new()).Values.Select(sort => (Column: PropertySelector.Order(view, sort.PropertySelector), sort.Ascending)).ToArray() ?? [];
                using (view.Table.ReadLock())
                {
                    using var rows = view.Table.Select_NeedsLock(node, parameters);
                    var end = (int)Math.Min((long)options.Skip + top, int.MaxValue);
                    var chosen = order.Length == 0 ? FirstRows(rows.Bits, end) : OrderedRows_NeedsLock(view.Table, rows.Bits, order);
                    var copies = new List<RowCopy>();
                    for (var i = options.Skip; i < chosen.Count && i < end; i++)
                        copies.Add(view.Copy_NeedsLock(chosen[i], options.IncludeVectors));
                    return copies;
                }
            },
            cancellationToken);
    }

    /// <summary>Counts the records that pass a filter, and reads those of them that pass another, of one state of the collection.</summary>
    /// <param name="counted">What is counted.</param>
    /// <param name="read">What of it is returned, without vectors.</param>
    internal (List<TRecord> Read, int Counted) ReadAndCount(Expression<Func<TRecord, bool>> counted, Expression<Func<TRecord, bool>> read)
    {
        var view = GetView();
        var (readNode, countedNode) = (view.Compile(read, out var readParameters), view.Compile(counted, out var countedParameters));
        List<RowCopy> copies;
        int count;
        using (view.Table.ReadLock())
        {
            using var rows = view.Table.Select_NeedsLock(countedNode, countedParameters);
            count = RowBits.Count(rows.Bits);
            view.Table.Narrow_NeedsLock(rows, readNode, readParameters);
            copies = FirstRows(rows.Bits, int.MaxValue).ConvertAll(row => view.Copy_NeedsLock(row, includeVectors: false));
        }

        return (copies.ConvertAll(copy => copy.ToRecord(_mapper)), count);
    }

    /// <inheritdoc />
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        return ReplaceAsync([], [record], cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">A record is null or has no key, or a vector is refused; nothing was stored.</exception>
    public override Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        return ReplaceAsync([], [.. records], cancellationToken);
    }

    /// <inheritdoc />
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ReplaceAsync([key], [], cancellationToken);
    }

    /// <summary>Deletes records by key in one step; keys that are not known are ignored.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels before anything was deleted, or not at all.</param>
    public override Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return ReplaceAsync([.. keys], [], cancellationToken);
    }

    /// <summary>Removes records and puts others in their place in one step: no reader sees one without the other, and a failure leaves both undone.</summary>
    /// <param name="removeKeys">The keys of the records to remove; keys that are not known are ignored.</param>
    /// <param name="upserts">The records to put.</param>
    /// <param name="cancellationToken">Cancels before anything was changed, or not at all.</param>
    internal async Task ReplaceAsync(IReadOnlyCollection<TKey> removeKeys, IReadOnlyList<TRecord> upserts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var view = GetView();
        var removed = new object[removeKeys.Count];
        var next = 0;
        foreach (var key in removeKeys)
            removed[next++] = key is not null && (object)key is var boxed && boxed.GetType() == _mapper.Schema.Key.Type ? boxed : throw WrongKey(key);

        if (upserts.Count == 0)
        {
            await view.Table.ApplyAsync(removed, batch: null).ConfigureAwait(false);
            return;
        }

        var (batch, newKeys) = await RecordStaging.StageAsync(upserts, _mapper, view, cancellationToken).ConfigureAwait(false);
        await view.Table.ApplyAsync(removed, batch).ConfigureAwait(false);
        for (var record = 0; record < upserts.Count; record++)
        {
            if (newKeys?[record] is { } key)
                _mapper.SetKey(upserts[record], key);
        }
    }

    // Records are made outside the lock: their constructors and setters are the application's code.
    private async IAsyncEnumerable<TRecord> ToRecordsAsync(Func<List<RowCopy>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var copy in read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return copy.ToRecord(_mapper);
        }
    }

    private static List<int> FirstRows(ReadOnlySpan<ulong> bits, int count)
    {
        var rows = new List<int>();
        for (var word = 0; word < bits.Length && rows.Count < count; word++)
        {
            for (var left = bits[word]; left != 0 && rows.Count < count; left &= left - 1)
                rows.Add(word * 64 + BitOperations.TrailingZeroCount(left));
        }

        return rows;
    }

    private static List<int> OrderedRows_NeedsLock(LocalTable table, ReadOnlySpan<ulong> bits, (int Column, bool Ascending)[] order)
    {
        var rows = FirstRows(bits, int.MaxValue);
        rows.Sort((left, right) =>
        {
            foreach (var (column, ascending) in order)
            {
                var sign = table.Compare_NeedsLock(column, left, right);
                if (sign != 0)
                    return ascending ? sign : -sign;
            }

            return left.CompareTo(right);
        });
        return rows;
    }

    private Exception WrongKey(TKey? key) => key is null
        ? new ArgumentNullException(nameof(key), "A key of the batch is null.")
        : new InvalidCastException($"The key '{key}' is of type {key.GetType().Name}, but the keys of '{Name}' are of type {_mapper.Schema.Key.Type.Name}.");
}
