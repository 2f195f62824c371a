using System.Runtime.CompilerServices;

namespace GenAI.Core.Text;

internal ref partial struct EnglishStemmer
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step0()
    {
        if (Ends("'s'"))
            _length -= 3;
        else if (Ends("'s"))
            _length -= 2;
        else if (Ends("'"))
            _length -= 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step1a()
    {
        if (Ends("sses"))
            _length -= 2;
        else if (Ends("ied") || Ends("ies"))
            _length -= _length > 4 ? 2 : 1;
        else if (Ends("s") && !Ends("us") && !Ends("ss") && HasVowelBefore(_length - 2))
            _length -= 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step1b()
    {
        if (Ends("eedly") || Ends("eed"))
        {
            var suffix = Ends("eed") ? 3 : 5;
            if (InRegion1(suffix))
                Replace(suffix, "ee");
            return;
        }

        var length = Ends("ingly") ? 5 : Ends("edly") ? 4 : Ends("ing") ? 3 : Ends("ed") ? 2 : 0;
        if (length == 0 || !HasVowelBefore(_length - length))
            return;

        _length -= length;
        if (Ends("at") || Ends("bl") || Ends("iz"))
            Replace(0, "e");
        else if (_length >= 2 && _word[_length - 1] == _word[_length - 2] && _word[_length - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't')
            _length -= 1;
        else if (_region1 >= _length && EndsInShortSyllable(_length))
            Replace(0, "e");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Step1c()
    {
        if (_length > 2 && _word[_length - 1] is 'y' or 'Y' && !IsVowel(_word[_length - 2]))
            _word[_length - 1] = 'i';
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step2()
    {
        if (_length < 3)
            return;

        var (suffix, replacement) = _word[_length - 2] switch
        {
            'a' => Ends("ational") ? (7, "ate") : Ends("tional") ? (6, "tion") : default,
            'c' => Ends("enci") ? (4, "ence") : Ends("anci") ? (4, "ance") : default,
            'e' => Ends("izer") ? (4, "ize") : default,
            'g' => Ends("logi") ? (3, "og") : default,
            'l' => Ends("abli") ? (4, "able") : Ends("entli") ? (5, "ent") : Ends("alli") ? (4, "al") : Ends("ousli") ? (5, "ous")
                : Ends("fulli") ? (5, "ful") : Ends("lessli") ? (6, "less") : Ends("bli") ? (3, "ble")
                : Ends("li") && _length > 2 && _word[_length - 3] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't' ? (2, "") : default,
            'o' => Ends("ization") ? (7, "ize") : Ends("ation") ? (5, "ate") : Ends("ator") ? (4, "ate") : default,
            's' => Ends("alism") ? (5, "al") : Ends("fulness") ? (7, "ful") : Ends("ousness") ? (7, "ous") : Ends("iveness") ? (7, "ive") : default,
            't' => Ends("biliti") ? (6, "ble") : Ends("aliti") ? (5, "al") : Ends("iviti") ? (5, "ive") : default,
            _ => default((int, string)),
        };
        if (suffix > 0 && InRegion1(suffix))
            Replace(suffix, replacement);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step3()
    {
        var (suffix, replacement) = Ends("ational") ? (7, "ate") : Ends("tional") ? (6, "tion") : Ends("alize") ? (5, "al")
            : Ends("icate") || Ends("iciti") ? (5, "ic") : Ends("ical") ? (4, "ic") : Ends("ness") ? (4, "") : Ends("ful") ? (3, "")
            : Ends("ative") ? (5, "") : (0, "");
        if (suffix > 0 && InRegion1(suffix) && (!Ends("ative") || InRegion2(suffix)))
            Replace(suffix, replacement);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step4()
    {
        var suffix = Ends("ement") ? 5
            : Ends("ance") || Ends("ence") || Ends("able") || Ends("ible") || Ends("ment") ? 4
            : Ends("ant") || Ends("ent") || Ends("ism") || Ends("ate") || Ends("iti") || Ends("ous") || Ends("ive") || Ends("ize") || Ends("ion") ? 3
            : Ends("al") || Ends("er") || Ends("ic") ? 2 : 0;
        if (suffix > 0 && InRegion2(suffix) && (!Ends("ion") || _length > 3 && _word[_length - 4] is 's' or 't'))
            _length -= suffix;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step5()
    {
        if (Ends("e"))
        {
            if (InRegion2(1) || InRegion1(1) && !EndsInShortSyllable(_length - 1))
                _length -= 1;
        }
        else if (Ends("ll") && InRegion2(1))
            _length -= 1;
    }
}
