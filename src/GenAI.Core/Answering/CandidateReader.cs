using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>Reads the sentences of a prompt's sources with an eye on the question's terms.</summary>
internal static class CandidateReader
{
    /// <summary>Two terms of the question count as one phrase if at most so many terms apart.</summary>
    private const int PhraseDistance = 2;

    public static List<CandidateSentence> Read(ReadPrompt prompt, QuestionTerms question, CancellationToken cancellationToken)
    {
        var candidates = new List<CandidateSentence>();
        var last = new int[64];
        for (var rank = 0; rank < prompt.Sources.Count; rank++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var source = prompt.Sources[rank];
            var header = Scan(source.Title, question, last).Own | Scan(source.Context, question, last).Own;
            foreach (var heading in source.Headings)
                header |= Scan(heading, question, last).Own;

            var sentences = PassageSentence.Split(source.Text);
            ulong heading_ = 0, before = 0;
            int depth = 0, block = -1;
            for (var position = 0; position < sentences.Count; position++)
            {
                var sentence = sentences[position];
                var text = sentence.In(source.Text);
                var scan = Scan(text.ToString(), question, last);
                var asks = text[^1] is '?' or '\uFF1F' || (text.EndsWith("?**", StringComparison.Ordinal));
                if (sentence.Kind == SentenceKind.Heading || asks)
                {
                    // What follows a question answers it, as it does a heading.
                    heading_ = scan.Own;
                    before = 0;
                    depth = 0;
                    block = sentence.Block;
                    if (sentence.Kind == SentenceKind.Heading)
                        continue;
                }
                else if (sentence.Block != block)
                {
                    before = 0;
                    block = sentence.Block;
                }

                candidates.Add(new CandidateSentence
                {
                    Source = source,
                    SourceRank = rank,
                    Sentence = sentence,
                    Position = position,
                    Depth = depth,
                    Own = scan.Own,
                    Pairs = scan.Pairs,
                    Heading = asks ? 0 : heading_,
                    Header = header,
                    Before = asks ? 0 : before,
                    Terms = scan.Terms,
                    WordCount = scan.Count,
                    IsQuestion = asks,
                });
                if (!asks)
                {
                    before |= scan.Own;
                    depth++;
                }
            }
        }

        return candidates;
    }

    private static (ulong Own, ulong Pairs, HashSet<string> Terms, int Count) Scan(string? text, QuestionTerms question, int[] last)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(text))
            return (0, 0, terms, 0);

        ulong own = 0, pairs = 0;
        Array.Fill(last, int.MinValue / 2);
        var at = 0;
        foreach (var term in TextAnalyzer.English.Analyze(text))
        {
            terms.Add(term);
            var bit = question.BitOf(term);
            if (bit >= 0)
            {
                own |= 1UL << bit;
                last[bit] = at;
                if (bit > 0 && at - last[bit - 1] <= PhraseDistance)
                    pairs |= 1UL << bit;
            }

            at++;
        }

        return (own, pairs, terms, at);
    }
}
