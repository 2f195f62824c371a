using System.Linq.Expressions;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests;

/// <summary>A collection that does not look like a local one: what any other Microsoft.Extensions.VectorData provider is to a knowledge base. It has no keyword search.</summary>
internal sealed class OtherProvider(VectorStoreCollection<Guid, ChunkRecord> inner) : VectorStoreCollection<Guid, ChunkRecord>
{
    public override string Name => inner.Name;

    /// <summary>Called before each write.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>Called before each read.</summary>
    public Action? BeforeRead { get; set; }

    /// <summary>Awaited by each write before it happens.</summary>
    public Func<Task>? WriteDelay { get; set; }

    /// <summary>Whether it refuses to ask whether a list contains a property, as some providers do.</summary>
    public bool RefusesLists { get; set; }

    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => inner.CollectionExistsAsync(cancellationToken);

    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => inner.EnsureCollectionExistsAsync(cancellationToken);

    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => inner.EnsureCollectionDeletedAsync(cancellationToken);

    public override Task<ChunkRecord?> GetAsync(Guid key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        BeforeRead?.Invoke();
        return inner.GetAsync(key, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChunkRecord> GetAsync(Expression<Func<ChunkRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<ChunkRecord>? options = null, CancellationToken cancellationToken = default)
    {
        BeforeRead?.Invoke();
        return RefusesLists && filter.Body is MethodCallExpression ? throw new NotSupportedException("No lists here.") : inner.GetAsync(filter, top, options, cancellationToken);
    }

    public override Task DeleteAsync(Guid key, CancellationToken cancellationToken = default)
    {
        BeforeWrite?.Invoke();
        return inner.DeleteAsync(key, cancellationToken);
    }

    public override async Task UpsertAsync(ChunkRecord record, CancellationToken cancellationToken = default)
    {
        BeforeWrite?.Invoke();
        await (WriteDelay?.Invoke() ?? Task.CompletedTask);
        await inner.UpsertAsync(record, cancellationToken);
    }

    public override async Task UpsertAsync(IEnumerable<ChunkRecord> records, CancellationToken cancellationToken = default)
    {
        BeforeWrite?.Invoke();
        await (WriteDelay?.Invoke() ?? Task.CompletedTask);
        await inner.UpsertAsync(records, cancellationToken);
    }

    public override IAsyncEnumerable<VectorSearchResult<ChunkRecord>> SearchAsync<TInput>(TInput searchValue, int top, VectorSearchOptions<ChunkRecord>? options = null, CancellationToken cancellationToken = default) =>
        inner.SearchAsync(searchValue, top, options, cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey = null) => inner.GetService(serviceType, serviceKey);
}
