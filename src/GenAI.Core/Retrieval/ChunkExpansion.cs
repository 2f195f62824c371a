using GenAI.Core.VectorStores;

namespace GenAI.Core.Retrieval;

/// <summary>Collects what is added to chunks that were found. No chunk comes twice, and what was found keeps what was said of it.</summary>
internal sealed class ChunkExpansion
{
    private readonly Dictionary<string, RetrievedChunk> _found;
    private readonly HashSet<string> _taken = [];
    private readonly List<RetrievedChunk> _chunks = [];

    public ChunkExpansion(IReadOnlyList<RetrievedChunk> found)
    {
        _found = new Dictionary<string, RetrievedChunk>(found.Count, StringComparer.Ordinal);
        foreach (var hit in found)
            _found.TryAdd(hit.Chunk.Id, hit);
    }

    /// <summary>Adds the surroundings of a chunk, in the order of the document, as far as they have not been added before.</summary>
    public async Task AddAsync(RetrievedChunk hit, IAsyncEnumerable<ChunkRecord> surroundings, CancellationToken cancellationToken)
    {
        if (_taken.Contains(hit.Chunk.Id))
            return;
        var chunks = new List<Chunk>();
        await foreach (var record in surroundings.WithCancellation(cancellationToken).ConfigureAwait(false))
            chunks.Add(ChunkRecords.ToChunk(record));

        // The chunk itself is taken as it was found: its record may have been replaced since.
        chunks.RemoveAll(chunk => chunk.Id == hit.Chunk.Id || chunk.Ordinal == hit.Chunk.Ordinal);
        chunks.Add(hit.Chunk);
        foreach (var chunk in chunks.OrderBy(chunk => chunk.Ordinal))
        {
            if (_taken.Add(chunk.Id))
                _chunks.Add(_found.TryGetValue(chunk.Id, out var known) ? known : new RetrievedChunk { Chunk = chunk, Score = hit.Score });
        }
    }

    /// <summary>All chunks with their places.</summary>
    public RetrievedChunk[] Chunks() => RankedChunks.Of(_chunks);
}
