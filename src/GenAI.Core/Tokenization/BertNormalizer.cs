using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Tokenization;

/// <summary>BERT's cleaning: control characters dropped, white space made plain, ideographs set apart, accents dropped, lower case.</summary>
internal sealed class BertNormalizer : TextNormalizer
{
    private readonly bool _clean, _ideographs, _accents, _lower;
    private readonly char[] _ascii = new char[128]; // U+FFFF: dropped
    private readonly UnicodeFormNormalizer _nfd = new(UnicodeForm.Nfd);
    private readonly TextNormalizer _marks = new NonspacingNormalizer(), _lowercase = new LowercaseNormalizer();

    public BertNormalizer(bool clean, bool ideographs, bool? accents, bool lower)
    {
        (_clean, _ideographs, _accents, _lower) = (clean, ideographs, accents ?? lower, lower);
        for (var c = '\0'; c < 128; c++)
        {
            var mapped = _clean ? Clean(c) : c;
            _ascii[c] = mapped < 0 ? '\uFFFF' : (char)(_lower ? UnicodeData.ToLower(mapped) : mapped);
        }
    }

    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        destination.Reserve(text.Length + (text.Length >> 2) + 16);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] < 0x80)
            {
                i = Ascii(source, i, destination);
                continue;
            }

            var codePoint = CodePoints.At(text, i);
            if (_accents && IsMovable(codePoint))
            {
                // A mark that stays and may change places with those beside it: rare enough for the long way.
                destination.Clear(destination.IsAligned);
                OneByOne(source, destination);
                return;
            }

            Other(codePoint, source, i, destination);
            i += CodePoints.Units(codePoint);
        }
    }

    private static int Clean(int codePoint)
    {
        var flags = UnicodeData.Flags(codePoint);
        return (flags & UnicodeData.Control) != 0 ? -1 : (flags & UnicodeData.Whitespace) != 0 ? ' ' : codePoint;
    }

    private static bool IsMovable(int codePoint) =>
        codePoint >= 0x300 && UnicodeForms.Class(codePoint) != 0 && !UnicodeData.Is(codePoint, UnicodeData.Nonspacing);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Ascii(AlignedText source, int i, AlignedText destination)
    {
        var text = source.Span;
        if (destination.IsAligned)
        {
            if (_ascii[text[i]] is var mapped and not '\uFFFF')
                destination.Append(mapped, source, i);
            return i + 1;
        }

        var end = text[i..].IndexOfAnyExceptInRange('\0', '\x7F');
        end = end < 0 ? text.Length : i + end;
        destination.Reserve(end - i);
        var written = destination.Chars.AsSpan(destination.Length, end - i);
        var table = _ascii;
        int at = i, count = 0;
        while (at < end)
        {
            var whole = Vectors(text[at..end], written[count..]);
            (at, count) = (at + whole, count + whole);
            // What is dropped is rare: from there on one by one, as far as a vector goes.
            foreach (var c in text[at..Math.Min(end, at + Vector256<ushort>.Count)])
            {
                written[count] = table[c & 0x7F];
                count += written[count] == '\uFFFF' ? 0 : 1;
                at++;
            }
        }

        destination.Advance(count);
        return end;
    }

    // Of ASCII only. As far as whole vectors go of which nothing is dropped; returns how far that is.
    private int Vectors(ReadOnlySpan<char> text, Span<char> written)
    {
        var source = MemoryMarshal.Cast<char, ushort>(text);
        var target = MemoryMarshal.Cast<char, ushort>(written);
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count && i <= target.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var units = Vector256.Create<ushort>(source[i..]);
            if (_clean)
            {
                var ends = Vector256.Equals(units, Vector256.Create((ushort)'\t')) | Vector256.Equals(units, Vector256.Create((ushort)'\n')) | Vector256.Equals(units, Vector256.Create((ushort)'\r'));
                units = Vector256.ConditionalSelect(ends, Vector256.Create((ushort)' '), units);
                if (Vector256.GreaterThanAny(units - Vector256.Create((ushort)' '), Vector256.Create((ushort)('~' - ' '))))
                    break;
            }

            if (_lower)
                units += Vector256.LessThan(units - Vector256.Create((ushort)'A'), Vector256.Create((ushort)26)) & Vector256.Create((ushort)0x20);
            units.CopyTo(target[i..]);
        }

        return i;
    }

    private void Other(int codePoint, AlignedText source, int i, AlignedText destination)
    {
        if (_clean && (codePoint = Clean(codePoint)) < 0)
            return;
        var apart = _ideographs && UnicodeData.IsIdeograph(codePoint);
        if (apart)
            destination.Append(' ', source, i);
        Span<int> scratch = stackalloc int[3];
        var parts = _accents ? UnicodeForms.Decompose(codePoint, compatibility: false, scratch) : [];
        if (parts.IsEmpty)
            Append(codePoint, source, i, destination);
        foreach (var part in parts)
            Append(part, source, i, destination);
        if (apart)
            destination.Append(' ', source, i);
    }

    private void Append(int codePoint, AlignedText source, int i, AlignedText destination)
    {
        if (_accents && UnicodeData.Is(codePoint, UnicodeData.Nonspacing))
            return;
        destination.AppendCodePoint(_lower ? UnicodeData.ToLower(codePoint) : codePoint, source, i);
        if (_lower && codePoint == 0x130)
            destination.Append('\u0307', source, i);
    }

    private void OneByOne(AlignedText source, AlignedText destination)
    {
        var aligned = destination.IsAligned;
        AlignedText cleaned = new(), other = new();
        cleaned.Clear(aligned);
        other.Clear(aligned);
        var first = new BertNormalizer(_clean, _ideographs, accents: false, lower: false);
        first.Normalize(source, cleaned);
        _nfd.Normalize(cleaned, other);
        if (!_lower)
        {
            _marks.Normalize(other, destination);
            return;
        }

        cleaned.Clear(aligned);
        _marks.Normalize(other, cleaned);
        _lowercase.Normalize(cleaned, destination);
    }

    private sealed class NonspacingNormalizer : CodePointNormalizer
    {
        protected override int Map(int codePoint) => UnicodeData.Is(codePoint, UnicodeData.Nonspacing) ? -1 : codePoint;
    }
}
