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
    private const double DefinitionBonus = 0.1;
    private const double NumberBonus = 0.15;
    private const double ReasonBonus = 0.08;

    private const int MaxSentences = 3;

    /// <summary>How many items of a list are shown behind the sentence that introduces it.</summary>
    private const int MaxListItems = 5;

    /// <summary>A further sentence must score this share of the best one.</summary>
    private const double MinRelativeScore = 0.8;

    /// <summary>Two sentences of which the shorter shares more of its terms than this say the same.</summary>
    private const double MaxSimilarity = 0.6;

    /// <summary>Chooses sentences, in reading order; none if nothing answers.</summary>
    public static List<CandidateSentence> Select(ReadPrompt prompt, CancellationToken cancellationToken)
    {
        var question = QuestionTerms.Of(prompt.Question);
        var candidates = new CandidateReader(question).Read(prompt, cancellationToken);
        if (question.Count == 0 || candidates.Count == 0)
            return [];

        var weights = new TermWeights(question, candidates);
        CandidateSentence? best = null;
        foreach (var candidate in candidates)
        {
            candidate.Score = Score(candidate, question, weights);
            if (!candidate.IsQuestion && candidate.Score > (best?.Score ?? 0))
                best = candidate;
        }

        return best is not null && EvidenceModel.IsAnswer(best, candidates, question, weights) ? Extend(best, candidates) : [];
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
        if (question.Cues.HasFlag(QuestionCues.Definition) && own != 0 && AnswerCues.IsDefinition(text))
            score += DefinitionBonus;
        if (question.Cues.HasFlag(QuestionCues.Number) && AnswerCues.HasNumber(text))
            score += NumberBonus;
        if (question.Cues.HasFlag(QuestionCues.Reason) && AnswerCues.GivesReason(text))
            score += ReasonBonus;
        return score * KindFactor(candidate.Sentence.Kind) * LengthFactor(candidate.Own.Length) * SignFactor(text);
    }

    private static double KindFactor(SentenceKind kind) => kind switch
    {
        SentenceKind.Prose => 1,
        SentenceKind.ListItem => 0.97,
        SentenceKind.TableRow => 0.85,
        _ => 0.5,
    };

    /// <summary>Very short sentences seldom say anything; very long ones are seldom sentences.</summary>
    private static double LengthFactor(int terms) => terms switch
    {
        < 2 => 0.5,
        < 4 => 0.8,
        > 80 => 0.8,
        _ => 1,
    };

    /// <summary>Many signs of programming and markup languages make it code that nobody fenced.</summary>
    private static double SignFactor(ReadOnlySpan<char> text)
    {
        var signs = 0;
        foreach (var c in text)
            signs += c is '{' or '}' or '=' or ';' or '<' or '>' or '_' or '(' or ')' or '[' or ']' or '"' or '\\' or '$' ? 1 : 0;
        return signs > 2 + 0.06 * text.Length ? 0.7 : 1;
    }

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

        AddListItems(chosen, candidates);
        chosen.Sort((a, b) => a.SourceRank != b.SourceRank ? a.SourceRank.CompareTo(b.SourceRank) : a.Position.CompareTo(b.Position));
        return chosen;
    }

    /// <summary>A sentence that announces a list is no answer without it.</summary>
    private static void AddListItems(List<CandidateSentence> chosen, List<CandidateSentence> candidates)
    {
        foreach (var lead in chosen.Where(sentence => sentence.Text[^1] == ':').ToList())
        {
            var first = candidates.IndexOf(lead) + 1;
            for (var i = first; i < Math.Min(candidates.Count, first + MaxListItems); i++)
            {
                if (candidates[i].SourceRank != lead.SourceRank || candidates[i].Sentence.Kind != SentenceKind.ListItem)
                    break;
                if (!chosen.Contains(candidates[i]))
                    chosen.Add(candidates[i]);
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
