using GenAI.Core.Indexing;

namespace GenAI.Core.Training;

/// <summary>Finds passages that share words with a query and are not its own: what a keyword search would get wrong.</summary>
internal static class HardNegatives
{
    private const int Candidates = 8;

    /// <summary>Gives some of the pairs the best wrong passage among all passages.</summary>
    /// <param name="texts">The pairs as read, with queries and passages.</param>
    /// <param name="pairs">The pairs to look for.</param>
    /// <param name="count">How many of them: those that are drawn most often.</param>
    /// <param name="threads">How many threads work.</param>
    public static void Mine(PairTexts texts, PairTexts.Pair[] pairs, int count, ParallelOptions threads)
    {
        using var index = new KeywordIndex();
        foreach (var (text, passage) in texts.Passages!)
            index.Upsert(text, passage);
        var right = pairs.GroupBy(pair => pair.Left).ToDictionary(group => group.Key, group => group.Select(pair => pair.Right).ToHashSet());
        var chosen = Enumerable.Range(0, pairs.Length).OrderByDescending(i => pairs[i].Weight).Take(count).ToArray();
        Parallel.For(0, chosen.Length, threads, i =>
        {
            ref var pair = ref pairs[chosen[i]];
            var found = new KeywordMatch[Candidates];
            var own = right[pair.Left];
            foreach (var match in found.AsSpan(0, index.Search(texts.Queries![pair.Left], found)))
            {
                if (match.Id == pair.Left || own.Contains((int)match.Id))
                    continue;
                pair = pair with { Negatives = [.. pair.Negatives, (int)match.Id] };
                break;
            }
        });
    }
}
