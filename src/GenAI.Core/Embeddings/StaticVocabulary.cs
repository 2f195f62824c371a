using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Embeddings;

/// <summary>Cuts a text into the tokens of a static embedding model of our own.</summary>
/// <remarks>
/// <para>A token is the stem of a word, found as keyword search finds it: folded, English stop words left out, English endings taken off. A word
/// that is not known is taken apart: at its capitals and digits (<c>GetWindowText</c>), and each part that is not known either into the longest known
/// words and pieces, from the left (<c>immunotherapy</c>). Besides, it is given <see cref="BucketsPerWord"/> of the buckets that its hash
/// names, so that two texts with the same unknown word still have something in common that others do not have.</para>
/// <para>Words are kept as <see cref="TermHash"/>es, as in the keyword index. The rows are those of the words, then those of the buckets.
/// Immutable and safe for concurrent use; each thread brings <see cref="StaticTokens"/> of its own.</para>
/// </remarks>
internal sealed class StaticVocabulary
{
    /// <summary>How many buckets an unknown word has.</summary>
    public const int BucketsPerWord = 2;

    // Shorter pieces are in every word and say nothing; longer ones are not looked for.
    private const int MinPiece = 3, MaxPiece = 16, MaxPieces = 6;

    private const int HeaderBytes = 12;
    private const int Version = 1;

    private readonly ulong[] _words;
    private readonly ulong[] _keys; // by slot; 0 where empty
    private readonly int[] _ids;
    private readonly int _mask;

