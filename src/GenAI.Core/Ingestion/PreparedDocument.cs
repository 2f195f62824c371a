namespace GenAI.Core.Ingestion;

/// <summary>A document that has been cut into records and is to be embedded and written.</summary>
/// <param name="id">The document's id.</param>
/// <param name="records">Its records.</param>
/// <param name="missing">Those of them that are not stored just so.</param>
/// <param name="storedKeys">The keys of what is stored of it.</param>
internal sealed class PreparedDocument(string id, List<ChunkRecord> records, List<ChunkRecord> missing, HashSet<Guid> storedKeys)
{
    private readonly List<(ChunkRecord Record, SharedText Text)> _awaited = [];

    public string Id => id;

    public List<ChunkRecord> Records { get; private set; } = records;

    public List<ChunkRecord> Missing { get; private set; } = missing;

    public HashSet<Guid> StoredKeys => storedKeys;

    /// <summary>What it counts in the progress.</summary>
    public long Bytes { get; init; }

    /// <summary>What it is held against to find near-duplicates, if they are looked for.</summary>
    public byte[]? Sketch { get; init; }

    /// <summary>Whether it is left out because another document says nearly the same; what is stored of it goes.</summary>
    public bool IsLeftOut { get; private set; }

    /// <summary>Whether every text that it waits for is done, one way or the other.</summary>
    public bool IsReady => _awaited.TrueForAll(pair => pair.Text.Done.IsCompleted);

    /// <summary>The texts that are embedded for it, by their hash.</summary>
    public IEnumerable<(string Hash, SharedText Text)> OwnTexts => _awaited.Where(pair => pair.Text.Owner == id).Select(pair => (pair.Record.EmbeddingHash, pair.Text));

    public void Await(ChunkRecord record, SharedText text) => _awaited.Add((record, text));

    public void LeaveOut()
    {
        IsLeftOut = true;
        Records = Missing = [];
    }

    /// <summary>Waits for its texts and takes their vectors.</summary>
    /// <returns>Why a text that is embedded for this document failed, if one did. A failed text of another document is left for the writer.</returns>
    public async Task<Exception?> TakeVectorsAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        foreach (var (record, text) in _awaited)
        {
            await text.Done.WaitAsync(cancellationToken).ConfigureAwait(false);

            // A text whose call was cancelled is done as well.
            cancellationToken.ThrowIfCancellationRequested();
            if (text.Failure is null)
                record.Embedding = text.Vector;
            else if (text.Owner == id)
                failure ??= text.Failure;
        }

        return failure;
    }
}
