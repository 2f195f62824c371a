namespace GenAI.Core.Retrieval;

/// <summary>Gives chunks new places and scores.</summary>
internal static class RankedChunks
{
    /// <summary>The chunks with new scores in their new order. What the first retriever said of each is kept.</summary>
    public static RetrievedChunk[] Of(IEnumerable<(RetrievedChunk Hit, float Score)> ranked) =>
        [.. ranked.Select((entry, i) => With(entry.Hit, entry.Score, i + 1, entry.Hit.Retrieved ?? new ArmMatch(entry.Hit.Rank, entry.Hit.Score)))];

    /// <summary>The chunks in their new order, with the scores that they have.</summary>
    public static RetrievedChunk[] Of(IEnumerable<RetrievedChunk> ranked) => [.. ranked.Select((hit, i) => hit.Rank == i + 1 ? hit : With(hit, hit.Score, i + 1, hit.Retrieved))];

    /// <summary>What models read of a chunk: the headings and the context that the text is to be understood in, then the text.</summary>
    public static string Text(Chunk chunk)
    {
        if (chunk.Title is null && chunk.Headings.Count == 0 && chunk.Context is null)
            return chunk.Text;
        var above = chunk.Headings.Prepend(chunk.Title).Append(chunk.Context).Where(line => !string.IsNullOrEmpty(line)).Distinct();
        return string.Join('\n', above.Append(chunk.Text));
    }

    private static RetrievedChunk With(RetrievedChunk hit, float score, int rank, ArmMatch? retrieved) =>
        new() { Chunk = hit.Chunk, Score = score, Rank = rank, Vector = hit.Vector, Keyword = hit.Keyword, Retrieved = retrieved };
}
