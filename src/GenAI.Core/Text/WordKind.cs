namespace GenAI.Core.Text;

/// <summary>What a word is made of, which decides how search cuts it into terms.</summary>
internal enum WordKind : byte
{
    /// <summary>Letters and digits of a script that puts spaces between words.</summary>
    Alphabetic,

    /// <summary>A run of Han characters and Hiragana, which has no spaces between words.</summary>
    Ideographic,

    /// <summary>A run of Katakana.</summary>
    Katakana,

    /// <summary>A run of Hangul: a word with its particles.</summary>
    Hangul,

    /// <summary>A run of Thai, Lao, Khmer, Burmese or a related script, which has no spaces between words.</summary>
    SouthEastAsian,
}
