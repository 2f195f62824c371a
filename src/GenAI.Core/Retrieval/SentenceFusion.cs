using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Retrieval;

/// <summary>Ranks what both arms of a search found once more, by what the best sentence of each says.</summary>
/// <remarks>The vector of a text of ten sentences is near a question that all are about, and not near one that a single sentence answers. Measured in docs/decisions/0134-the-best-sentence.md.</remarks>
internal static class SentenceFusion
{
    private const int Least = 20;

    /// <summary>How many of the best are looked at: what lies deeper hardly ever rises among those that are wanted.</summary>
    public static int Depth(int top) => (int)Math.Max(Least, Math.Min(2L * top, int.MaxValue));

    public static bool Applies(FusionOptions fusion) => fusion.Method == FusionMethod.ScoreSum && fusion.SentenceWeight > 0;

    /// <summary>The best hits in their new order.</summary>
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
            points[i] = Points.Of(hits[i].Vector, hits[i].Keyword, sentences.Of(hits[i].Record.Content, hits[i].Record.TextStart), fusion);
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
    internal readonly record struct Points(double Keyword, double Vector, double Sentence)
    {
        public double Sum => Keyword + Vector + Sentence;

        public static Points Of(ArmMatch? vector, ArmMatch? keyword, double sentence, FusionOptions fusion) => new(
            fusion.KeywordWeight * (keyword?.Score ?? 0),
            fusion.VectorWeight * (vector is { } match ? RankFusion.Explained(match.Score, fusion) : 0),
            fusion.SentenceWeight * sentence);

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
