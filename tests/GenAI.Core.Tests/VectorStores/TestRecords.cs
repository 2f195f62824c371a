using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>A record with a property of most kinds.</summary>
public sealed class Article
{
    [VectorStoreKey]
    public int Id { get; set; }

    [VectorStoreData(IsIndexed = true)]
    public string? Topic { get; set; }

    [VectorStoreData(IsFullTextIndexed = true)]
    public string? Body { get; set; }

    [VectorStoreData(IsIndexed = true)]
    public int Year { get; set; }

    [VectorStoreData]
    public int? Pages { get; set; }

    [VectorStoreData]
    public double Price { get; set; }

    [VectorStoreData(IsIndexed = true)]
    public bool IsPublished { get; set; }

    [VectorStoreData(IsIndexed = true)]
    public DateTime Date { get; set; }

    [VectorStoreData(IsIndexed = true)]
    public string[]? Tags { get; set; }

    [VectorStoreData]
    public List<int>? Numbers { get; set; }

    [VectorStoreVector(3)]
    public ReadOnlyMemory<float> Vector { get; set; }
}

internal static class TestRecords
{
    public static VectorStoreCollectionDefinition Notes(string? distance = null, int dimensions = 2, string? indexKind = null) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Key", typeof(string)),
            new VectorStoreDataProperty("Text", typeof(string)) { IsFullTextIndexed = true },
            new VectorStoreDataProperty("Number", typeof(int)) { IsIndexed = true },
            new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), dimensions) { DistanceFunction = distance, IndexKind = indexKind },
        ],
    };

    public static Dictionary<string, object?> Note(string key, float x, float y, string? text = null, int number = 0) => new()
    {
        ["Key"] = key,
        ["Text"] = text,
        ["Number"] = number,
        ["Vector"] = new ReadOnlyMemory<float>([x, y]),
    };

    /// <summary>As the platform's ToListAsync, but as a task, which assertions can await.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this IAsyncEnumerable<T> source) => await source.ToListAsync();
}

/// <summary>Embeds a text as its length and its number of words, and remembers what it was asked.</summary>
internal sealed class CountingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public List<string[]> Calls { get; } = [];

    public Func<string[], IEnumerable<float[]>> Embed { get; set; } = texts => texts.Select(text => new float[] { text.Length, text.Split(' ').Length });

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var texts = values.ToArray();
        lock (Calls)
            Calls.Add(texts);
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(Embed(texts).Select(vector => new Embedding<float>(vector))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
