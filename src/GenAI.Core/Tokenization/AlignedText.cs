using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>
/// A text on its way through the normalizers: UTF-16 code units and, where ranges are asked for, the range of the original text
/// that each unit came from.
/// </summary>
internal sealed class AlignedText
{
    private int[] _starts = [], _ends = [];

    /// <summary>The code units; the first <see cref="Length"/> are the text.</summary>
    public char[] Chars { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>Whether the ranges are kept.</summary>
    public bool IsAligned { get; private set; }

    public ReadOnlySpan<char> Span => Chars.AsSpan(0, Length);

    /// <summary>Where in the original text the unit at <paramref name="index"/> begins.</summary>
    public int Start(int index) => _starts[index];

    /// <summary>Where in the original text the unit at <paramref name="index"/> ends.</summary>
    public int End(int index) => _ends[index];

    public void Clear(bool aligned)
    {
        Length = 0;
        IsAligned = aligned;
        // The characters may have grown while no ranges were kept.
        Reserve(0);
    }

    /// <summary>Appends a part of the original text; a lone surrogate becomes U+FFFD.</summary>
    public void AppendOriginal(ReadOnlySpan<char> original, int start, int length)
    {
        Reserve(length);
        original.Slice(start, length).CopyTo(Chars.AsSpan(Length));
        Repair(Chars.AsSpan(Length, length));
        if (IsAligned)
        {
            for (var i = 0; i < length; i++)
            {
                // Both halves of a pair stand for the whole of it.
                var low = char.IsLowSurrogate(Chars[Length + i]);
                var high = char.IsHighSurrogate(Chars[Length + i]);
                _starts[Length + i] = start + i - (low ? 1 : 0);
                _ends[Length + i] = start + i + (high ? 2 : 1);
            }
        }

        Length += length;
    }

    /// <summary>Appends <paramref name="length"/> units of another text as they are.</summary>
    public void Append(AlignedText source, int start, int length)
    {
        Reserve(length);
        source.Chars.AsSpan(start, length).CopyTo(Chars.AsSpan(Length));
        if (IsAligned)
        {
            source._starts.AsSpan(start, length).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(start, length).CopyTo(_ends.AsSpan(Length));
        }

        Length += length;
    }

    /// <summary>Appends a unit that stands for what the unit <paramref name="index"/> of another text stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(char unit, AlignedText source, int index)
    {
        if (Length == Chars.Length)
            Reserve(1);
        Chars[Length] = unit;
        if (IsAligned)
        {
            _starts[Length] = source._starts[index];
            _ends[Length] = source._ends[index];
        }

        Length++;
    }

    /// <summary>Appends a code point that stands for what the unit <paramref name="index"/> of another text stands for.</summary>
    public void AppendCodePoint(int codePoint, AlignedText source, int index)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint, source, index);
            return;
        }

        Append((char)(0xD800 + ((codePoint - 0x10000) >> 10)), source, index);
        Append((char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF)), source, index);
    }

    /// <summary>Appends a code point that stands for nothing of the original.</summary>
    public void AppendUnaligned(int codePoint)
    {
        Span<char> units = stackalloc char[2];
        var length = CodePoints.Encode(codePoint, units);
        Reserve(length);
        for (var i = 0; i < length; i++)
        {
            Chars[Length] = units[i];
            if (IsAligned)
                _starts[Length] = _ends[Length] = 0;
            Length++;
        }
    }

    /// <summary>Makes room, so that what follows can write to <see cref="Chars"/> up to <paramref name="length"/> more units and <see cref="Advance"/>.</summary>
    public void Reserve(int length)
    {
        var needed = (long)Length + length;
        if (needed > Chars.Length)
        {
            if (needed > Array.MaxLength)
                throw new InvalidOperationException($"The normalised text is longer than {Array.MaxLength:N0} characters. Cut the text before it is tokenized.");
            var capacity = (int)Math.Min(Math.Max(needed, Math.Max(256, Chars.Length * 2L)), Array.MaxLength);
            var chars = Chars;
            Array.Resize(ref chars, capacity);
            Chars = chars;
        }

        if (IsAligned && _starts.Length < Chars.Length)
        {
            Array.Resize(ref _starts, Chars.Length);
            Array.Resize(ref _ends, Chars.Length);
        }
    }

    /// <summary>Counts in units that were written to <see cref="Chars"/>; only where no ranges are kept.</summary>
    public void Advance(int length)
    {
        Debug.Assert(!IsAligned, "Units without their ranges.");
        Length += length;
    }

    private static void Repair(Span<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0;)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i += 2;
            else
                text[i++] = '\uFFFD';
            var next = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            i = next < 0 ? -1 : i + next;
        }
    }
}
