using System.Runtime.CompilerServices;

namespace GenAI.Core.Text;

/// <summary>Takes the endings off English words: <c>running</c>, <c>runs</c> and <c>run</c> become <c>run</c>.</summary>
/// <remarks>
/// The Porter2 algorithm (M. F. Porter, "English stemmer", Snowball, 2001 to 2006) with its exceptions. It works in place and
/// never makes a word longer. The steps have the names that the paper gives them.
/// </remarks>
internal ref partial struct EnglishStemmer
{
    private readonly Span<char> _word;
    private int _length;
    private int _region1;
    private int _region2;

    private EnglishStemmer(Span<char> word)
    {
        _word = word;
        _length = word.Length;
        _region1 = 0;
        _region2 = 0;
    }

    /// <summary>Stems a word in lower case and returns the length of the stem, which stands at the start of the span.</summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= 2)
            return word.Length;

        var start = 0;
        while (start < word.Length && word[start] == '\'') start++;
        if (start > 0)
        {
            word[start..].CopyTo(word);
            word = word[..^start];
            if (word.Length <= 2)
                return word.Length;
        }

        if (Exception(word, out var length))
            return length;
        var stemmer = new EnglishStemmer(word);
        stemmer.Run();
        return stemmer._length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run()
    {
        MarkConsonantY();
        MarkRegions();
        Step0();
        Step1a();
        if (!IsInvariantAfterStep1a())
        {
            Step1b();
            Step1c();
            Step2();
            Step3();
            Step4();
            Step5();
        }

        _word[.._length].Replace('Y', 'y');
    }

    // A y that begins the word or follows a vowel is a consonant; written Y from here on.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MarkConsonantY()
    {
        for (var i = 0; i < _length; i++)
        {
            if (_word[i] == 'y' && (i == 0 || IsVowel(_word[i - 1])))
                _word[i] = 'Y';
        }
    }

    // R1 is what follows the first consonant after a vowel; R2 is the same within R1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MarkRegions()
    {
        ReadOnlySpan<char> word = _word[.._length];
        _region1 = word.StartsWith("gener") || word.StartsWith("arsen") ? 5 : word.StartsWith("commun") ? 6 : RegionAfter(0);
        _region2 = RegionAfter(_region1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int RegionAfter(int start)
    {
        for (var i = start + 1; i < _length; i++)
        {
            if (!IsVowel(_word[i]) && IsVowel(_word[i - 1]))
                return i + 1;
        }

        return _length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    // From the end, where most words differ from most suffixes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool Ends(ReadOnlySpan<char> suffix)
    {
        if (suffix.Length > _length)
            return false;
        for (int i = suffix.Length - 1, at = _length - 1; i >= 0; i--, at--)
        {
            if (_word[at] != suffix[i])
                return false;
        }

        return true;
    }

    private readonly bool InRegion1(int suffixLength) => _length - suffixLength >= _region1;

    private readonly bool InRegion2(int suffixLength) => _length - suffixLength >= _region2;

    private void Replace(int suffixLength, ReadOnlySpan<char> replacement)
    {
        _length -= suffixLength;
        replacement.CopyTo(_word[_length..]);
        _length += replacement.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool HasVowelBefore(int end)
    {
        for (var i = 0; i < end; i++)
        {
            if (IsVowel(_word[i]))
                return true;
        }

        return false;
    }

    // A vowel between consonants, the last not w, x or Y; or a vowel and a consonant that are the whole word.
    private readonly bool EndsInShortSyllable(int end)
    {
        if (end == 2)
            return IsVowel(_word[0]) && !IsVowel(_word[1]);
        return end > 2 && !IsVowel(_word[end - 3]) && IsVowel(_word[end - 2]) && !IsVowel(_word[end - 1]) && _word[end - 1] is not ('w' or 'x' or 'Y');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Exception(Span<char> word, out int length)
    {
        ReadOnlySpan<char> stem = word switch
        {
            "skis" => "ski",
            "skies" => "sky",
            "dying" => "die",
            "lying" => "lie",
            "tying" => "tie",
            "idly" => "idl",
            "gently" => "gentl",
            "ugly" => "ugli",
            "early" => "earli",
            "only" => "onli",
            "singly" => "singl",
            "sky" or "news" or "howe" or "atlas" or "cosmos" or "bias" or "andes" => word,
            _ => default,
        };
        length = stem.Length;
        if (length == 0)
            return false;
        stem.CopyTo(word);
        return true;
    }

    private readonly bool IsInvariantAfterStep1a() =>
        (ReadOnlySpan<char>)_word[.._length] is "inning" or "outing" or "canning" or "herring" or "earring" or "proceed" or "exceed" or "succeed";
}
