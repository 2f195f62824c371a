using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>Chooses the sentences that answer a question, or none.</summary>
/// <remarks>
/// A sentence is worth the share of the question's terms that it covers; what it stands under covers terms for it at a discount. Phrases, a heading that asks
/// the question, the rank of the source and signs of the wanted kind of answer add to it. The figures were fitted on half of the document sets
/// of an evaluation and checked on the other half; see decision 0040.
/// </remarks>
internal static class SentenceSelector
{
    private const double HeadingCredit = 0.9;
    private const double OuterCredit = 0.8;
    private const double BeforeCredit = 0.1;
    private const double PhraseBonus = 0.07;
    private const double HeadingMatchBonus = 0.4;

    /// <summary>How fast the bonus of a heading fades with each sentence behind it.</summary>
    private const double HeadingMatchDecay = 0.6;

    private const double RankBonus = 0.2;
    private const double DefinitionBonus = 0.25;
    private const double NumberBonus = 0.15;
    private const double ReasonBonus = 0.08;
    private const double StepBonus = 0.1;

    /// <summary>For a sentence that is near the question in meaning, and for one in a source that is: decision 0042.</summary>
    private const double MeaningBonus = 0.3;

    private const int MaxSentences = 3;

    /// <summary>How many items of a list or lines of code are shown behind the sentence that introduces it.</summary>
    private const int MaxListItems = 5;

    /// <summary>A further sentence must score this share of the best one.</summary>
    private const double MinRelativeScore = 0.8;

    /// <summary>Two sentences of which the shorter shares more of its terms than this say the same.</summary>
    private const double MaxSimilarity = 0.6;

    /// <summary>Chooses sentences, in reading order; none if nothing answers.</summary>
    /// <param name="prompt">The sources and the question.</param>
    /// <param name="embedder">Knows what texts mean; null compares words only.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static List<CandidateSentence> Select(ReadPrompt prompt, StaticEmbeddingGenerator? embedder, CancellationToken cancellationToken)
    {
        var question = QuestionTerms.Of(prompt.Question);
        var candidates = new CandidateReader(question).Read(prompt, cancellationToken);
        if (question.Count == 0 || candidates.Count == 0)
            return [];

        var weights = new TermWeights(question, candidates);
        var meaning = embedder is null ? null : QuestionMeaning.Of(embedder, prompt);
        CandidateSentence? best = null, code = null;
        foreach (var candidate in candidates)
        {
            candidate.Score = Score(candidate, question, weights);
            if (meaning is not null)
                candidate.Score += MeaningScore(candidate, meaning);
            if (candidate.IsQuestion || candidate.IsNavigation)
                continue;
            ref var first = ref candidate.IsCode ? ref code : ref best;
            if (candidate.Score > (first?.Score ?? 0))
                first = candidate;
        }

        // A line of code explains nothing: it answers only who asks for code, and only where no sentence does.
        if (best is not null && EvidenceModel.IsAnswer(best, candidates, question, weights, meaning))
            return Extend(best, candidates);
        return code is not null && question.Cues.HasFlag(QuestionCues.Code) && EvidenceModel.IsAnswer(code, candidates, question, weights, meaning) ? Extend(code, candidates) : [];
    }

    private static double Score(CandidateSentence candidate, QuestionTerms question, TermWeights weights)
    {
        // Each term counts once, where it stands nearest.
        var own = candidate.Own.Bits;
        var heading = candidate.Heading.Bits & ~own;
        var outer = candidate.Outer & ~(own | candidate.Heading.Bits);
        var before = candidate.Before & ~candidate.Reach;
        var score = weights.Of(own) + HeadingCredit * weights.Of(heading) + OuterCredit * weights.Of(outer) + BeforeCredit * weights.Of(before);
        if (score == 0)
            return 0;

        score += PhraseBonus * weights.Of(candidate.Own.Pairs);
        score += HeadingMatchBonus * weights.HeadingMatch(candidate.Heading) / (1 + HeadingMatchDecay * candidate.Depth);
        score += RankBonus / (1 + candidate.SourceRank);

        var text = candidate.Text;
        if (question.Cues.HasFlag(QuestionCues.Definition))
            score += DefinitionBonus * weights.HeadingMatch(candidate.Subject);
        if (question.Cues.HasFlag(QuestionCues.Number) && AnswerCues.HasNumber(text))
            score += NumberBonus;
        if (question.Cues.HasFlag(QuestionCues.Reason) && AnswerCues.GivesReason(text))
            score += ReasonBonus;
        if (question.Cues.HasFlag(QuestionCues.Procedure) && AnswerCues.GivesStep(text))
            score += StepBonus;
        return score * KindFactor(candidate.Sentence.Kind, question.Cues) * LengthFactor(candidate.Own.Length);
    }

