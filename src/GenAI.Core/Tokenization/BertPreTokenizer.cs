using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Tokenization;

/// <summary>BERT's: white space goes, punctuation stands by itself.</summary>
internal sealed class BertPreTokenizer : PreTokenizer
{
    private const byte Space = 1, Alone = 2;
    private const int BlockLength = 64;

    private static readonly byte[] Classes = [.. Enumerable.Range(0, 0x10000).Select(Class)];

    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var word = start; // where the word begins that is not at its end yet; the position itself where there is none
        for (var i = start; i < end;)
        {
            if (i + BlockLength <= end && TryClassify(text.Slice(i, BlockLength), out var letters, out var alone))
            {
                // A piece begins where the unit before is not of it, and ends where its last unit is the one before.
                var before = (letters << 1) | (word < i ? 1UL : 0);
                pieces.Add(i, word, (letters & ~before) | alone, (before & ~letters) | (alone << 1));
                var (isWord, isAlone) = (letters >> (BlockLength - 1) != 0, alone >> (BlockLength - 1) != 0);
                if (isAlone)
                    pieces.Add(i + BlockLength - 1, i + BlockLength);
                if (!isWord)
                    word = i + BlockLength;
                else if (letters != ulong.MaxValue)
                    word = i + BlockLength - BitOperations.LeadingZeroCount(~letters);
                i += BlockLength;
                continue;
            }

            var stop = Math.Min(i + BlockLength, end);
            while (i < stop)
                i = One(text[..end], i, ref word, pieces);
        }

        pieces.Add(word, end);
    }

    // The code point at i; returns where the next one begins.
    private static int One(ReadOnlySpan<char> text, int i, ref int word, PieceList pieces)
    {
        var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length;
        var kind = isPair ? Class(char.ConvertToUtf32(text[i], text[i + 1])) : Classes[text[i]];
        var next = i + (isPair ? 2 : 1);
        if (kind == 0)
            return next;
        pieces.Add(word, i);
        if (kind == Alone)
            pieces.Add(i, next);
        word = next;
        return next;
    }

    // The units of words and those that stand by themselves, a bit for each; false where some are halves of a pair.
    private static bool TryClassify(ReadOnlySpan<char> block, out ulong letters, out ulong alone)
    {
        var units = MemoryMarshal.Cast<char, ushort>(block);
        var low = Classify(units, out var lowAlone, out var lowOther);
        var high = Classify(units[Vector256<byte>.Count..], out var highAlone, out var highOther);
        (letters, alone) = (low | ((ulong)high << 32), lowAlone | ((ulong)highAlone << 32));
        for (var other = lowOther | ((ulong)highOther << 32); other != 0; other &= other - 1)
        {
            var at = BitOperations.TrailingZeroCount(other);
            if (char.IsSurrogate(block[at]))
                return false;
            var kind = Classes[block[at]];
            letters |= kind == 0 ? 1UL << at : 0;
            alone |= kind == Alone ? 1UL << at : 0;
        }

        return true;
    }

    // Of 32 units those that are ASCII; the rest is 'other'.
    private static uint Classify(ReadOnlySpan<ushort> units, out uint alone, out uint other)
    {
        var bytes = Vector256.NarrowWithSaturation(Vector256.Create(units), Vector256.Create(units[Vector256<ushort>.Count..]));
        other = bytes.ExtractMostSignificantBits();
        var spaces = Vector256.Equals(bytes, Vector256.Create((byte)' ')) | Between(bytes, '\t', '\r');
        var words = Between(bytes | Vector256.Create((byte)0x20), 'a', 'z') | Between(bytes, '0', '9');
        var marks = Vector256.AndNot(Between(bytes, '!', '~'), words);
        alone = marks.ExtractMostSignificantBits();
        return ~((marks | spaces).ExtractMostSignificantBits() | other);
    }

    private static Vector256<byte> Between(Vector256<byte> bytes, char first, char last) =>
        Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)first), Vector256.Create((byte)(last - first)));

    private static byte Class(int codePoint)
    {
        var flags = UnicodeData.Flags(codePoint);
        return (flags & UnicodeData.Whitespace) != 0 ? Space : (flags & UnicodeData.Punctuation) != 0 ? Alone : (byte)0;
    }
}
