using System.Runtime.InteropServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>Reads the sentences of a prompt's sources with an eye on the question's terms. One reader reads one prompt.</summary>
internal sealed class CandidateReader(QuestionTerms question)
{
    /// <summary>Two terms of the question count as one phrase if at most so many terms apart.</summary>
    private const int PhraseDistance = 2;

    private readonly List<ulong> _hashes = [];
    private readonly int[] _last = new int[64];
    private readonly List<CandidateSentence> _candidates = [];

    public List<CandidateSentence> Read(ReadPrompt prompt, CancellationToken cancellationToken)
    {
        for (var rank = 0; rank < prompt.Sources.Count; rank++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Read(prompt.Sources[rank], rank);
        }

        return _candidates;
    }

    private void Read(ReadSource source, int rank)
    {
        var outer = Scan(source.Title).Bits | Scan(source.Context).Bits;
        var heading = default(TermScan);
        foreach (var section in source.Headings)
        {
            outer |= heading.Bits;
            heading = Scan(section);
        }

        var sentences = PassageSentence.Split(source.Text);
        ulong before = 0, lead = 0, columns = 0;
        int depth = 0, block = -1;
        for (var position = 0; position < sentences.Count; position++)
        {
            var sentence = sentences[position];
            var text = sentence.In(source.Text);
            var scan = Scan(text);
            var asks = Asks(text);
            if (sentence.Kind == SentenceKind.Heading || asks)
            {
                // What follows a question answers it, as what follows a heading does.
                heading = scan;
                before = lead = columns = 0;
                depth = 0;
                block = sentence.Block;
                if (sentence.Kind == SentenceKind.Heading)
                    continue;
            }
            else if (sentence.Block != block)
            {
                // A list belongs to the paragraph in front of it.
                if (sentence.Kind is SentenceKind.Prose)
                    lead = 0;
                before = lead;
                block = sentence.Block;

                // A table's first row names its columns.
                if (sentence.Kind != SentenceKind.TableRow)
                    columns = 0;
                else if (columns == 0)
                    columns = scan.Bits;
                before |= columns;
            }

            _candidates.Add(new CandidateSentence
            {
                Source = source,
                SourceRank = rank,
                Sentence = sentence,
                Position = position,
                Depth = depth,
                Own = scan,
                Heading = asks ? default : heading,
                Outer = outer,
                Before = asks ? 0 : before,
                IsQuestion = asks,
                Subject = scan.Bits != 0 && question.Cues.HasFlag(QuestionCues.Definition) ? Scan(AnswerCues.SubjectOf(text)) : default,
                IsNavigation = SentenceShape.IsNavigation(text),
                IsCode = sentence.Kind == SentenceKind.Code || (sentence.Kind != SentenceKind.TableRow && SentenceShape.IsCode(text)),
            });
            if (asks)
                continue;
            before |= scan.Bits;
            if (sentence.Kind is SentenceKind.Prose)
                lead |= scan.Bits;
            depth++;
        }
    }

    private static bool Asks(ReadOnlySpan<char> sentence) => sentence.TrimEnd("*_\"'\u201D )") is [.., '?' or '\uFF1F' or '\u061F'];

    private TermScan Scan(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return default;

        _hashes.Clear();
        TextAnalyzer.English.AnalyzeHashes(text, _hashes);
        ulong bits = 0, pairs = 0;
        Array.Fill(_last, int.MinValue / 2);
        var at = 0;
        foreach (var term in CollectionsMarshal.AsSpan(_hashes))
        {
            var bit = question.BitOf(term);
            if (bit >= 0)
            {
                bits |= 1UL << bit;
                _last[bit] = at;
                if (bit > 0 && at - _last[bit - 1] <= PhraseDistance)
                    pairs |= 1UL << bit;
            }

            at++;
        }

        return new TermScan(bits, pairs, at);
    }
}