    private static double MeaningScore(CandidateSentence candidate, QuestionMeaning meaning)
    {
        var sentence = Math.Max(0, meaning.NearnessOf(candidate.Text, candidate.SourceRank));
        var source = Math.Max(0, meaning.NearnessOf(candidate.SourceRank));
        return MeaningBonus * (sentence + source) * LengthFactor(candidate.Own.Length);
    }

    /// <summary>A table row gives a value; it seldom says how or why.</summary>
    private static double KindFactor(SentenceKind kind, QuestionCues cues) => kind switch
    {
        SentenceKind.ListItem => 0.97,
        SentenceKind.TableRow => (cues & (QuestionCues.Procedure | QuestionCues.Reason)) != 0 ? 0.6 : 0.85,
        _ => 1,
    };

    /// <summary>Very short sentences seldom say anything; very long ones are seldom sentences.</summary>
    private static double LengthFactor(int terms) => terms switch
    {
        < 2 => 0.5,
        < 4 => 0.8,
        > 80 => 0.8,
        _ => 1,
    };

    private static List<CandidateSentence> Extend(CandidateSentence best, List<CandidateSentence> candidates)
    {
        List<CandidateSentence> chosen = [best];
        foreach (var candidate in candidates.Where(c => !c.IsQuestion && !c.IsNavigation && c.IsCode == best.IsCode && c.Score >= MinRelativeScore * best.Score).OrderByDescending(c => c.Score))
        {
            if (chosen.Count == MaxSentences)
                break;
            if (!chosen.Exists(other => Similarity(other, candidate) > MaxSimilarity))
                chosen.Add(candidate);
        }

        AddAnnounced(chosen, candidates);
        chosen.Sort((a, b) => a.SourceRank != b.SourceRank ? a.SourceRank.CompareTo(b.SourceRank) : a.Position.CompareTo(b.Position));
        return chosen;
    }

    /// <summary>A sentence that announces a list or a piece of code is no answer without it. Long code is left out: half of it is of no use.</summary>
    private static void AddAnnounced(List<CandidateSentence> chosen, List<CandidateSentence> candidates)
    {
        foreach (var lead in chosen.Where(sentence => sentence.Text[^1] == ':').ToList())
        {
            var first = candidates.IndexOf(lead) + 1;
            var end = first;
            while (end < candidates.Count && candidates[end].SourceRank == lead.SourceRank && candidates[end].Sentence.Kind is SentenceKind.ListItem or SentenceKind.Code
                && candidates[end].Sentence.Kind == candidates[first].Sentence.Kind)
                end++;
            var isCode = end > first && candidates[first].Sentence.Kind == SentenceKind.Code;
            if (isCode && end - first > MaxListItems)
                continue;
            foreach (var item in candidates.Take(first..Math.Min(end, first + MaxListItems)))
            {
                if (!chosen.Contains(item))
                    chosen.Add(item);
            }
        }
    }

    private static double Similarity(CandidateSentence a, CandidateSentence b)
    {
        if (ReferenceEquals(a, b))
            return 1;
        var (left, right) = (TermsOf(a), TermsOf(b));
        var shared = left.Count(right.Contains);
        return (double)shared / Math.Max(1, Math.Min(left.Count, right.Count));
    }

    private static HashSet<ulong> TermsOf(CandidateSentence sentence)
    {
        var terms = new List<ulong>();
        TextAnalyzer.English.AnalyzeHashes(sentence.Text, terms);
        return [.. terms];
    }
}
