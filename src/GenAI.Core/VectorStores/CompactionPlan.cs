namespace GenAI.Core.VectorStores;

/// <summary>
/// Says which segments to merge: those that are mostly dead, and neighbours of a size as soon as there are four. A row is written once for each power of four that the
/// table is larger than a checkpoint, and a dead row costs the writing of three others at most.
/// </summary>
/// <remarks>Only neighbours are merged, so that rows keep the order in which they were written, which decides between equal scores.</remarks>
internal static class CompactionPlan
{
    private const int Neighbours = 4;

    // A segment of which more than this share is dead is written anew.
    private const int DeadShare = 4;

    // Segments below this are all of one size: a few thousand rows take milliseconds to write.
    private const int LeastRows = 4096;

    /// <summary>The segments to merge next, all of them neighbours; empty if there are none.</summary>
    public static IReadOnlyList<PartRows> Choose(IReadOnlyList<PartRows> segments)
    {
        for (var i = 0; i < segments.Count; i++)
        {
            var rows = ((SegmentPart)segments[i].Part).Rows;
            if ((rows - segments[i].Count) * (long)DeadShare > rows)
                return [segments[i]];
        }

        // From the newest back, as long as none is larger than the size looked for.
        for (var size = 0; size < 32; size++)
        {
            var first = segments.Count;
            while (first > 0 && SizeOf(segments[first - 1].Count) <= size)
                first--;
            if (segments.Count - first >= Neighbours)
                return [.. segments.Skip(first)];
        }

        return [];
    }

    private static int SizeOf(int rows)
    {
        var size = 0;
        for (long limit = LeastRows; rows >= limit; limit *= Neighbours)
            size++;
        return size;
    }
}
