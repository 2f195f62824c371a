using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using GenAI.Core.Chunking;
using GenAI.Core.Ingestion;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.Ingestion;

/// <summary>A store with a pipeline in front, whose records can be compared with those of another.</summary>
internal sealed partial class IngestedStore : IDisposable
{
    private readonly LocalVectorStore _store = new();

    public IngestedStore(IngestionOptions? options = null, IChunker? chunker = null, FakeEmbeddingGenerator? generator = null, bool isOtherProvider = false)
    {
        Generator = generator ?? new FakeEmbeddingGenerator { Embed = VectorOf };
        Local = _store.GetChunkCollection("chunks", 4);
        Local.EnsureCollectionExistsAsync().GetAwaiter().GetResult();
        Other = isOtherProvider ? new OtherProvider(Local) : null;
        Pipeline = PipelineWith(chunker, options);
    }

    public FakeEmbeddingGenerator Generator { get; }

    public VectorStoreCollection<Guid, ChunkRecord> Local { get; }

    public OtherProvider? Other { get; }

    public IngestionPipeline Pipeline { get; }

    /// <summary>Chunks of about a paragraph, so that small documents have several.</summary>
    public static IChunker SmallChunks { get; } = new RecursiveChunker(new ChunkerOptions { MaxTokens = 12, OverlapTokens = 0 });

    public IngestionPipeline PipelineWith(IChunker? chunker = null, IngestionOptions? options = null, IEmbeddingGenerator<string, Embedding<float>>? generator = null) =>
        new(Other ?? Local, generator ?? Generator, chunker ?? SmallChunks, options);

    public Task<IngestionSummary> IngestAsync(params Document[] documents) => Pipeline.IngestAsync(documents.ToAsyncEnumerable());

    /// <summary>Every record with its vector, as text, in the order of keys.</summary>
    public async Task<List<string>> RecordsAsync(Func<ChunkRecord, bool>? where = null) =>
        [.. (await AllAsync()).Where(where ?? (_ => true)).OrderBy(record => record.Key).Select(record => System.Text.Json.JsonSerializer.Serialize(record))];

    public async Task<List<ChunkRecord>> AllAsync() =>
        await Local.GetAsync(record => true, int.MaxValue, new FilteredRecordRetrievalOptions<ChunkRecord> { IncludeVectors = true }).ToListAsync();

    /// <summary>The records that documents have when nothing was there before.</summary>
    public static async Task<List<string>> FreshAsync(IEnumerable<Document> documents)
    {
        using var fresh = new IngestedStore();
        (await fresh.IngestAsync([.. documents])).ThrowIfFailed();
        return await fresh.RecordsAsync();
    }

    /// <summary>What is embedded of a record, by another way than the library's.</summary>
    public static string EmbeddedTextOf(string content) => SpaceAtLineEnds().Replace(content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'), "");

    public static float[] VectorOf(string text)
    {
        var hash = XxHash128.Hash(MemoryMarshal.AsBytes(text.AsSpan()));
        return [1, hash[0], hash[1], hash[2]];
    }

    public void Dispose() => _store.Dispose();

    [GeneratedRegex(@"[ \t]+(?=\n|\z)")]
    private static partial Regex SpaceAtLineEnds();
}
