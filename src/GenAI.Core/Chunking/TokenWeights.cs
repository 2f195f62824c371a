using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Chunking;

/// <summary>The arithmetic of <see cref="TokenCounter.Estimate"/>: every UTF-16 code unit weighs a fixed number of 32nds of a token.</summary>
/// <remarks>
/// Weights that do not depend on their neighbours make counting additive: one pass over a text finds the longest piece within
/// a limit, with no second look. The vector path and <see cref="Of(char)"/> say the same; a test holds them together.
/// How the weights were chosen: docs/decisions/0020-token-estimate.md.
/// </remarks>
internal static class TokenWeights
{
    /// <summary>The unit: this many make one token.</summary>
    public const int PerToken = 32;

    private const ushort Letter = 8, Space = 2, Control = 12, Digit = 20, Symbol = 16, Alphabetic = 24, Other = 32;

    /// <summary>The end of Latin, Greek, Cyrillic and Armenian: the alphabets whose words tokenizers know in pieces of more than a letter.</summary>
    private const ushort EndOfAlphabets = 0x590;

    /// <summary>Code units per block; a block's sum stays below 65,536, so that 16-bit lanes suffice.</summary>
    private const int Block = 256;

    /// <summary>The weight of one code unit.</summary>
    public static int Of(char c) => c switch
    {
        >= (char)EndOfAlphabets => Other,
        >= (char)0x80 => Alphabetic,
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' => Letter,
        ' ' => Space,
        < ' ' => Control,
        >= '0' and <= '9' => Digit,
        _ => Symbol,
    };

    /// <summary>The weight of a text.</summary>
    public static long Sum(ReadOnlySpan<char> text)
    {
        long sum = 0;
        while (text.Length >= Block)
        {
            sum += SumOfPart(text[..Block]);
            text = text[Block..];
        }

        return sum + SumOfPart(text);
    }

    /// <summary>The length of the longest prefix that weighs no more than <paramref name="budget"/>.</summary>
    public static int Reach(ReadOnlySpan<char> text, long budget)
    {
        var at = 0;
        while (text.Length - at >= Block)
        {
            var weight = SumOfPart(text.Slice(at, Block));
            if (weight > budget)
                break;
            budget -= weight;
            at += Block;
        }

        for (; at < text.Length; at++)
        {
            budget -= Of(text[at]);
            if (budget < 0)
                break;
        }

        return at;
    }

    /// <summary>The start of the longest suffix that weighs no more than <paramref name="budget"/>.</summary>
    public static int ReachBack(ReadOnlySpan<char> text, long budget)
    {
        var at = text.Length;
        while (at >= Block)
        {
            var weight = SumOfPart(text.Slice(at - Block, Block));
            if (weight > budget)
                break;
            budget -= weight;
            at -= Block;
        }

        while (at > 0 && (budget -= Of(text[at - 1])) >= 0)
            at--;
        return at;
    }

    /// <summary>The weight of at most <see cref="Block"/> code units.</summary>
    private static int SumOfPart(ReadOnlySpan<char> part)
    {
        var units = MemoryMarshal.Cast<char, ushort>(part);
        var sums = Vector<ushort>.Zero;
        var at = 0;
        for (; at <= units.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
            sums += Of(new Vector<ushort>(units[at..]));

        var sum = (int)Vector.Sum(sums);
        for (; at < units.Length; at++)
            sum += Of((char)units[at]);
        return sum;
    }

    private static Vector<ushort> Of(Vector<ushort> units)
    {
        // The later line wins, so the order is from the wide class to the narrow one.
        var weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(EndOfAlphabets)), Fill(Alphabetic), Fill(Other));
        weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(0x80)), Fill(Symbol), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan((units | Fill(0x20)) - Fill('a'), Fill(26)), Fill(Letter), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan(units - Fill('0'), Fill(10)), Fill(Digit), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(' ')), Fill(Control), weights);
        return Vector.ConditionalSelect(Vector.Equals(units, Fill(' ')), Fill(Space), weights);
    }

    private static Vector<ushort> Fill(ushort value) => new(value);
}
