using System.Numerics;

namespace GenAI.Core.Answering;

/// <summary>Chooses the sentences that answer a question, or none.</summary>
/// <remarks>
/// A sentence is worth the share of the question's terms that it covers, each weighted by how rare it is among the candidates (inverse document frequency over
/// sentences) and how specific it is; a term that no source has weighs most. Its heading, title and the sentences before it cover terms for it
/// at a discount. The figures were fitted; see decision 0040.
/// </remarks>
internal static class SentenceSelector
{
    /// <summary>Below this share of the question, the best sentence is not an answer.</summary>
    public static double MinSupport = 0.55;

    private const int MaxSentences = 3;

    /// <summary>A further sentence must score this share of the best one.</summary>
    private const double MinRelativeScore = 0.8;

    /// <summary>Two sentences with this share of common terms say the same.</summary>
    private const double MaxSimilarity = 0.6;

    /// <summary>Chooses sentences, in reading order; none if nothing answers.</summary>
    public static List<CandidateSentence> Select(ReadPrompt prompt, CancellationToken cancellationToken)
    {
        var question = QuestionTerms.Of(prompt.Question);
        if (question.Count == 0)
            return [];

        var candidates = CandidateReader.Read(prompt, question, cancellationToken);
        var weights = Weights(question, candidates);
        CandidateSentence? best = null;
        foreach (var candidate in candidates)
        {
            candidate.Score = Score(candidate, question, weights);
            if (!candidate.IsQuestion && (best is null || candidate.Score > best.Score))
                best = candidate;
        }

        if (best is null || Support(best, weights) < MinSupport)
            return [];
        return Extend(best, candidates);
    }

    /// <summary>Each term's share of the question.</summary>
    private static double[] Weights(QuestionTerms question, List<CandidateSentence> candidates)
    {
        var frequencies = new int[question.Count];
        foreach (var candidate in candidates)
        {
            for (var bits = candidate.Own | candidate.Heading | candidate.Header; bits != 0; bits &= bits - 1)
                frequencies[BitOperations.TrailingZeroCount(bits)]++;
        }

        var weights = new double[question.Count];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = question.Specificity[i] * Math.Log(1 + (candidates.Count - frequencies[i] + 0.5) / (frequencies[i] + 0.5));
            sum += weights[i];
        }

        for (var i = 0; i < weights.Length; i++)
            weights[i] /= sum;
        return weights;
    }

    /// <summary>The share of the question that the sentence or what it stands under covers.</summary>
    private static double Support(CandidateSentence candidate, double[] weights) =>
        Covered(candidate, weights, heading: 0.9, header: 0.8, before: 0.7);

    private static double Score(CandidateSentence candidate, QuestionTerms question, double[] weights)
    {
        var score = Covered(candidate, weights, heading: 0.7, header: 0.5, before: 0.4);
        for (var bits = candidate.Pairs; bits != 0; bits &= bits - 1)
            score += 0.1 * weights[BitOperations.TrailingZeroCount(bits)];

        // What a heading promises, the sentences right behind it keep.
        score += 0.15 * Sum(candidate.Heading, weights) / (1 + candidate.Depth);
        score += 0.05 / (1 + candidate.SourceRank);
        score += AnswerCues.Bonus(candidate, question);
        return score * KindFactor(candidate.Sentence.Kind) * LengthFactor(candidate.WordCount);
    }

    private static double Covered(CandidateSentence candidate, double[] weights, double heading, double header, double before)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            var bit = 1UL << i;
            sum += weights[i] * (
                (candidate.Own & bit) != 0 ? 1
                : (candidate.Heading & bit) != 0 ? heading
                : (candidate.Header & bit) != 0 ? header
                : (candidate.Before & bit) != 0 ? before
                : 0);
        }

        return sum;
    }

    private static double Sum(ulong bits, double[] weights)
    {
        var sum = 0.0;
        for (; bits != 0; bits &= bits - 1)
            sum += weights[BitOperations.TrailingZeroCount(bits)];
        return sum;
    }

    private static double KindFactor(SentenceKind kind) => kind switch
    {
        SentenceKind.Prose => 1,
        SentenceKind.ListItem => 0.97,
        SentenceKind.TableRow => 0.85,
        _ => 0.5,
    };

    /// <summary>Very short sentences seldom say anything; very long ones are seldom sentences.</summary>
    private static double LengthFactor(int words) => words switch
    {
        < 2 => 0.5,
        < 4 => 0.8,
        > 80 => 0.8,
        _ => 1,
    };

    private static List<CandidateSentence> Extend(CandidateSentence best, List<CandidateSentence> candidates)
    {
        List<CandidateSentence> chosen = [best];
        foreach (var candidate in candidates.Where(c => !c.IsQuestion && c.Score >= MinRelativeScore * best.Score).OrderByDescending(c => c.Score))
        {
            if (chosen.Count == MaxSentences)
                break;
            if (!chosen.Exists(other => Similarity(other, candidate) > MaxSimilarity))
                chosen.Add(candidate);
        }

        chosen.Sort((a, b) => a.SourceRank != b.SourceRank ? a.SourceRank.CompareTo(b.SourceRank) : a.Position.CompareTo(b.Position));
        return chosen;
    }

    private static double Similarity(CandidateSentence a, CandidateSentence b)
    {
        if (ReferenceEquals(a, b))
            return 1;
        var shared = a.Terms.Count(b.Terms.Contains);
        return (double)shared / Math.Max(1, Math.Min(a.Terms.Count, b.Terms.Count));
    }
}
