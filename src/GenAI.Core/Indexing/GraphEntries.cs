namespace GenAI.Core.Indexing;

/// <summary>Chooses where searches enter the graph: the root, from which every row can be reached, and a sample of the others.</summary>
internal sealed class GraphEntries(GraphRows rows, ulong seed)
{
    // A sample of 32 costs 3% of a search of 100,000 vectors and saves the hops from a far corner; clusters want more.
    private const int Most = 64;
    private const int RowsPerEntry = 64;

    private SeededSequence _sequence = new(~seed);

    /// <summary>Adds entries from a batch as the graph grows, so that the sample stays as dense as it should be.</summary>
    public int[] Grow(int[] entries, in GraphBatch batch, int linkedOfBatch, int linked)
    {
        // Once the sample is full, each entry but the root is drawn again when the graph has doubled.
        var wanted = Math.Clamp(linked / RowsPerEntry, 1, Most);
        var redrawn = linkedOfBatch >= linked / 2 && entries.Length == Most;
        if (wanted <= entries.Length && !redrawn)
            return entries;
        var grown = new int[wanted];
        var kept = redrawn ? 1 : entries.Length;
        Array.Copy(entries, grown, kept);
        for (var i = kept; i < wanted; i++)
            grown[i] = batch.Rows[_sequence.Next(linkedOfBatch)];
        return grown;
    }

    /// <summary>Draws all entries but the root from the rows that are alive.</summary>
    public int[] Choose(int root, int used, int count)
    {
        var entries = new int[Math.Clamp(count / RowsPerEntry, 1, Most)];
        entries[0] = root;
        for (var i = 1; i < entries.Length; i++)
            entries[i] = NearestAlive(_sequence.Next(used), used);
        return entries;
    }

    /// <summary>The first row from here on that is alive.</summary>
    public int NearestAlive(int row, int used)
    {
        while (rows.InfoOf(row).Died != GraphRowInfo.Alive)
            row = (row + 1) % used;
        return row;
    }
}
