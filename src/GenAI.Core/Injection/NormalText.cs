namespace GenAI.Core.Injection;

/// <summary>
/// A text as a reader sees it, and as rules and the model read it: in small letters, without what is not seen, lookalikes as the letters they look like, and digits and signs in words as the letters they
/// are written for (<c>1gn0r3</c>). <c>l</c> is written <c>i</c>, since both are what <c>1</c> and <c>|</c> may stand for. Each character knows where it comes from.
/// </summary>
internal sealed class NormalText
{
    // The words of English that are all of digits in leetspeak are short.
    private const int LongestNumber = 3;

    private char[] _text = [];
    private int[] _places = [];
    private int _length;

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Where in the original a character comes from.</summary>
    public int PlaceOf(int index) => index < _length ? _places[index] : _length == 0 ? 0 : _places[_length - 1] + 1;

    /// <summary>Whether characters were left out that are not seen.</summary>
    public bool HasInvisible { get; private set; }

    /// <summary>Reads a text; what was read before is forgotten.</summary>
    public void Read(ReadOnlySpan<char> source)
    {
        if (_text.Length < source.Length)
            (_text, _places) = (new char[source.Length], new int[source.Length]);
        var (text, places) = (_text, _places);
        var length = 0;
        HasInvisible = false;

        // Where the word began, and whether it has a letter, and a digit or sign that may stand for one.
        var (word, hasLetter, hasSign) = (-1, false, false);

        // Whether the word before had digits or signs for letters: a number behind it is likely to be one too, such as 70 for "to".
        var isWritten = false;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            var place = i;
            if (char.IsHighSurrogate(c) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
                c = Lookalikes.OfAstral(char.ConvertToUtf32(c, source[++i]));
            else
                c = Lookalikes.Of(c);
            if (c == Lookalikes.Invisible)
            {
                HasInvisible = true;
                continue;
            }

            text[length] = c;
            places[length] = place;
            if (c is >= 'a' and <= 'z')
            {
                word = word < 0 ? length : word;
                hasLetter = true;
                if (c == 'l')
                    text[length] = 'i';
            }
            else if (c is (>= '0' and <= '9') or '@' or '$' or '|' or '!')
            {
                word = word < 0 ? length : word;
                hasSign = true;
            }
            else
            {
                if (word >= 0)
                {
                    isWritten = hasSign && (hasLetter || (isWritten && length - word <= LongestNumber)) && Letters(text.AsSpan(word..length));
                    (word, hasLetter, hasSign) = (-1, false, false);
                }
            }

            length++;
        }

        if (hasSign && (hasLetter || (isWritten && length - word <= LongestNumber)))
            Letters(text.AsSpan(word..length));
        _length = length;
    }

    /// <summary>Writes a pattern or word the way texts are written here.</summary>
    public static string Canonical(string text) => text.Replace('l', 'i');

    // Whether there was anything to write.
    private static bool Letters(Span<char> word)
    {
        // Signs behind a word are punctuation.
        word = word.TrimEnd("!|".AsSpan());
        if (!word.ContainsAnyInRange('0', '9') && !word.ContainsAny("@$|!"))
            return false;
        foreach (ref var c in word)
        {
            c = c switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                '8' => 'b',
                '9' or '6' => 'g',
                _ => c,
            };
        }

        return true;
    }
}
