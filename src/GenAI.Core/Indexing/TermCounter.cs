using GenAI.Core.Text;

namespace GenAI.Core.Indexing;

/// <summary>Counts the terms of one text after another.</summary>
/// <remarks>For one thread at a time; pooled by its users.</remarks>
internal sealed class TermCounter
{
    private readonly HashCounts _terms = new();
    private int _length;

    /// <summary>Counts the terms that <paramref name="analyzer"/> finds in <paramref name="text"/>.</summary>
    public AnalyzedText Count(TextAnalyzer analyzer, ReadOnlySpan<char> text)
    {
        _terms.Clear();
        _length = 0;
        var sink = new Sink(this);
        analyzer.Analyze(text, ref sink);
        return new AnalyzedText(_terms.Hashes.ToArray(), _terms.Counts.ToArray(), _length);
    }

    private readonly struct Sink(TermCounter counter) : ITermSink
    {
        public static bool WantsHashes => true;

        public void Add(ReadOnlySpan<char> term) => Add(TermHash.Of(term));

        public void Add(ulong hash)
        {
            counter._length++;
            counter._terms.Add(hash);
        }
    }
}
