using System.Buffers;

namespace GenAI.Core.Indexing;

/// <summary>One of several indexes that are searched as one.</summary>
/// <param name="Index">The index.</param>
/// <param name="First">What is added to an id of the index to make it one of the whole, 0 or more.</param>
/// <param name="Ids">The ids of the index are from 0 to before this.</param>
internal readonly record struct VectorPart(VectorIndex Index, long First = 0, long Ids = long.MaxValue);

/// <summary>Searches several indexes as if they were one: segments of a store, and what is in memory.</summary>
internal static class VectorParts
{
    /// <summary>Finds the vectors nearest to a query among all parts.</summary>
    /// <param name="parts">The parts, all of one number of dimensions and one metric; no id is in two.</param>
    /// <param name="query">The query.</param>
    /// <param name="results">Receives the matches, best first, with ids of the whole; its length is the most that are returned.</param>
    /// <param name="settings">How to search; filters are asked for ids of the whole.</param>
    /// <returns>The number of matches: where all parts are exact, what one index of all vectors would have.</returns>
    public static int Search(ReadOnlySpan<VectorPart> parts, ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings)
    {
        if (parts.Length == 1)
            return SearchPart(parts[0], query, results, settings);

        var found = ArrayPool<VectorMatch>.Shared.Rent(results.Length);
        try
        {
            var best = new TopVectors(results);
            foreach (var part in parts)
            {
                var count = SearchPart(part, query, found.AsSpan(0, results.Length), settings);
                foreach (var match in found.AsSpan(0, count))
                    best.Offer(match.Id, match.Score);
            }

            return best.Sort();
        }
        finally
        {
            ArrayPool<VectorMatch>.Shared.Return(found);
        }
    }

    private static int SearchPart(VectorPart part, ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings)
    {
        var first = part.First;
        ulong[]? shifted = null;
        var own = settings;
        if (settings.AllowedIds is { } allowed)
            own = own with { AllowedIds = Part(allowed, first, part.Ids, ref shifted) };
        if (settings.Filter is { } filter && first > 0)
            own = own with { Filter = id => filter(id + first) };

        var count = part.Index.Search(query, results, own);
        for (var i = 0; i < count && first > 0; i++)
            results[i] = results[i] with { Id = results[i].Id + first };
        if (shifted is not null)
            ArrayPool<ulong>.Shared.Return(shifted);
        return count;
    }

    /// <summary>The bits from one on, as many as a part has ids, and up to 63 more: words of the bitmap itself where the first bit is the first of a word.</summary>
    private static ReadOnlyMemory<ulong> Part(ReadOnlyMemory<ulong> bits, long first, long ids, ref ulong[]? shifted)
    {
        var rest = first >> 6 < bits.Length ? bits[(int)(first >> 6)..] : default;
        var words = (int)Math.Min(rest.Length, (ids >> 6) + 1);
        var shift = (int)(first & 63);
        if (shift == 0 || words == 0)
            return rest[..words];

        shifted = ArrayPool<ulong>.Shared.Rent(words);
        var source = rest.Span;
        for (var i = 0; i < words; i++)
            shifted[i] = source[i] >> shift | (i + 1 < source.Length ? source[i + 1] << (64 - shift) : 0);
        return shifted.AsMemory(0, words);
    }
}
