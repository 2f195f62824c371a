using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Retrieval;

/// <summary>Ranks what both arms of a search found once more, by what the best sentence of each says.</summary>
/// <remarks>The vector of a text of ten sentences is near a question that all are about, and not near one that a single sentence answers. Measured in docs/decisions/0134-the-best-sentence.md.</remarks>
internal static class SentenceFusion
{
    private const int Least = 20;

    // Reading a chunk takes a tenth of a millisecond.
    private const int MostRead = 100;

    /// <summary>How many of the best are ranked once more: what lies deeper hardly ever rises among those that are wanted.</summary>
    public static int Depth(int top) => top >= MostRead ? top : Math.Clamp(2 * top, Least, MostRead);

    public static bool Applies(FusionOptions fusion) => fusion.Method == FusionMethod.ScoreSum && fusion.SentenceWeight > 0;

    /// <summary>The best hits in their new order. The sentences of the first hundred are read; beyond them the whole text counts in a sentence's place.</summary>
    /// <param name="hits">What both arms found.</param>
    /// <param name="sentences">Reads sentences.</param>
    /// <param name="fusion">The weights.</param>
    /// <param name="top">The most to return.</param>
    /// <param name="cancellationToken">Checked before each hit.</param>
    public static IReadOnlyList<LocalHit<ChunkRecord>> Rank(IReadOnlyList<LocalHit<ChunkRecord>> hits, SentenceMeaning sentences, FusionOptions fusion, int top, CancellationToken cancellationToken)
    {
        var points = new Points[hits.Count];
        for (var i = 0; i < points.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var whole = hits[i].Vector is { } match ? RankFusion.Explained(match.Score, fusion) : 0;
            var sentence = i < MostRead ? sentences.Of(hits[i].Record.Content, hits[i].Record.TextStart) : whole;
            points[i] = new Points(fusion.KeywordWeight * (hits[i].Keyword?.Score ?? 0), fusion.VectorWeight * whole, fusion.SentenceWeight * sentence);
        }

        var most = Points.Most(points);
        return
        [
            .. hits.Select((hit, i) => hit with { Score = most > 0 ? points[i].Sum / most : 0 })
                .OrderByDescending(hit => hit.Score)
                .ThenByDescending(hit => hit.Keyword?.Score ?? float.NegativeInfinity)
                .ThenByDescending(hit => hit.Vector?.Score ?? float.NegativeInfinity)
                .Take(top),
        ];
    }

    /// <summary>What the words, the vector and the best sentence of a text are worth.</summary>
    private readonly record struct Points(double Keyword, double Vector, double Sentence)
    {
        public double Sum => Keyword + Vector + Sentence;

        /// <summary>What a text would have that is best in all three.</summary>
        public static double Most(ReadOnlySpan<Points> all)
        {
            var most = default(Points);
            foreach (var points in all)
                most = new Points(Math.Max(most.Keyword, points.Keyword), Math.Max(most.Vector, points.Vector), Math.Max(most.Sentence, points.Sentence));
            return most.Sum;
        }
    }
}
