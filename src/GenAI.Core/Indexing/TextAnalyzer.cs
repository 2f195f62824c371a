using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using GenAI.Core.Text;

namespace GenAI.Core.Indexing;

/// <summary>Turns a text into the terms that keyword search matches.</summary>
/// <remarks>
/// <para>Words are found by the rules of UAX #29; case, diacritics and presentation forms are folded; dotted and underscored words
/// are taken apart (<c>System.Text</c>, <c>max_tokens</c>) but for numbers (<c>3.14</c>) and acronyms (<c>U.S.A.</c> becomes
/// <c>usa</c>); <c>C#</c> and <c>C++</c> are other terms than <c>c</c>. Scripts that put no spaces between words are cut into overlapping pairs of characters, and Han characters
/// are terms of their own too, so that search works in every language without a dictionary.</para>
/// <para>The result does not depend on the operating system, the culture or globalization-invariant mode. Immutable and safe for
/// concurrent use.</para>
/// </remarks>
public sealed class TextAnalyzer
{
    private readonly FrozenSet<string> _stopWords;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _isStopWord;
    private readonly bool _stemEnglish;
    private readonly ConcurrentBag<TermScratch> _scratch = [];

    /// <summary>Makes an analyzer.</summary>
    /// <param name="options">The options; <see langword="null"/> for the default, which is that of <see cref="English"/>. They are copied.</param>
    public TextAnalyzer(TextAnalyzerOptions? options = null)
    {
        options ??= new TextAnalyzerOptions();
        _stemEnglish = options.StemEnglish;
        _stopWords = (options.StopWords ?? []).Select(TextFolding.Fold).ToFrozenSet(StringComparer.Ordinal);
        _isStopWord = _stopWords.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Words, with case and diacritics folded, English stop words left out and English stemming. Other languages are unharmed by it.</summary>
    public static TextAnalyzer English { get; } = new();

    /// <summary>Words, with case and diacritics folded; for any language.</summary>
    public static TextAnalyzer Unicode { get; } = new(new TextAnalyzerOptions { StemEnglish = false, StopWords = null });

    /// <summary>The English words that <see cref="English"/> leaves out.</summary>
    public static IReadOnlySet<string> EnglishStopWords => Text.EnglishStopWords.All;

    /// <summary>The terms of <paramref name="text"/>, in order, with repetitions.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public IReadOnlyList<string> Analyze(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var terms = new StringSink([]);
        Analyze(text, ref terms);
        return terms.Terms;
    }

    /// <summary>Adds the <see cref="TermHash"/> of every term of <paramref name="text"/> to <paramref name="hashes"/>, in order, with repetitions.</summary>
    internal void AnalyzeHashes(ReadOnlySpan<char> text, List<ulong> hashes)
    {
        var sink = new HashSink(hashes);
        Analyze(text, ref sink);
    }

    /// <summary>Hands every term of <paramref name="text"/> to <paramref name="sink"/>, in order, with repetitions.</summary>
    // Optimised from the first call on, as the other loops over every word of an ingestion are: docs/decisions/0041-no-slow-start.md.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Analyze<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : struct, ITermSink
    {
        if (!_scratch.TryTake(out var scratch))
            scratch = new TermScratch();

        var words = new WordEnumerator(text);
        while (words.MoveNext())
        {
            if (words.IsPlain)
                AddPlain(words.Current, scratch, ref sink);
            else if (words.Kind is WordKind.Alphabetic or WordKind.Katakana)
                AddAlphabetic(words.Current, scratch, ref sink);
            else
                WordPairs.Add(words.Current, words.Kind, scratch.Folded, ref sink);
        }

        _scratch.Add(scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPlain<TSink>(ReadOnlySpan<char> word, TermScratch scratch, ref TSink sink)
        where TSink : struct, ITermSink
    {
        Span<char> folded = scratch.Folded;
        TextFolding.FoldAscii(word, folded);
        folded = folded[..word.Length];
        if (!TSink.WantsHashes)
        {
            AddFolded(folded, ref sink);
            return;
        }

        // Few words make most of a text: their stems are remembered by the hash of the word.
        var hash = TermHash.Of(folded);
        ref var known = ref scratch.Stems[(int)(hash % TermScratch.KnownStems)];
        if (known.Word != hash)
            known = (hash, _isStopWord.Contains(folded) ? 0 : TermHash.Of(folded[..Stem(folded)]));
        if (known.Stem != 0)
            sink.Add(known.Stem);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddAlphabetic<TSink>(ReadOnlySpan<char> word, TermScratch scratch, ref TSink sink)
        where TSink : struct, ITermSink
    {
        Span<char> folded = scratch.Folded;
        folded = folded[..TextFolding.Fold(word, folded)];
        if (IsDottedAcronym(folded))
        {
            var length = 0;
            foreach (var c in folded)
            {
                if (c != '.')
                    folded[length++] = c;
            }

            AddFolded(folded[..length], ref sink);
            return;
        }

        var start = 0;
        for (var i = 0; i < folded.Length; i++)
        {
            if (folded[i] != '_' && (folded[i] != '.' || IsDecimalPoint(folded, i)))
                continue;
            AddFolded(folded[start..i], ref sink);
            start = i + 1;
        }

        AddFolded(folded[start..], ref sink);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddFolded<TSink>(Span<char> folded, ref TSink sink)
        where TSink : struct, ITermSink
    {
        if (folded.IsEmpty || _isStopWord.Contains(folded))
            return;

        folded = folded[..Stem(folded)];
        if (!folded.IsEmpty)
            sink.Add(folded);
    }

    /// <summary>Whether a folded word is left out.</summary>
    internal bool IsStopWord(ReadOnlySpan<char> word) => _isStopWord.Contains(word);

    /// <summary>Stems a folded word in place and returns the length of the stem.</summary>
    internal int Stem(Span<char> word) =>
        _stemEnglish && !word.ContainsAnyExcept(StemmedCharacters) ? EnglishStemmer.Stem(word) : word.Length;

    private static readonly System.Buffers.SearchValues<char> StemmedCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz'");

    /// <summary>Whether a full stop stands between two digits.</summary>
    internal static bool IsDecimalPoint(ReadOnlySpan<char> word, int i) =>
        i > 0 && i + 1 < word.Length && char.IsAsciiDigit(word[i - 1]) && char.IsAsciiDigit(word[i + 1]);

    /// <summary>Whether a word is single letters with full stops between them.</summary>
    internal static bool IsDottedAcronym(ReadOnlySpan<char> word)
    {
        if (word.Length < 3 || (word.Length & 1) == 0)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if ((i & 1) == 1 ? word[i] != '.' : !char.IsLetter(word[i]))
                return false;
        }

        return true;
    }

    private readonly record struct StringSink(List<string> Terms) : ITermSink
    {
        public static bool WantsHashes => false;

        public void Add(ReadOnlySpan<char> term) => Terms.Add(term.ToString());

        public void Add(ulong hash) => throw new InvalidOperationException("This sink takes characters.");
    }

    private readonly record struct HashSink(List<ulong> Hashes) : ITermSink
    {
        public static bool WantsHashes => true;

        public void Add(ReadOnlySpan<char> term) => Hashes.Add(TermHash.Of(term));

        public void Add(ulong hash) => Hashes.Add(hash);
    }
}