    /// <param name="words">The <see cref="TermHash"/> of each word and piece, in the order of the rows; none twice, none 0.</param>
    /// <param name="buckets">The number of rows for unknown words; at least 1.</param>
    public StaticVocabulary(ReadOnlySpan<ulong> words, int buckets)
    {
        _words = words.ToArray();
        Buckets = buckets;
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, words.Length * 2));
        (_keys, _ids, _mask) = (new ulong[size], new int[size], size - 1);
        for (var i = 0; i < words.Length; i++)
        {
            var slot = SlotOf(words[i]);
            (_keys[slot], _ids[slot]) = (words[i], i);
        }
    }

    /// <summary>The number of rows: words, pieces and buckets.</summary>
    public int Count => _words.Length + Buckets;

    /// <summary>The number of words and pieces.</summary>
    public int Words => _words.Length;

    /// <summary>The number of buckets, whose rows follow those of the words.</summary>
    public int Buckets { get; }

    /// <summary>The hashes of the words, by row.</summary>
    public ReadOnlySpan<ulong> Hashes => _words;

    /// <summary>The row of a word's stem, or -1.</summary>
    public int Find(ulong hash)
    {
        var slot = SlotOf(hash);
        return _keys[slot] == hash ? _ids[slot] : -1;
    }

    /// <summary>Reads a vocabulary from the bytes that <see cref="ToBytes"/> wrote. The caller has checked them against a checksum.</summary>
    /// <exception cref="InvalidDataException">They are of another version, or not a vocabulary.</exception>
    public static StaticVocabulary FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
            throw new InvalidDataException($"The vocabulary has {bytes.Length} bytes; the smallest has {HeaderBytes}.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (version != Version)
            throw new InvalidDataException($"The vocabulary is of version {version}; this library reads version {Version}.");
        var words = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var buckets = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (words < 0 || buckets < 1 || bytes.Length != HeaderBytes + (long)words * sizeof(ulong))
            throw new InvalidDataException($"The vocabulary says that it has {words} words and {buckets} buckets, which does not fit its {bytes.Length} bytes.");

        var hashes = new ulong[words];
        for (var i = 0; i < words; i++)
            hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(HeaderBytes + i * sizeof(ulong))..]);
        return new StaticVocabulary(hashes, buckets);
    }

    /// <summary>The vocabulary as bytes, little-endian: version, number of words, number of buckets (4 bytes each), then the hash of each word (8 bytes).</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + _words.Length * sizeof(ulong)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), _words.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Buckets);
        for (var i = 0; i < _words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(HeaderBytes + i * sizeof(ulong)), _words[i]);
        return bytes;
    }

    /// <summary>Makes <paramref name="tokens"/> those of <paramref name="text"/>; none if it has no letters and digits but those of stop words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tokenize(ReadOnlySpan<char> text, StaticTokens tokens)
    {
        tokens.Clear();
        var words = new WordEnumerator(text);
        while (words.MoveNext())
        {
            var (start, length) = (words.Start, words.End - words.Start);
            if (!Tokenization.WordCache.Keeps(length))
            {
                foreach (var id in IdsOf(words.Current, words.Kind, tokens))
                    tokens.Add(id);
                continue;
            }

            var key = Tokenization.WordCache.Key(text, start, length);
            if (!tokens.Cache.TryGet(key, length, out var ids))
            {
                ids = IdsOf(words.Current, words.Kind, tokens);
                tokens.Cache.Keep(key, length, ids);
            }

            foreach (var id in ids)
                tokens.Add(id);
        }
    }

    private ReadOnlySpan<int> IdsOf(ReadOnlySpan<char> word, WordKind kind, StaticTokens tokens)
    {
        var sink = new WordTokens(this, tokens);
        if (kind is WordKind.Alphabetic or WordKind.Katakana)
            sink.AddParts(word);
        else
            WordPairs.Add(word, kind, tokens.Folded, ref sink);
        return tokens.Word.AsSpan(0, sink.Count);
    }

    private int SlotOf(ulong hash)
    {
        var slot = (int)(hash >> 20) & _mask;
        while (_keys[slot] != 0 && _keys[slot] != hash)
            slot = (slot + 1) & _mask;
        return slot;
    }

    /// <summary>Gathers the ids of one word.</summary>
    private struct WordTokens(StaticVocabulary vocabulary, StaticTokens tokens) : ITermSink
    {
        public static bool WantsHashes => false;

        public int Count { get; private set; }

        /// <summary>Adds the tokens of each part of a word that full stops and underscores make.</summary>
        public void AddParts(ReadOnlySpan<char> word)
        {
            if (TextAnalyzer.IsDottedAcronym(word))
            {
                Span<char> letters = stackalloc char[WordEnumerator.MaxLength + 2];
                var length = 0;
                foreach (var c in word)
                {
                    if (c != '.')
                        letters[length++] = c;
                }

                AddPart(letters[..length]);
                return;
            }

            var start = 0;
            for (var i = 0; i < word.Length; i++)
            {
                if (word[i] != '_' && (word[i] != '.' || TextAnalyzer.IsDecimalPoint(word, i)))
                    continue;
                AddPart(word[start..i]);
                start = i + 1;
            }

            AddPart(word[start..]);
        }

        // A pair of characters of a script without spaces: folded already, and nothing to take apart.
        public void Add(ReadOnlySpan<char> term)
        {
            var hash = TermHash.Of(term);
            if (vocabulary.Find(hash) is >= 0 and var id)
                Add(id);
            else
                AddBuckets(hash);
        }

        public void Add(ulong hash) => throw new InvalidOperationException("This sink takes characters.");

        private void AddPart(ReadOnlySpan<char> part)
        {
            Span<char> stem = tokens.Folded;
            if (!TryStem(part, ref stem))
                return;
            var hash = TermHash.Of(stem);
            if (vocabulary.Find(hash) is >= 0 and var id)
            {
                Add(id);
                return;
            }

            AddBuckets(hash);
            if (!AddCapitalized(part))
                AddPieces(stem);
        }

        // The parts that begin at capitals, and runs of digits, if there are several: XMLHttpRequest2 is xml, http, request and 2.
        private bool AddCapitalized(ReadOnlySpan<char> word)
        {
            var start = 0;
            for (var i = 1; i < word.Length; i++)
            {
                if (!BeginsPart(word, i))
                    continue;
                AddKnownOrPieces(word[start..i]);
                start = i;
            }

            if (start == 0)
                return false;
            AddKnownOrPieces(word[start..]);
            return true;
        }

        private void AddKnownOrPieces(ReadOnlySpan<char> part)
        {
            Span<char> stem = tokens.Folded;
            if (part.Length < 2 || !TryStem(part, ref stem))
                return;
            if (vocabulary.Find(TermHash.Of(stem)) is >= 0 and var id)
                Add(id);
            else
                AddPieces(stem);
        }

        private void AddPieces(ReadOnlySpan<char> stem)
        {
            // The pieces of a number are other numbers.
            if (stem.IndexOfAnyInRange('0', '9') >= 0)
                return;
            var pieces = 0;
            for (var i = 0; i + MinPiece <= stem.Length && pieces < MaxPieces;)
            {
                var length = Math.Min(MaxPiece, stem.Length - i);
                var id = -1;
                for (; length >= MinPiece && id < 0; length--)
                    id = vocabulary.Find(TermHash.Of(stem.Slice(i, length)));
                if (id < 0)
                {
                    i++;
                    continue;
                }

                Add(id);
                pieces++;
                i += length + 1;
            }
        }

        private void AddBuckets(ulong hash)
        {
            for (var i = 0; i < BucketsPerWord; i++)
            {
                Add(vocabulary.Words + (int)((hash >> 32) * (ulong)vocabulary.Buckets >> 32));
                hash = TermHash.Mix(hash, 0x9E3779B97F4A7C15);
            }
        }

        private void Add(int id)
        {
            if (Count == tokens.Word.Length)
                tokens.GrowWord();
            tokens.Word[Count++] = id;
        }

        // False for nothing and for stop words.
        private static bool TryStem(ReadOnlySpan<char> word, ref Span<char> stem)
        {
            stem = stem[..TextFolding.Fold(word, stem)];
            if (stem.IsEmpty || TextAnalyzer.English.IsStopWord(stem))
                return false;
            stem = stem[..TextAnalyzer.English.Stem(stem)];
            return !stem.IsEmpty;
        }

        private static bool BeginsPart(ReadOnlySpan<char> word, int i) =>
            char.IsAsciiDigit(word[i]) != char.IsAsciiDigit(word[i - 1])
            || char.IsUpper(word[i]) && (char.IsLower(word[i - 1]) || i + 1 < word.Length && char.IsLower(word[i + 1]));
    }
}
