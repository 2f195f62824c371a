using GenAI.Core.Guardrails;

namespace GenAI.Core.Injection;

/// <summary>What was found in a text, with the range in it.</summary>
internal readonly record struct InjectionFinding(TextRange Range, string Rule, float Score);

/// <summary>Looks for attacks in a text and in what is hidden in it. Safe for concurrent use.</summary>
internal sealed class InjectionDetector(InjectionModel model, float directThreshold, float indirectThreshold, int maxDepth)
{
    // How many sentences together are looked at; a long prompt says what it wants in several.
    private static readonly int[] Windows = [1, 3, 8];

    // Two words are a heading or a cell of a table.
    private const int FewestWords = 3;

    // Buffers of longer texts are not kept.
    private const int LongestKept = 1 << 16;

    [ThreadStatic]
    private static NormalText? _normal;

    /// <summary>What a user writes as an attack on the instructions of a model.</summary>
    public List<InjectionFinding> FindDirect(string text) => Find(text, isDirect: true, 0);

    /// <summary>Sentences in a document that are addressed to a model.</summary>
    public List<InjectionFinding> FindIndirect(string text) => Find(text, isDirect: false, 0);

    /// <summary>The highest score of a text itself, without rules and what is hidden in it.</summary>
    public float Score(string text, bool isDirect)
    {
        var normal = new NormalText();
        normal.Read(text);
        return Best(model.Score(normal.Text), isDirect).Score;
    }

    private List<InjectionFinding> Find(string text, bool isDirect, int depth)
    {
        var findings = new List<InjectionFinding>();
        var normal = _normal ?? new NormalText();
        _normal = null;
        normal.Read(text);
        FindPhrases(normal, findings);
        var sentences = model.Score(normal.Text);
        if (isDirect)
        {
            var (score, first, last) = Best(sentences, isDirect);
            if (score >= directThreshold)
                findings.Add(new InjectionFinding(Original(normal, TextRange.FromBounds(sentences[first].Range.Start, sentences[last].Range.End)), "prompt injection", score));
        }
        else
        {
            foreach (var sentence in sentences)
            {
                if (sentence.Words >= FewestWords && model.Indirect(sentence.Indirect, sentence.Features) is var score && score >= indirectThreshold)
                    findings.Add(new InjectionFinding(Original(normal, sentence.Range), "instructions to the model", score));
            }
        }

        if (text.Length <= LongestKept)
            _normal = normal;
        if (depth < maxDepth)
            FindHidden(text, isDirect, depth, findings);
        return findings;
    }

    private void FindHidden(string text, bool isDirect, int depth, List<InjectionFinding> findings)
    {
        var hidden = new List<(TextRange Range, string Text)>();
        HiddenTexts.Find(text, hidden);
        foreach (var (range, inside) in hidden)
        {
            // Of what is hidden the highest counts; where in it does not matter to who reads the text. Text that is hidden is written for a model in either case.
            var found = Find(inside, isDirect, depth + 1);
            if (found.Count == 0 && !isDirect)
                found = Find(inside, isDirect: true, depth + 1);
            if (found.Count > 0)
                findings.Add(found.MaxBy(finding => finding.Score) with { Range = range });
        }
    }

    private static void FindPhrases(NormalText normal, List<InjectionFinding> findings)
    {
        var scanner = new RuleScanner(InjectionRules.All);
        scanner.ReadWhole(normal.Text);
        var covered = 0L;
        foreach (var match in scanner.TakeSettled())
        {
            // Several rules may know the same phrase.
            if (match.End <= covered)
                continue;
            covered = match.End;
            findings.Add(new InjectionFinding(Original(normal, TextRange.FromBounds((int)match.Start, (int)match.End)), InjectionRules.All[match.Rule].Name, float.PositiveInfinity));
        }
    }

    private (float Score, int First, int Last) Best(List<SentenceScore> sentences, bool isDirect)
    {
        var best = (Score: float.NegativeInfinity, First: 0, Last: 0);
        foreach (var size in Windows)
        {
            var (sum, features, words) = (0, 0, 0);
            for (var i = 0; i < sentences.Count; i++)
            {
                sum += isDirect ? sentences[i].Direct : sentences[i].Indirect;
                features += sentences[i].Features;
                words += sentences[i].Words;
                if (i >= size)
                {
                    sum -= isDirect ? sentences[i - size].Direct : sentences[i - size].Indirect;
                    features -= sentences[i - size].Features;
                    words -= sentences[i - size].Words;
                }

                if ((i < size - 1 && i < sentences.Count - 1) || words < FewestWords)
                    continue;
                var score = isDirect ? model.Direct(sum, features) : model.Indirect(sum, features);
                if (score > best.Score)
                    best = (score, Math.Max(0, i - size + 1), i);
            }

            // Wider windows see the same.
            if (sentences.Count <= size || !isDirect)
                break;
        }

        return best;
    }

    private static TextRange Original(NormalText normal, TextRange range) => TextRange.FromBounds(normal.PlaceOf(range.Start), Math.Max(normal.PlaceOf(range.Start), normal.PlaceOf(range.End - 1) + 1));
}
