using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Makes one ranking of what the vector arm and the keyword arm of a search found.</summary>
/// <remarks>
/// <para>Pure and safe for concurrent use. Equal fused scores are ordered by keyword score, then by vector score, then by id.</para>
/// <para>The arms differ in what their lists mean. The keyword arm lists texts that match and leaves out those that do not; all its matches
/// may score alike and still be better than the rest. The vector arm ranks everything, and a search cuts its list off
/// somewhere: where its scores are all alike, which texts it lists is chance. It has no say then, in either method, or texts
/// that happen to be listed would outvote those that match. Texts with equal scores in an arm share a place.</para>
/// </remarks>
public static class RankFusion
{
    // Vectors that are equal may score differently in the last bits, if a kernel adds up in another order.
    private const float Alike = 1e-6f;

    /// <summary>Fuses the matches of two arms.</summary>
    /// <param name="vectors">The matches of the vector arm, best first; each id once.</param>
    /// <param name="keywords">The matches of the keyword arm, best first; each id once.</param>
    /// <param name="candidates">
    /// How many matches each arm was asked for. A keyword arm that returned fewer listed every text that matches, so one that it left out
    /// counts as having score 0; otherwise as having the last score listed.
    /// </param>
    /// <param name="results">Receives the fused matches, best first.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>How many matches were written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight or the constant is negative or not a number, or <paramref name="candidates"/> is less than the matches given.</exception>
    public static int Fuse(ReadOnlySpan<VectorMatch> vectors, ReadOnlySpan<KeywordMatch> keywords, int candidates, Span<FusedMatch> results, FusionOptions? options = null)
    {
        options ??= new FusionOptions();
        Check(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, Math.Max(vectors.Length, keywords.Length));

        var fused = new Dictionary<long, FusedMatch>(vectors.Length + keywords.Length);
        var (vectorArm, keywordArm) = (OfVectors(vectors, candidates, options), OfKeywords(keywords, candidates));
        var sum = options.Method == FusionMethod.ScoreSum
            ? options.VectorWeight * (vectorArm.Best - vectorArm.Floor) + options.KeywordWeight * (keywordArm.Best - keywordArm.Floor)
            : options.VectorWeight + options.KeywordWeight;
        AddVectors(fused, vectors, vectorArm, sum, options);
        AddKeywords(fused, keywords, keywordArm, sum, options);

        var ordered = new FusedMatch[fused.Count];
        fused.Values.CopyTo(ordered, 0);
        Array.Sort(ordered, CompareBestFirst);
        var count = Math.Min(ordered.Length, results.Length);
        ordered.AsSpan(0, count).CopyTo(results);
        return count;
    }

    private static Arm OfVectors(ReadOnlySpan<VectorMatch> matches, int candidates, FusionOptions options)
    {
        if (matches.IsEmpty)
            return default;
        var (best, last) = (matches[0].Score, matches[^1].Score);
        if (matches.Length > 1 && best - last <= Alike * Math.Max(Math.Abs(best), Math.Abs(last)))
            return new Arm(0, 0, IsSilent: true);
        if (options.Method != FusionMethod.ScoreSum)
            return new Arm(best, last, IsSilent: false);
        return new Arm(Explained(best, options), matches.Length < candidates ? 0 : Explained(last, options), IsSilent: false);
    }

    private static Arm OfKeywords(ReadOnlySpan<KeywordMatch> matches, int candidates) =>
        matches.IsEmpty ? default : new Arm(matches[0].Score, matches.Length < candidates ? 0 : matches[^1].Score, IsSilent: false);

    private static void AddVectors(Dictionary<long, FusedMatch> fused, ReadOnlySpan<VectorMatch> matches, Arm arm, double sum, FusionOptions options)
    {
        var rank = 1;
        for (var i = 0; i < matches.Length; i++)
        {
            if (i > 0 && matches[i].Score != matches[i - 1].Score)
                rank = i + 1;
            var value = options.Method == FusionMethod.ScoreSum ? Explained(matches[i].Score, options) : matches[i].Score;
            var score = arm.IsSilent ? 0 : Share(value, arm, rank, options.VectorWeight, sum, options);
            fused[matches[i].Id] = new FusedMatch(matches[i].Id, (float)score, new ArmMatch(i + 1, matches[i].Score), null);
        }
    }

    private static void AddKeywords(Dictionary<long, FusedMatch> fused, ReadOnlySpan<KeywordMatch> matches, Arm arm, double sum, FusionOptions options)
    {
        var rank = 1;
        for (var i = 0; i < matches.Length; i++)
        {
            if (i > 0 && matches[i].Score != matches[i - 1].Score)
                rank = i + 1;
            var score = Share(matches[i].Score, arm, rank, options.KeywordWeight, sum, options);
            ref var match = ref CollectionsMarshal.GetValueRefOrAddDefault(fused, matches[i].Id, out var isKnown);
            match = (isKnown ? match : new FusedMatch(matches[i].Id, 0, null, null)) with
            {
                Score = (float)(match.Score + score),
                Keyword = new ArmMatch(i + 1, matches[i].Score),
            };
        }
    }

    /// <summary>The share of the query that a text explains: the square of the cosine, and nothing where the text has nothing to do with it.</summary>
    internal static double Explained(float similarity, FusionOptions options)
    {
        var cosine = Math.Clamp((similarity - options.UnrelatedScore) / (1 - options.UnrelatedScore), 0, 1);
        return cosine * cosine;
    }

    // What an arm adds to the fused score of one of its matches.
    private static double Share(double score, Arm arm, int rank, double weight, double sum, FusionOptions options)
    {
        if (options.Method == FusionMethod.ReciprocalRank)
            return weight / (options.RankConstant + rank);
        if (sum == 0)
            return 0;
        if (options.Method == FusionMethod.ScoreSum)
            return weight * (score - arm.Floor) / sum;
        // All alike and nothing below: each is as good as the best.
        return weight / sum * (arm.Best > arm.Floor ? (score - arm.Floor) / (arm.Best - arm.Floor) : 1);
    }

    private static int CompareBestFirst(FusedMatch left, FusedMatch right)
    {
        var order = right.Score.CompareTo(left.Score);
        if (order == 0)
            order = (right.Keyword?.Score ?? float.NegativeInfinity).CompareTo(left.Keyword?.Score ?? float.NegativeInfinity);
        if (order == 0)
            order = (right.Vector?.Score ?? float.NegativeInfinity).CompareTo(left.Vector?.Score ?? float.NegativeInfinity);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }

    private static void Check(FusionOptions options)
    {
        CheckOne(options.VectorWeight, nameof(options.VectorWeight));
        CheckOne(options.KeywordWeight, nameof(options.KeywordWeight));
        CheckOne(options.RankConstant, nameof(options.RankConstant));
        CheckOne(options.SentenceWeight, nameof(options.SentenceWeight));
        if (!(options.UnrelatedScore is >= -1 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.UnrelatedScore, $"{nameof(options.UnrelatedScore)} is {options.UnrelatedScore}; it must be from -1 up to but not 1.");
        if (options.Method is not (FusionMethod.RelativeScore or FusionMethod.ReciprocalRank or FusionMethod.ScoreSum))
            throw new ArgumentOutOfRangeException(nameof(options), options.Method, $"There is no fusion method {options.Method}.");

        static void CheckOne(double value, string name)
        {
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(nameof(options), value, $"{name} is {value}; it must be a number of 0 or more.");
        }
    }

    // What an arm's scores are stretched between: the best one, and that of a text which it left out.
    private readonly record struct Arm(double Best, double Floor, bool IsSilent);
}
