namespace GenAI.Core.Verification;

/// <summary>The sentences of a source that a claim is compared with.</summary>
internal sealed class EvidenceMatch
{
    private EvidenceMatch(EvidenceIndex index, int anchor, List<int> sentences, double coverage, double share)
    {
        (Index, Anchor, Coverage, Share) = (index, index.Statements[anchor], coverage, share);
        Statements = [.. sentences.Select(sentence => index.Statements[sentence])];
        First = sentences.Min();
        Last = sentences.Max();
    }

    /// <summary>A source whose sentence is within this of the best one is looked at too: a document repeats itself, and the checks tell which fits.</summary>
    private const double NearBest = 0.05;

    private const int MaxCandidates = 6;

    /// <summary>What a further sentence must add to the coverage.</summary>
    private const double MinGain = 0.12;

    private const int MaxSentences = 3;

    public EvidenceIndex Index { get; }

    /// <summary>The sentence that has most of the claim.</summary>
    public Statement Anchor { get; }

    /// <summary>The sentences, the anchor first.</summary>
    public Statement[] Statements { get; }

    public int First { get; }

    public int Last { get; }

    /// <summary>The share of the claim's words, by weight, that the sentences have; 0 to 1.</summary>
    public double Coverage { get; }

    /// <summary>The share of the anchor's words that the claim has: near 1, the claim is the sentence with something changed.</summary>
    public double Share { get; }

    /// <summary>Whether the claim is the anchor but for a few words.</summary>
    public bool IsNearVerbatim => Coverage >= 0.65 && Share >= 0.65;

    /// <summary>From the first to the last of the sentences where they stand together, otherwise the anchor.</summary>
    public TextRange Range => Last - First < MaxSentences
        ? TextRange.FromBounds(Index.Statements[First].Range.Start, Index.Statements[Last].Range.End)
        : Anchor.Range;

    /// <summary>Whether the evidence has a word, or one of the same meaning.</summary>
    public bool Has(WordEntry entry)
    {
        foreach (var statement in Statements)
        {
            foreach (var word in statement.Words)
            {
                if (word.Entry.Meaning == entry.Meaning || word.Entry.Stem == entry.Stem)
                    return true;
            }
        }

        return false;
    }

    /// <summary>The places of a source that have most of a claim, the best first; none where no word of it is there.</summary>
    public static List<EvidenceMatch> Find(Statement claim, EvidenceIndex index)
    {
        var terms = new Dictionary<ulong, double>();
        var total = 0.0;
        foreach (var word in claim.Words)
        {
            if (word.IsContent && !terms.ContainsKey(word.Entry.Meaning))
                total += terms[word.Entry.Meaning] = index.WeightOf(word.Entry.Meaning);
        }

        var scores = new Dictionary<int, double>();
        foreach (var (term, weight) in terms)
        {
            foreach (var sentence in index.SentencesOf(term))
                scores[sentence] = scores.GetValueOrDefault(sentence) + weight;
        }

        var found = new List<EvidenceMatch>();
        if (scores.Count == 0)
            return found;
        var best = scores.Values.Max();
        var anchors = scores.Where(pair => pair.Value >= best - NearBest * total).Select(pair => (Sentence: pair.Key, Score: pair.Value, Share: ShareOf(index.Statements[pair.Key], terms)))
            .OrderByDescending(anchor => anchor.Score + 0.02 * total * anchor.Share).ThenBy(anchor => anchor.Sentence).Take(MaxCandidates);
        foreach (var (sentence, score, share) in anchors)
        {
            var sentences = new List<int> { sentence };
            var gained = Extend(index, terms, total, scores, sentences);

            // What the whole source is about need not be said in every sentence.
            var about = terms.Where(term => index.IsInContext(term.Key) && !sentences.Exists(other => Stands(index, term.Key, other))).Sum(term => term.Value);
            var coverage = total > about ? (score + gained) / (total - about) : 0;
            found.Add(new EvidenceMatch(index, sentence, sentences, Math.Min(1, coverage), share));
        }

        return found;
    }

    /// <summary>Adds the sentences that have most of what is missing, if that is enough.</summary>
    private static double Extend(EvidenceIndex index, Dictionary<ulong, double> terms, double total, Dictionary<int, double> scores, List<int> sentences)
    {
        var gained = 0.0;
        var missing = new List<ulong>();
        foreach (var term in terms.Keys)
        {
            if (index.SentencesOf(term).Count > 0 && !Stands(index, term, sentences[0]))
                missing.Add(term);
        }

        while (missing.Count > 0 && sentences.Count < MaxSentences)
        {
            var gains = new Dictionary<int, double>();
            foreach (var term in missing)
            {
                foreach (var sentence in index.SentencesOf(term))
                    gains[sentence] = gains.GetValueOrDefault(sentence) + terms[term];
            }

            // A neighbour goes before a sentence far away.
            var best = gains.MaxBy(pair => pair.Value + (Math.Abs(pair.Key - sentences[0]) <= 2 ? 0.05 * total : 0) - 1e-6 * Math.Abs(pair.Key - sentences[0]));
            if (best.Value < MinGain * total)
                break;
            gained += best.Value;
            sentences.Add(best.Key);
            missing.RemoveAll(term => Stands(index, term, best.Key));
        }

        return gained;
    }

    private static bool Stands(EvidenceIndex index, ulong term, int sentence) => index.SentencesOf(term) is List<int> sentences && sentences.BinarySearch(sentence) >= 0;

    private static double ShareOf(Statement statement, Dictionary<ulong, double> terms)
    {
        int all = 0, shared = 0;
        foreach (var word in statement.Words)
        {
            if (!word.IsContent)
                continue;
            all++;
            shared += terms.ContainsKey(word.Entry.Meaning) ? 1 : 0;
        }

        return all == 0 ? 0 : (double)shared / all;
    }
}
