using GenAI.Core.Text;

namespace GenAI.Core.Indexing;

/// <summary>Counts the terms of one text after another.</summary>
/// <remarks>For one thread at a time; pooled by its users.</remarks>
internal sealed class TermCounter
{
    private ulong[] _keys = new ulong[1024];
    private int[] _places = new int[1024];
    private ulong[] _terms = new ulong[512];
    private int[] _counts = new int[512];
    private int _distinct;
    private int _length;

    /// <summary>Counts the terms that <paramref name="analyzer"/> finds in <paramref name="text"/>, in order of first occurrence.</summary>
    public AnalyzedText Count(TextAnalyzer analyzer, ReadOnlySpan<char> text)
    {
        var sink = new Sink(this);
        analyzer.Analyze(text, ref sink);
        var result = new AnalyzedText(_terms.AsSpan(0, _distinct).ToArray(), _counts.AsSpan(0, _distinct).ToArray(), _length);
        Clear();
        return result;
    }

    private void Add(ulong term)
    {
        _length++;
        var mask = _keys.Length - 1;
        var i = (int)(term >> 32) & mask;
        while (_keys[i] != 0)
        {
            if (_keys[i] == term)
            {
                _counts[_places[i]]++;
                return;
            }

            i = (i + 1) & mask;
        }

        _keys[i] = term;
        _places[i] = _distinct;
        _terms[_distinct] = term;
        _counts[_distinct] = 1;
        if (++_distinct == _terms.Length)
            Grow();
    }

    private void Grow()
    {
        Array.Resize(ref _terms, _distinct * 2);
        Array.Resize(ref _counts, _distinct * 2);
        _keys = new ulong[_distinct * 4];
        _places = new int[_distinct * 4];
        for (var place = 0; place < _distinct; place++)
        {
            var i = (int)(_terms[place] >> 32) & (_keys.Length - 1);
            while (_keys[i] != 0) i = (i + 1) & (_keys.Length - 1);
            _keys[i] = _terms[place];
            _places[i] = place;
        }
    }

    private void Clear()
    {
        // A huge text must not make every later one pay for a huge table.
        if (_keys.Length > 1 << 16)
        {
            _keys = new ulong[1024];
            _places = new int[1024];
            _terms = new ulong[512];
            _counts = new int[512];
        }
        else
            Array.Clear(_keys);

        _distinct = 0;
        _length = 0;
    }

    private readonly struct Sink(TermCounter counter) : ITermSink
    {
        public static bool WantsHashes => true;

        public void Add(ReadOnlySpan<char> term) => counter.Add(TermHash.Of(term));

        public void Add(ulong hash) => counter.Add(hash);
    }
}
