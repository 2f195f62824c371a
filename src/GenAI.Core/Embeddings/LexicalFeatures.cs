using System.Runtime.CompilerServices;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Embeddings;

/// <summary>Counts the features of one text after another and adds them up to a vector.</summary>
/// <remarks>
/// <para>Signed feature hashing (K. Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009): the hash of a
/// feature says which dimension it is added to, and with which sign, so that features that share a dimension cancel out on
/// average. The features are the stems of the words, pairs of neighbouring words, stop words left out, and the three-character
/// pieces of each word with its ends marked, which typing errors and other endings leave mostly alone.</para>
/// <para>A word that stands n times weighs n to the power of 3/4; its pieces together weigh as much as the word. The sums are whole
/// numbers and the rest is square roots and divisions, which IEEE 754 defines to the last bit. For one thread at a time.</para>
/// </remarks>
internal sealed class LexicalFeatures
{
    // Measured on SciFact and Cranfield, flat around these values; see docs/decisions/0012-lexical-embedder.md.
    private const double StopWordWeight = 0.125, PairWeight = 0.25;

    // Weights in fixed point: fine enough that rounding does not show, coarse enough that a text of 2^31 words cannot overflow 64 bits.
    private const double One = 1 << 14;

    private const ulong PieceSeed = 0xA4093822299F31D0, StemSeed = 0x082EFA98EC4E6C89;

    private readonly HashCounts _words = new();
    private readonly HashCounts _pairs = new();
    private readonly char[] _stem = new char[(WordEnumerator.MaxLength + 2) * TextFolding.MaxExpansion];
    // Few words make most texts: their stems are remembered from text to text, at the word's hash modulo the length.
    private readonly (ulong Hash, ulong Stem, bool IsStopWord)[] _stems = new (ulong, ulong, bool)[4096];

    private Word[] _seen = new Word[512];
    private char[] _characters = new char[4096];
    private int _length;
    private ulong _previous;
    private long[] _sums = [];

    private record struct Word(int Start, int Length, ulong Stem, bool IsStopWord);

    /// <summary>Writes the vector of <paramref name="text"/>; false, with nothing written, if the text has no features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryEmbed(ReadOnlySpan<char> text, Span<float> vector)
    {
        _words.Clear();
        _pairs.Clear();
        _length = 0;
        _previous = 0;
        if (_characters.Length > 1 << 20)
            (_characters, _seen) = (new char[4096], new Word[512]);
        var sink = new Sink(this);
        TextAnalyzer.Unicode.Analyze(text, ref sink);

        if (_sums.Length != vector.Length)
            _sums = new long[vector.Length];
        else
            Array.Clear(_sums);
        AddWords();
        for (var i = 0; i < _pairs.Count; i++)
            Add(_pairs.Hashes[i], ToFixed(PairWeight * Sublinear(_pairs.Counts[i])));
        return Normalize(vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(ReadOnlySpan<char> word)
    {
        var known = _words.Count;
        var hash = TermHash.Of(word);
        var place = _words.Add(hash);
        if (place == known)
            Remember(place, hash, word);

        ref readonly var seen = ref _seen[place];
        if (seen.IsStopWord)
            return;
        if (_previous != 0)
            _pairs.Add(TermHash.Combine(_previous, seen.Stem));
        _previous = seen.Stem;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Remember(int place, ulong hash, ReadOnlySpan<char> word)
    {
        if (place == _seen.Length)
            Array.Resize(ref _seen, place * 2);
        if (_length + word.Length > _characters.Length)
            Array.Resize(ref _characters, Math.Max(_length + word.Length, _characters.Length * 2));

        word.CopyTo(_characters.AsSpan(_length));
        ref var known = ref _stems[(int)(hash % (uint)_stems.Length)];
        if (known.Hash != hash)
        {
            word.CopyTo(_stem);
            var stem = TermHash.Of(_stem.AsSpan(0, TextAnalyzer.English.Stem(_stem.AsSpan(0, word.Length))));
            known = (hash, stem, TextAnalyzer.English.IsStopWord(word));
        }

        _seen[place] = new Word(_length, word.Length, known.Stem, known.IsStopWord);
        _length += word.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddWords()
    {
        var counts = _words.Counts;
        for (var i = 0; i < counts.Length; i++)
        {
            ref readonly var word = ref _seen[i];
            var weight = Sublinear(counts[i]) * (word.IsStopWord ? StopWordWeight : 1);
            Add(TermHash.Mix(word.Stem, StemSeed | 1), ToFixed(weight));
            if (word.Length > 1)
                AddPieces(_characters.AsSpan(word.Start, word.Length), ToFixed(weight / Math.Sqrt(word.Length)));
        }
    }

    // A word of n characters with its ends marked has n pieces of three.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPieces(ReadOnlySpan<char> word, long weight)
    {
        var piece = (ulong)'<' << 16 | word[0];
        for (var i = 1; i <= word.Length; i++)
        {
            piece = (piece << 16 | (i < word.Length ? word[i] : '>')) & 0xFFFF_FFFF_FFFF;
            Add(TermHash.Mix(piece ^ PieceSeed, StemSeed | 1), weight);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ulong hash, long weight)
    {
        var dimension = (int)Math.BigMul(hash, (ulong)_sums.Length, out _);
        _sums[dimension] += (hash & 1) == 0 ? weight : -weight;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Normalize(Span<float> vector)
    {
        // In order of dimensions, never vectorized: the sum's last bits depend on the order.
        var squares = 0.0;
        foreach (var sum in _sums)
            squares += (double)sum * sum;
        if (squares == 0)
            return false;

        var length = Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(_sums[i] / length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sublinear(int count) => count == 1 ? 1 : Math.Sqrt(count * Math.Sqrt(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToFixed(double weight) => (long)(weight * One + 0.5);

    private readonly struct Sink(LexicalFeatures features) : ITermSink
    {
        public static bool WantsHashes => false;

        public void Add(ReadOnlySpan<char> term) => features.Count(term);

        public void Add(ulong hash) => throw new InvalidOperationException("This sink takes characters.");
    }
}
