using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>A source, read: its sentences, and in which of them each word stands.</summary>
internal sealed class EvidenceIndex
{
    /// <summary>A longer run without the end of a sentence is read in parts: claims are compared with all words of a sentence.</summary>
    private const int MaxLength = 2048;

    private readonly Dictionary<ulong, List<int>> _sentencesOf = [];
    private readonly HashSet<ulong> _names = [];
    private readonly HashSet<ulong> _context = [];
    private readonly Lazy<string> _normalized;

    public EvidenceIndex(string text, string? context)
    {
        Text = text;
        _normalized = new Lazy<string>(() => VerbatimText.Normalize(Text));
        var ranges = new List<TextRange>();
        SentenceSegmenter.Segment(text, ranges);
        if (ranges.Exists(range => range.Length > MaxLength))
            ranges = [.. ranges.SelectMany(Parts)];
        Statements = new Statement[ranges.Count];
        for (var i = 0; i < ranges.Count; i++)
        {
            var statement = Statements[i] = Statement.Read(text, ranges[i], []);
            foreach (var word in statement.Words)
            {
                if ((word.Traits & (WordTraits.Capital | WordTraits.First)) == WordTraits.Capital && !word.Entry.IsStop)
                    _names.Add(word.Entry.Stem);
                if (!word.IsContent)
                    continue;
                if (!_sentencesOf.TryGetValue(word.Entry.Meaning, out var sentences))
                    _sentencesOf.Add(word.Entry.Meaning, sentences = []);
                if (sentences.Count == 0 || sentences[^1] != i)
                    sentences.Add(i);
            }
        }

        if (context is null)
            return;
        foreach (var word in WordReader.Read(context, new TextRange(0, context.Length), []))
            _context.Add(word.Entry.Meaning);
    }

    public string Text { get; }

    /// <summary>The text as quotations are compared with it.</summary>
    public string Normalized => _normalized.Value;

    public Statement[] Statements { get; }

    /// <summary>Whether the source writes a word, by its stem, with a capital inside a sentence.</summary>
    public bool IsName(ulong stem) => _names.Contains(stem);

    /// <summary>Whether what the source is about names a word, by its meaning.</summary>
    public bool IsInContext(ulong meaning) => _context.Contains(meaning);

    /// <summary>The sentences that a word stands in, by its meaning.</summary>
    public IReadOnlyList<int> SentencesOf(ulong meaning) => _sentencesOf.TryGetValue(meaning, out var sentences) ? sentences : [];

    /// <summary>How much a word weighs: more if few sentences have it, most if none has.</summary>
    public double WeightOf(ulong meaning) => Math.Log(1 + (Statements.Length + 1) / (SentencesOf(meaning).Count + 0.5));

    private IEnumerable<TextRange> Parts(TextRange range)
    {
        while (range.Length > MaxLength)
        {
            var cut = Text.LastIndexOf(' ', range.Start + MaxLength - 1, MaxLength / 2);
            var end = cut > range.Start ? cut : range.Start + MaxLength - (char.IsHighSurrogate(Text[range.Start + MaxLength - 1]) ? 1 : 0);
            yield return TextRange.FromBounds(range.Start, end);
            range = TextRange.FromBounds(end, range.End);
        }

        yield return range;
    }
}
