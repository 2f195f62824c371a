using System.Collections.Frozen;

namespace GenAI.Core.Verification;

/// <summary>How a number word goes together with others.</summary>
internal enum NumberWordKind : byte
{
    None,

    /// <summary>One to nineteen.</summary>
    Small,

    /// <summary>Twenty to ninety.</summary>
    Tens,

    /// <summary>Hundred, thousand, million.</summary>
    Scale,

    /// <summary>Half, quarter: a part of one.</summary>
    Fraction,

    /// <summary>Third to twelfth: a place in an order.</summary>
    Ordinal,
}

/// <summary>The English words for numbers.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, (double Value, NumberWordKind Kind)> Words = All().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The number that a word in lower case is.</summary>
    public static (double Value, NumberWordKind Kind) Find(string word) => Words.GetValueOrDefault(word);

    private static Dictionary<string, (double Value, NumberWordKind Kind)> All()
    {
        var words = new Dictionary<string, (double, NumberWordKind)>(StringComparer.Ordinal);
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        for (var i = 0; i < small.Length; i++)
            words[small[i]] = (i, NumberWordKind.Small);
        string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        for (var i = 0; i < tens.Length; i++)
            words[tens[i]] = (10 * (i + 2), NumberWordKind.Tens);
        foreach (var (word, value) in ((string, double)[])[("hundred", 1e2), ("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12), ("mn", 1e6), ("bn", 1e9)])
            words[word] = (value, NumberWordKind.Scale);
        foreach (var (word, value) in ((string, double)[])[("half", 0.5), ("quarter", 0.25), ("thirds", 1.0 / 3), ("quarters", 0.25), ("fifths", 0.2), ("tenths", 0.1)])
            words[word] = (value, NumberWordKind.Fraction);
        string[] ordinals = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];
        for (var i = 0; i < ordinals.Length; i++)
            words[ordinals[i]] = (i + 3, NumberWordKind.Ordinal);
        return words;
    }
}
