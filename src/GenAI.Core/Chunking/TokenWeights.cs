using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Chunking;

/// <summary>How much each UTF-16 code unit adds to a text's tokens, by its class, in 32nds of a token.</summary>
/// <remarks>
/// Weights that do not depend on their neighbours make counting additive: one pass over a text finds the longest piece within
/// a limit. <see cref="Default"/> is the whole of <see cref="TokenCounter.Estimate"/>; for other counters the weights, fitted to
/// the counter, tell where a limit is likely reached. The vector path and <see cref="Of(char)"/> say the same; a test holds
/// them together. How they were chosen: docs/decisions/0020-token-estimate.md.
/// </remarks>
internal sealed class TokenWeights
{
    /// <summary>The unit: this many make one token.</summary>
    public const int PerToken = 32;

    /// <summary>The weights of the estimate.</summary>
    public static readonly TokenWeights Default = new(1, 1, 1);

    /// <summary>The end of Latin, Greek, Cyrillic and Armenian: the alphabets whose words tokenizers know in pieces of more than a letter.</summary>
    private const ushort EndOfAlphabets = 0x590;

    /// <summary>Code units per block; with <see cref="MaxWeight"/> a block's sum stays below 65,536, so that 16-bit lanes suffice.</summary>
    private const int Block = 256, MaxWeight = 255;

    private readonly ushort _letter, _space, _control, _digit, _symbol, _alphabetic, _other;

    private TokenWeights(double ascii, double alphabets, double others)
    {
        (_letter, _space, _control, _digit, _symbol) = (Scaled(8, ascii), Scaled(2, ascii), Scaled(12, ascii), Scaled(20, ascii), Scaled(16, ascii));
        (_alphabetic, _other) = (Scaled(24, alphabets), Scaled(32, others));
    }

    /// <summary>The default's weights, scaled to what a counter counts in a few samples.</summary>
    public static TokenWeights FittedTo(TokenCounter counter)
    {
        return new(Ratio(TokenSamples.Ascii), Ratio(TokenSamples.Alphabets), Ratio(TokenSamples.Others));

        double Ratio(string sample) => (double)counter.Count(sample) * PerToken / Default.Sum(sample);
    }

    private static ushort Scaled(int weight, double ratio) => (ushort)Math.Clamp(Math.Round(weight * ratio), 1, MaxWeight);

    /// <summary>The weight of one code unit.</summary>
    public int Of(char c) => c switch
    {
        >= (char)EndOfAlphabets => _other,
        >= (char)0x80 => _alphabetic,
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' => _letter,
        ' ' => _space,
        < ' ' => _control,
        >= '0' and <= '9' => _digit,
        _ => _symbol,
    };

    /// <summary>The weight of a text.</summary>
    public long Sum(ReadOnlySpan<char> text)
    {
        long sum = 0;
        while (text.Length >= Block)
        {
            sum += SumOfBlock(text[..Block]);
            text = text[Block..];
        }

        return sum + SumOfBlock(text);
    }

    /// <summary>The length of the longest prefix that weighs no more than <paramref name="budget"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Reach(ReadOnlySpan<char> text, long budget)
    {
        var at = 0;
        while (text.Length - at >= Block)
        {
            var weight = SumOfBlock(text.Slice(at, Block));
            if (weight > budget)
                break;
            budget -= weight;
            at += Block;
        }

        while (at < text.Length && (budget -= Of(text[at])) >= 0)
            at++;
        return at;
    }

    /// <summary>The start of the longest suffix that weighs no more than <paramref name="budget"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int ReachBack(ReadOnlySpan<char> text, long budget)
    {
        var at = text.Length;
        while (at >= Block)
        {
            var weight = SumOfBlock(text.Slice(at - Block, Block));
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int SumOfBlock(ReadOnlySpan<char> block)
    {
        var units = MemoryMarshal.Cast<char, ushort>(block);
        var sums = Vector<ushort>.Zero;
        var at = 0;
        for (; at <= units.Length - Vector<ushort>.Count; at += Vector<ushort>.Count)
            sums += Of(new Vector<ushort>(units[at..]));

        var sum = (int)Vector.Sum(sums);
        for (; at < units.Length; at++)
            sum += Of((char)units[at]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<ushort> Of(Vector<ushort> units)
    {
        // The later line wins, so the order is from the wide class to the narrow one.
        var weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(EndOfAlphabets)), Fill(_alphabetic), Fill(_other));
        weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(0x80)), Fill(_symbol), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan((units | Fill(0x20)) - Fill('a'), Fill(26)), Fill(_letter), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan(units - Fill('0'), Fill(10)), Fill(_digit), weights);
        weights = Vector.ConditionalSelect(Vector.LessThan(units, Fill(' ')), Fill(_control), weights);
        return Vector.ConditionalSelect(Vector.Equals(units, Fill(' ')), Fill(_space), weights);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Fill(ushort value) => new(value);
}
