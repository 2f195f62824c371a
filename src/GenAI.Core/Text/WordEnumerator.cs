using System.Runtime.CompilerServices;

namespace GenAI.Core.Text;

/// <summary>Finds the words of a text, one after the other, without allocating.</summary>
/// <remarks>
/// <para>The word boundaries of Unicode (UAX #29) between letters, digits and marks: <c>don't</c>, <c>3.14</c>, <c>e.g</c> and
/// <c>snake_case</c> are one word, <c>well-known</c> is two. It departs from the standard where search would suffer: runs of
/// scripts that put no spaces between words come as one range with their <see cref="Kind"/> (the standard would return single
/// characters, or would need a dictionary), Hangul is kept apart from Latin letters, the colon joins nothing, <c>C#</c>, <c>F#</c>,
/// <c>J#</c> and <c>C++</c> keep their signs, and a word ends after <see cref="MaxLength"/> characters, so a megabyte without spaces is many words.</para>
/// <para>Time is linear in the text. Every letter and digit is in exactly one word; a surrogate pair is never cut.</para>
/// </remarks>
internal ref struct WordEnumerator(ReadOnlySpan<char> text)
{
    /// <summary>The longest alphabetic word, in UTF-16 code units (one more where a pair would be cut).</summary>
    public const int MaxLength = 128;

    private readonly ReadOnlySpan<char> _text = text;
    private int _end;

    /// <summary>Index of the word's first character.</summary>
    public int Start { get; private set; }

    /// <summary>Index one past the word's last character.</summary>
    public readonly int End => _end;

    /// <summary>What the word is made of.</summary>
    public WordKind Kind { get; private set; }

    /// <summary>Whether the word has only ASCII letters and digits, or names a programming language: nothing to fold but case, nothing to take apart.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>The word's characters.</summary>
    public readonly ReadOnlySpan<char> Current => _text[Start.._end];

    /// <summary>The word's range in the text.</summary>
    public readonly TextRange Range => new(Start, _end - Start);

    /// <summary>Moves to the next word; false at the end of the text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MoveNext()
    {
        var text = _text;
        var classes = CharacterClasses.OfCodeUnits;
        var i = _end;
        while (i < text.Length)
        {
            var first = (CharacterClass)classes[text[i]];
            if (first < CharacterClass.Digit && (first < CharacterClass.Surrogate || !StartsWord(i)))
            {
                i++;
                continue;
            }

            var j = i;
            var limit = Math.Min(text.Length, i + MaxLength);
            while (j < limit && text[j] < 0x80 && classes[text[j]] >= (byte)CharacterClass.Digit) j++;
            Start = i;
            if (j > i && (j == text.Length || j == limit || !MayJoin(j)))
            {
                _end = j == i + 1 && j < text.Length && text[j] is '#' or '+' ? j + LanguageSign(i) : j;
                Kind = WordKind.Alphabetic;
                IsPlain = true;
                return true;
            }

            IsPlain = false;
            _end = FindEnd(i);
            return true;
        }

        _end = i;
        return false;
    }

    // The length of the sign behind a letter where both name a programming language: C#, F#, J#, C++.
    private readonly int LanguageSign(int letter)
    {
        var sign = _text[(letter + 1)..];
        return TextFolding.ToLowerAscii(_text[letter]) switch
        {
            'c' when sign.StartsWith("++") && sign is not ['+', '+', '+', ..] => 2,
            'c' or 'f' or 'j' when sign[0] == '#' && (sign.Length == 1 || !(char.IsLetter(sign[1]) || sign[1] is '_' or '#')) => 1,
            _ => 0,
        };
    }

    // Whether a word of ASCII letters and digits may go on with the character at i: not with a space, nor with a comma and a space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool MayJoin(int i)
    {
        var classes = CharacterClasses.OfCodeUnits;
        return (CharacterClass)classes[_text[i]] switch
        {
            CharacterClass.Other => false,
            CharacterClass.MidLetter or CharacterClass.MidNumber or CharacterClass.MidAny => i + 1 < _text.Length && classes[_text[i + 1]] != (byte)CharacterClass.Other,
            _ => true,
        };
    }

    // A pair starts a word if it makes a letter; underscores do if they lead to a letter or digit.
    private readonly bool StartsWord(int i)
    {
        if (_text[i] >= 0x80)
            return ClassAt(i, out _) >= CharacterClass.Digit;
        return i + 1 < _text.Length && ClassAt(i + 1, out _) is CharacterClass.Digit or CharacterClass.Letter;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindEnd(int start)
    {
        var previous = ClassAt(start, out var width);
        Kind = previous switch
        {
            CharacterClass.Han or CharacterClass.Hiragana => WordKind.Ideographic,
            CharacterClass.Katakana => WordKind.Katakana,
            CharacterClass.Hangul => WordKind.Hangul,
            CharacterClass.SouthEastAsian => WordKind.SouthEastAsian,
            _ => WordKind.Alphabetic,
        };

        var i = start + width;
        while (i < _text.Length)
        {
            if (i - start >= MaxLength && Kind is WordKind.Alphabetic or WordKind.Katakana)
                break;

            var current = ClassAt(i, out width);
            if (current == CharacterClass.Mark)
            {
                i += width;
                continue;
            }

            if (!Continues(current, previous, i))
                break;
            if (current >= CharacterClass.Connector)
                previous = current;
            i += width;
        }

        return i;
    }

    private readonly bool Continues(CharacterClass current, CharacterClass previous, int i) => Kind switch
    {
        WordKind.Ideographic => current is CharacterClass.Han or CharacterClass.Hiragana || _text[i] == '\u30FC',
        WordKind.Katakana => current == CharacterClass.Katakana,
        WordKind.Hangul => current == CharacterClass.Hangul,
        WordKind.SouthEastAsian => current == CharacterClass.SouthEastAsian,
        _ => current switch
        {
            CharacterClass.Letter or CharacterClass.Digit or CharacterClass.Connector => true,
            CharacterClass.MidAny => previous is CharacterClass.Letter or CharacterClass.Digit && NextClass(i + 1) == previous,
            CharacterClass.MidLetter => previous == CharacterClass.Letter && NextClass(i + 1) == CharacterClass.Letter,
            CharacterClass.MidNumber => previous == CharacterClass.Digit && NextClass(i + 1) == CharacterClass.Digit,
            // Hebrew acronyms have a quotation mark before the last letter.
            _ => _text[i] == '"' && IsHebrew(_text[i - 1]) && i + 1 < _text.Length && IsHebrew(_text[i + 1]),
        },
    };

    private readonly CharacterClass NextClass(int i)
    {
        while (i < _text.Length)
        {
            var next = ClassAt(i, out var width);
            if (next != CharacterClass.Mark)
                return next;
            i += width;
        }

        return CharacterClass.Other;
    }

    private readonly CharacterClass ClassAt(int i, out int width)
    {
        var c = _text[i];
        var result = (CharacterClass)CharacterClasses.OfCodeUnits[c];
        width = 1;
        if (result != CharacterClass.Surrogate)
            return result;
        if (!char.IsHighSurrogate(c) || i + 1 == _text.Length || !char.IsLowSurrogate(_text[i + 1]))
            return CharacterClass.Other;
        width = 2;
        return CharacterClasses.OfSurrogates(c, _text[i + 1]);
    }

    private static bool IsHebrew(char c) => c is >= '\u05D0' and <= '\u05EA';
}
