using System.Globalization;

namespace GenAI.Core.Text;

/// <summary>What a character means for the boundaries of words (after UAX #29, table 3).</summary>
internal enum CharacterClass : byte
{
    /// <summary>Not part of a word: spaces, punctuation, symbols.</summary>
    Other,

    /// <summary>Joins two letters: middle dot, Hebrew and Armenian signs.</summary>
    MidLetter,

    /// <summary>Joins two digits: comma, semicolon.</summary>
    MidNumber,

    /// <summary>Joins two letters or two digits: full stop, apostrophes.</summary>
    MidAny,

    /// <summary>Goes with what stands before it: combining marks, joiners, format characters.</summary>
    Mark,

    /// <summary>Half of a surrogate pair: ask <see cref="CharacterClasses.OfSurrogates"/>.</summary>
    Surrogate,

    /// <summary>From here on, a character of a word. The underscore and its relatives.</summary>
    Connector,

    /// <summary>A digit, also a super- or subscript one.</summary>
    Digit,

    /// <summary>A letter of a script with spaces between words.</summary>
    Letter,

    /// <summary>A Han character.</summary>
    Han,

    /// <summary>Hiragana.</summary>
    Hiragana,

    /// <summary>Katakana.</summary>
    Katakana,

    /// <summary>Hangul.</summary>
    Hangul,

    /// <summary>A letter of a script of South-East Asia without spaces between words.</summary>
    SouthEastAsian,
}

/// <summary>The <see cref="CharacterClass"/> of each character.</summary>
/// <remarks>From <see cref="CharUnicodeInfo"/>, whose data is part of the runtime and does not vary with the operating system.</remarks>
internal static class CharacterClasses
{
    /// <summary>The class of each UTF-16 code unit.</summary>
    public static readonly byte[] OfCodeUnits = MakeTable();

    /// <summary>The class of the character that two surrogates make.</summary>
    public static CharacterClass OfSurrogates(char high, char low)
    {
        var codePoint = char.ConvertToUtf32(high, low);
        return codePoint switch
        {
            >= 0x20000 and <= 0x3FFFF => CharacterClass.Han,
            0x1B000 or >= 0x1B120 and <= 0x1B122 or >= 0x1B164 and <= 0x1B167 or >= 0x1AFF0 and <= 0x1AFFF => CharacterClass.Katakana,
            >= 0x1B001 and <= 0x1B16F => CharacterClass.Hiragana,
            >= 0x11700 and <= 0x1174F => OfCategory(codePoint, CharacterClass.SouthEastAsian), // Ahom
            _ => OfCategory(codePoint, CharacterClass.Letter),
        };
    }

    private static byte[] MakeTable()
    {
        var table = new byte[0x10000];
        for (var c = 0; c < table.Length; c++)
            table[c] = (byte)OfCodeUnit((char)c);
        return table;
    }

    private static CharacterClass OfCodeUnit(char c) => c switch
    {
        '\'' or '.' or '\u2018' or '\u2019' or '\u2024' or '\uFE52' or '\uFF07' or '\uFF0E' => CharacterClass.MidAny,
        // Not the colon, which UAX #29 lists for Swedish: "key:value" is two words everywhere else.
        '\u00B7' or '\u0387' or '\u055F' or '\u05F4' or '\u2027' => CharacterClass.MidLetter,
        ',' or ';' or '\u037E' or '\u0589' or '\u060C' or '\u060D' or '\u066C' or '\u07F8' or '\u2044' or '\uFE10' or '\uFE14' or '\uFE50' or '\uFE54' or '\uFF0C' or '\uFF1B' => CharacterClass.MidNumber,
        '\u200B' => CharacterClass.Other, // zero-width space: a word boundary, although a format character
        '\u00B2' or '\u00B3' or '\u00B9' or '\u2070' or >= '\u2074' and <= '\u2079' or >= '\u2080' and <= '\u2089' => CharacterClass.Digit,
        >= '\uD800' and <= '\uDFFF' => CharacterClass.Surrogate,
        '\u3005' or '\u3007' => CharacterClass.Han, // iteration mark, zero
        >= '\u2E80' and <= '\u2FDF' or >= '\u3400' and <= '\u4DBF' or >= '\u4E00' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' => OfCategory(c, CharacterClass.Han, symbols: true),
        >= '\u3041' and <= '\u309F' => OfCategory(c, CharacterClass.Hiragana),
        '\u30FC' or >= '\u30A1' and <= '\u30FA' or >= '\u30FD' and <= '\u30FF' or >= '\u31F0' and <= '\u31FF' or >= '\uFF66' and <= '\uFF9D' => CharacterClass.Katakana,
        '\uFF9E' or '\uFF9F' => CharacterClass.Mark, // half-width voicing marks
        >= '\u1100' and <= '\u11FF' or >= '\u3131' and <= '\u318E' or >= '\uA960' and <= '\uA97C' or >= '\uAC00' and <= '\uD7FB' or >= '\uFFA0' and <= '\uFFDC' => OfCategory(c, CharacterClass.Hangul),
        >= '\u0E00' and <= '\u0EFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF' or >= '\u1950' and <= '\u19DF' or >= '\u1A20' and <= '\u1AAF' or >= '\uA9E0' and <= '\uA9FF' or >= '\uAA60' and <= '\uAADF' => OfCategory(c, CharacterClass.SouthEastAsian),
        _ => OfCategory(c, CharacterClass.Letter),
    };

    private static CharacterClass OfCategory(int codePoint, CharacterClass letter, bool symbols = false) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => letter,
        UnicodeCategory.DecimalDigitNumber => CharacterClass.Digit,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => CharacterClass.Mark,
        UnicodeCategory.ConnectorPunctuation => CharacterClass.Connector,
        UnicodeCategory.OtherSymbol when symbols => letter, // radicals
        _ => CharacterClass.Other,
    };
}
