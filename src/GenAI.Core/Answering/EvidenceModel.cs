namespace GenAI.Core.Answering;

/// <summary>Decides whether the best sentence is evidence enough to answer.</summary>
/// <remarks>
/// A logistic model of six features, fitted on questions paired with the documents that answer them and with documents of other sets. The figures and the
/// errors at this threshold are in decision 0040. Where an embedder knows what texts mean, that is a further feature, and the threshold another: decision 0042.
/// </remarks>
internal static class EvidenceModel
{
    private const double Coverage = 4.2;
    private const double HeadingMatch = 3.7;
    private const double Phrases = 1.8;
    private const double Amount = 0.7;
    private const double Surroundings = 3.5;
    private const double AbsentName = -1.5;
    private const double Bias = -5.6;

    /// <summary>More covered specificity than three ordinary words is no further evidence.</summary>
    private const double MaxAmount = 3;

    /// <summary>The log-odds from which on a sentence is an answer.</summary>
    public const double Threshold = -0.72;

    /// <summary>The same where the meaning of the sources is known.</summary>
    public const double ThresholdWithMeaning = 0.2;

    public static bool IsAnswer(CandidateSentence best, List<CandidateSentence> candidates, QuestionTerms question, TermWeights weights, QuestionMeaning? meaning)
    {
        if (!SaysMoreThanTitle(best, question))
            return false;
        var logOdds = LogOdds(best, candidates, question, weights);
        return meaning is null ? logOdds >= Threshold : logOdds + meaning.EvidenceOf(best) >= ThresholdWithMeaning;
    }

    /// <summary>Whether the sentence has more of the question than the topic that the whole document is about, unless that topic is all that is specific in the question.</summary>
    private static bool SaysMoreThanTitle(CandidateSentence best, QuestionTerms question)
    {
        var near = best.Own.Bits | best.Heading.Bits | best.Before;
        return (near & ~best.Outer) != 0 || (question.Specific & ~best.Outer) == 0;
    }

    /// <summary>The model's log-odds that the sentence answers, by its words.</summary>
    public static double LogOdds(CandidateSentence best, List<CandidateSentence> candidates, QuestionTerms question, TermWeights weights)
    {
        ulong source = 0, anywhere = 0;
        foreach (var candidate in candidates)
        {
            anywhere |= candidate.Reach;
            if (candidate.SourceRank == best.SourceRank)
                source |= candidate.Reach;
        }

        var covered = best.Reach | best.Before;
        double amount = 0, total = 0;
        for (var i = 0; i < question.Count; i++)
        {
            total += question.Specificity[i];
            if ((covered >> i & 1) != 0)
                amount += question.Specificity[i];
        }

        return Bias
            + Coverage * amount / total
            + HeadingMatch * weights.HeadingMatch(best.Heading)
            + Phrases * weights.Of(best.Own.Pairs)
            + Amount * Math.Min(MaxAmount, amount)
            + Surroundings * weights.Of(source & ~covered)
            + ((question.Names & ~anywhere) != 0 ? AbsentName : 0);
    }
}
