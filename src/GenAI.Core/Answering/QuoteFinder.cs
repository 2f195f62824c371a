using System.Text;
using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>Finds the characters of a source that support a claim, and makes the citation.</summary>
/// <remarks>
/// In order: the passage in front of the marker if it stands in the source word for word; the longest quotation in the claim that does; the claim itself;
/// otherwise the run of up to three sentences that shares most with the claim, by weight of its rarer words.
/// </remarks>
internal sealed class QuoteFinder(GroundedPrompt prompt)
{
    /// <summary>A shorter text stands in many places by chance; for it the sentence that fits the question is the better quote.</summary>
    private const int MinVerbatimLength = 24;

    private const int MinQuotationLength = 12;

    private const int MaxSentences = 3;

    /// <summary>What a further sentence must add to the covered share of the claim.</summary>
    private const double CostPerSentence = 0.15;

    /// <summary>The question's words only break ties between sentences that fit the claim equally.</summary>
    private const double QuestionWeight = 0.1;

    private readonly SourceSentences?[] _sentences = new SourceSentences?[prompt.Sources.Count];

    /// <summary>Cites the source that best supports the claim; null if the quote could not be verified.</summary>
    /// <param name="number">A source's number.</param>
    /// <param name="claim">The claim, as ranges of <paramref name="answer"/>.</param>
    /// <param name="answer">The answer so far.</param>
    public Citation? Cite(int number, CitedPassage claim, StringBuilder answer)
    {
        var source = prompt.Sources[number - 1];
        var local = Find(number, Slice(answer, claim.Passage), Slice(answer, claim.Statement), out var isPassage);
        var range = local with { Start = source.Range.Start + local.Start };
        var quote = local.Of(source.Text);
        if (!source.Holds(range, quote))
            return null;

        var claimed = isPassage ? claim.Passage : claim.Statement;
        var chunk = source.ChunkAt(range);
        return new Citation
        {
            Number = number,
            DocumentId = chunk.DocumentId,
            ChunkId = chunk.Id,
            Range = range,
            Quote = quote,
            AnswerRanges = claimed.IsEmpty ? [] : [claimed],
            Title = chunk.Title,
            Source = chunk.Source,
        };
    }

    /// <summary>One citation of the same characters for what both support.</summary>
    public static Citation Join(Citation first, Citation second) => first.With([.. first.AnswerRanges.Union(second.AnswerRanges)]);

    private TextRange Find(int number, string passage, string statement, out bool isPassage)
    {
        var source = prompt.Sources[number - 1].Text;
        isPassage = false;
        if (passage.Length >= MinVerbatimLength && VerbatimSearch.Find(source, passage) is { } whole)
        {
            isPassage = true;
            return whole;
        }

        return Quotation(source, statement)
            ?? (statement.Length >= MinVerbatimLength ? VerbatimSearch.Find(source, statement) : null)
            ?? (_sentences[number - 1] ??= new SourceSentences(source)).Best(statement, prompt.Question);
    }

    /// <summary>The longest text in quotation marks that the source holds.</summary>
    private static TextRange? Quotation(string source, string statement)
    {
        TextRange? best = null;
        for (var i = 0; i < statement.Length; i++)
        {
            var close = statement[i] switch { '"' => '"', '\u201C' => '\u201D', '\u201E' => '\u201C', '\u00AB' => '\u00BB', _ => '\0' };
            if (close == '\0')
                continue;
            var end = statement.IndexOf(close, i + 1);
            if (end < 0)
                continue;

            // American style puts the comma or full stop of the sentence inside.
            var quoted = statement.AsSpan(i + 1, end - i - 1);
            if (quoted.Length >= MinQuotationLength
                && (VerbatimSearch.Find(source, quoted) ?? VerbatimSearch.Find(source, quoted.TrimEnd(".,"))) is { } found
                && found.Length > (best?.Length ?? 0))
                best = found;
            i = end;
        }

        return best;
    }

    private static string Slice(StringBuilder text, TextRange range) => text.ToString(range.Start, range.Length);

    /// <summary>The sentences of a source with their terms, analysed once per answer.</summary>
    private sealed class SourceSentences
    {
        private readonly string _text;
        private readonly List<PassageSentence> _sentences;
        private readonly HashSet<string>[] _terms;
        private readonly Dictionary<string, int> _frequencies = new(StringComparer.Ordinal);

        public SourceSentences(string text)
        {
            _text = text;
            _sentences = PassageSentence.Split(text);
            if (_sentences.Exists(sentence => sentence.Kind != SentenceKind.Heading))
                _sentences.RemoveAll(sentence => sentence.Kind == SentenceKind.Heading);
            _terms = new HashSet<string>[_sentences.Count];
            for (var i = 0; i < _terms.Length; i++)
            {
                _terms[i] = [.. TextAnalyzer.English.Analyze(_sentences[i].In(text).ToString())];
                foreach (var term in _terms[i])
                    _frequencies[term] = _frequencies.GetValueOrDefault(term) + 1;
            }
        }

        public TextRange Best(string claim, string question)
        {
            if (_sentences.Count == 0)
                return TrimmedWhole();

            var weights = Weights(claim, 1);
            foreach (var (term, weight) in Weights(question, QuestionWeight))
                weights[term] = weights.GetValueOrDefault(term) + weight;

            var best = (First: 0, Last: 0, Score: 0.0);
            for (var first = 0; first < _sentences.Count; first++)
            {
                var seen = new HashSet<string>(StringComparer.Ordinal);
                var score = CostPerSentence;
                for (var last = first; last < Math.Min(first + MaxSentences, _sentences.Count); last++)
                {
                    score -= CostPerSentence;
                    foreach (var term in _terms[last])
                    {
                        if (weights.TryGetValue(term, out var weight) && seen.Add(term))
                            score += weight;
                    }

                    // The margin keeps the earlier and shorter of equals.
                    if (score > best.Score + 1e-9)
                        best = (first, last, score);
                }
            }

            return TextRange.FromBounds(_sentences[best.First].Range.Start, _sentences[best.Last].Range.End);
        }

        /// <summary>The weight of each term as its share of all, rarer ones more; together <paramref name="total"/> for what the source has.</summary>
        private Dictionary<string, double> Weights(string text, double total)
        {
            var weights = new Dictionary<string, double>(StringComparer.Ordinal);
            var sum = 0.0;
            foreach (var term in TextAnalyzer.English.Analyze(text))
            {
                if (!_frequencies.TryGetValue(term, out var frequency) || weights.ContainsKey(term))
                    continue;
                var weight = Math.Log(1 + (double)_sentences.Count / frequency);
                weights[term] = weight;
                sum += weight;
            }

            foreach (var term in weights.Keys)
                weights[term] *= total / sum;
            return weights;
        }

        private TextRange TrimmedWhole()
        {
            var start = _text.Length - _text.AsSpan().TrimStart().Length;
            return TextRange.FromBounds(start, start + _text.AsSpan().Trim().Length);
        }
    }
}
