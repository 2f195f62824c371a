using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>
/// An endless sequence of writes that depends on a seed only, so that another process can say how far one came by a number; and what a store must hold after the first so many of them.
/// Vectors have few values, so that equal scores are many.
/// </summary>
internal sealed class StoreOperations(int seed)
{
    public const string Collection = "notes";
    private const int Dimensions = 4;
    private const int Keys = 120;

    private static readonly string[] Words = ["alpha", "beta", "gamma", "delta", "durable", "segment", "log", "the", "record", "größe", "日本語", "search"];

    public static VectorStoreCollectionDefinition Definition { get; } = new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Key", typeof(string)),
            new VectorStoreDataProperty("Text", typeof(string)) { IsFullTextIndexed = true },
            new VectorStoreDataProperty("Number", typeof(int?)) { IsIndexed = true },
            new VectorStoreDataProperty("Tags", typeof(string[])) { IsIndexed = true },
            new VectorStoreDataProperty("Price", typeof(decimal)),
            new VectorStoreDataProperty("When", typeof(DateTimeOffset)),
            new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>?), Dimensions) { DistanceFunction = DistanceFunction.EuclideanDistance },
        ],
    };

    /// <summary>What a write does.</summary>
    /// <param name="Removed">Keys that are deleted.</param>
    /// <param name="Put">Records that are put; with <paramref name="Removed"/> in one step.</param>
    /// <param name="StartsAnew">The collection is deleted and made again, before anything else.</param>
    internal sealed record Operation(string[] Removed, Record[] Put, bool StartsAnew);

    public Operation this[int number]
    {
        get
        {
            var random = new Random(HashCode(seed, number));
            var put = Enumerable.Range(0, random.Next(4) == 0 ? 0 : random.Next(1, 12)).Select(_ => Make(random)).ToArray();
            var removed = Enumerable.Range(0, put.Length == 0 || random.Next(3) == 0 ? random.Next(1, 5) : 0).Select(_ => $"k{random.Next(Keys)}").ToArray();
            return new Operation(removed, put, random.Next(150) == 0);
        }
    }

    /// <summary>Does one write; it is acknowledged when the task ends.</summary>
    public async Task ApplyAsync(LocalVectorStore store, int number)
    {
        var operation = this[number];
        if (operation.StartsAnew)
            await store.EnsureCollectionDeletedAsync(Collection);
        var collection = (LocalCollection<object, Record>)store.GetDynamicCollection(Collection, Definition);
        await collection.EnsureCollectionExistsAsync();
        if (operation.Removed.Length + operation.Put.Length > 0)
            await collection.ReplaceAsync([.. operation.Removed.Cast<object>()], operation.Put, CancellationToken.None);
    }

    /// <summary>The records after the first writes, in the order in which they were last written.</summary>
    public List<Record> After(int count)
    {
        // A key that is written again moves to the end.
        var records = new Dictionary<string, (long Order, Record Record)>();
        var order = 0L;
        for (var number = 0; number < count; number++)
        {
            var operation = this[number];
            if (operation.StartsAnew)
                records.Clear();
            foreach (var key in operation.Removed)
                records.Remove(key);
            foreach (var record in operation.Put)
                records[(string)record["Key"]!] = (order++, record);
        }

        return [.. records.Values.OrderBy(entry => entry.Order).Select(entry => entry.Record)];
    }

    /// <summary>Fails unless a store holds what it must after the first writes, and finds the same, in the same order and with the same scores, as one in memory.</summary>
    public async Task CheckAsync(LocalVectorStore store, int count)
    {
        var expected = After(count);
        var collection = (LocalCollection<object, Record>)store.GetDynamicCollection(Collection, Definition);
        await collection.EnsureCollectionExistsAsync();
        using var memory = new LocalVectorStore();
        var oracle = (LocalCollection<object, Record>)memory.GetDynamicCollection(Collection, Definition);
        await oracle.EnsureCollectionExistsAsync();
        foreach (var batch in expected.Chunk(7))
            await oracle.UpsertAsync(batch);

        (await StateOf(collection)).Should().Equal(await StateOf(oracle));
        foreach (var record in expected.Take(5))
            Describe((await collection.GetAsync((string)record["Key"]!, new() { IncludeVectors = true }))!).Should().Be(Describe(record));
        var random = new Random(count);
        for (var query = 0; query < 3; query++)
        {
            var vector = Vector(random);
            var keywords = new[] { Words[random.Next(Words.Length)], Words[random.Next(Words.Length)] };
            var number = random.Next(20);
            (await FoundBy(collection, vector, keywords, number)).Should().Equal(await FoundBy(oracle, vector, keywords, number));
        }
    }

    /// <summary>Every record, in the order of the rows.</summary>
    public static async Task<List<string>> StateOf(LocalCollection<object, Record> collection) =>
        (await collection.GetAsync(record => (string)record["Key"]! != "", 10_000, new() { IncludeVectors = true }).ReadAllAsync()).ConvertAll(Describe);

    private static async Task<List<string>> FoundBy(LocalCollection<object, Record> collection, ReadOnlyMemory<float> vector, string[] keywords, int number)
    {
        var found = new List<string>();
        await foreach (var hit in collection.SearchAsync(vector, 10))
            found.Add($"{hit.Record["Key"]} {hit.Score}");
        await foreach (var hit in collection.SearchAsync(vector, 5, new() { Filter = record => (int?)record["Number"] > number }))
            found.Add($"{hit.Record["Key"]} {hit.Score}");
        await foreach (var hit in collection.HybridSearchAsync(vector, keywords, 10))
            found.Add($"{hit.Record["Key"]} {hit.Score}");
        await foreach (var hit in collection.HybridSearchAsync(vector, keywords, 10, new() { Filter = record => ((string[])record["Tags"]!).Contains("a") }))
            found.Add($"{hit.Record["Key"]} {hit.Score}");
        foreach (var hit in collection.SearchArms(vector: null, keywords[0], filter: null, 20))
            found.Add($"{hit.Record["Key"]} {hit.Score}");
        await foreach (var record in collection.GetAsync(record => (int?)record["Number"] == number || ((string)record["Key"]!).StartsWith("k1"), 50, new() { OrderBy = order => order.Descending(record => record["Price"]) }))
            found.Add(Describe(record));
        return found;
    }

    private static Record Make(Random random) => new()
    {
        ["Key"] = $"k{random.Next(Keys)}",
        ["Text"] = random.Next(10) == 0 ? null : string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => Words[random.Next(Words.Length)])),
        ["Number"] = random.Next(5) == 0 ? null : random.Next(20),
        ["Tags"] = random.Next(4) == 0 ? null : Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(2) == 0 ? "a" : "b").ToArray(),
        ["Price"] = new decimal(random.Next(100), 0, 0, random.Next(2) == 0, (byte)random.Next(5)),
        ["When"] = new DateTimeOffset(2000 + random.Next(100), 1, 1, 0, 0, 0, TimeSpan.FromMinutes(random.Next(-600, 600))),
        ["Vector"] = random.Next(8) == 0 ? (object?)null : Vector(random),
    };

    private static ReadOnlyMemory<float> Vector(Random random) => new([.. Enumerable.Range(0, Dimensions).Select(_ => (float)random.Next(-2, 3))]);

    public static string Describe(Record record) => string.Join(" | ", Definition.Properties.Select(property => Describe(record.GetValueOrDefault(property.Name))));

    private static string Describe(object? value) => value switch
    {
        null => "null",
        string[] list => $"[{string.Join(',', list)}]",
        decimal number => string.Join('.', decimal.GetBits(number)),
        DateTimeOffset moment => moment.ToString("O", null),
        ReadOnlyMemory<float> vector => string.Join(',', vector.ToArray()),
        _ => value.ToString()!,
    };

    // The same in every process, unlike System.HashCode.
    private static int HashCode(int seed, int number) => unchecked((int)(((uint)seed * 2654435761u) ^ ((uint)number * 2246822519u)));
}
