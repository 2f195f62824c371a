namespace GenAI.Core.Tokenization;

/// <summary>One step that rewrites a text before it is split and looked up.</summary>
internal abstract class TextNormalizer
{
    /// <summary>Writes the normalised <paramref name="source"/> to <paramref name="destination"/>, which is empty.</summary>
    public abstract void Normalize(AlignedText source, AlignedText destination);

    /// <summary>Whether the step would change nothing of this text: then it is not run.</summary>
    public virtual bool Leaves(ReadOnlySpan<char> text) => false;

    /// <summary>The normalised form of a short text.</summary>
    public static string Apply(IReadOnlyList<TextNormalizer> steps, string text)
    {
        AlignedText source = new(), destination = new();
        source.AppendOriginal(text, 0, text.Length);
        foreach (var step in steps)
        {
            destination.Clear(false);
            step.Normalize(source, destination);
            (source, destination) = (destination, source);
        }

        return new string(source.Span);
    }
}

/// <summary>Keeps, drops or replaces single code points.</summary>
internal abstract class CodePointNormalizer : TextNormalizer
{
    /// <summary>What a code point becomes, or -1 to drop it.</summary>
    protected abstract int Map(int codePoint);

    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        destination.Reserve(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var codePoint = CodePoints.At(text, i);
            var mapped = Map(codePoint);
            if (mapped >= 0)
                destination.AppendCodePoint(mapped, source, i);
            i += CodePoints.Units(codePoint);
        }
    }
}

/// <summary>Drops combining marks.</summary>
internal sealed class StripAccentsNormalizer : CodePointNormalizer
{
    public override bool Leaves(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\0', '\u02FF');

    protected override int Map(int codePoint) => UnicodeData.Is(codePoint, UnicodeData.Mark) ? -1 : codePoint;
}

/// <summary>SentencePiece's rules for translation models: control characters dropped, rare spaces made plain.</summary>
internal sealed class NmtNormalizer : CodePointNormalizer
{
    protected override int Map(int codePoint) => codePoint switch
    {
        (>= 1 and <= 8) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => -1,
        9 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => ' ',
        _ => codePoint,
    };
}

/// <summary>Lower case, one code point at a time.</summary>
internal sealed class LowercaseNormalizer : TextNormalizer
{
    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        destination.Reserve(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var codePoint = CodePoints.At(text, i);
            destination.AppendCodePoint(UnicodeData.ToLower(codePoint), source, i);
            if (codePoint == 0x130)
                destination.Append('\u0307', source, i);
            i += CodePoints.Units(codePoint);
        }
    }
}

/// <summary>Drops white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : TextNormalizer
{
    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        int start = 0, end = text.Length;
        while (left && start < end && UnicodeData.Is(text[start], UnicodeData.Whitespace))
            start++;
        while (right && end > start && UnicodeData.Is(text[end - 1], UnicodeData.Whitespace))
            end--;
        destination.Append(source, start, end - start);
    }
}

/// <summary>Puts a text in front of one that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override void Normalize(AlignedText source, AlignedText destination)
    {
        if (source.Length == 0)
            return;
        destination.Reserve(source.Length + prefix.Length);
        foreach (var unit in prefix)
            destination.Append(unit, source, 0);
        destination.Append(source, 0, source.Length);
    }
}

/// <summary>Replaces what a pattern matches by a fixed text.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : TextNormalizer
{
    public override bool Leaves(ReadOnlySpan<char> text) => !pattern.TryFind(text, 0, out _, out _);

    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        var last = 0;
        destination.Reserve(text.Length);
        for (var at = 0; at <= text.Length && pattern.TryFind(text, at, out var start, out var length);)
        {
            destination.Append(source, last, start - last);
            foreach (var unit in content)
            {
                if (start + length == 0)
                    destination.AppendUnaligned(unit);
                else
                    destination.Append(unit, source, start + length - 1);
            }

            last = start + length;
            at = length == 0 ? last + 1 : last;
        }

        destination.Append(source, last, text.Length - last);
    }
}

/// <summary>Turns each byte of the text's UTF-8 into the character that byte-level vocabularies write it as.</summary>
internal sealed class ByteLevelNormalizer : TextNormalizer
{
    public override void Normalize(AlignedText source, AlignedText destination) => ByteLevel.Append(source, 0, source.Length, destination);
}
