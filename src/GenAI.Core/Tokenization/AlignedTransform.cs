namespace GenAI.Core.Tokenization;

/// <summary>
/// Rewrites a text code point by code point. Each emitted code point says how it relates to the source: it replaces the next one
/// (change 0), replaces it and drops the n after it (change -n), or is new beside the one before (change 1).
/// </summary>
internal ref struct AlignedTransform(AlignedText source, AlignedText destination, int position = 0)
{
    private readonly ReadOnlySpan<char> _source = source.Span;
    private int _position = position;

    public void Emit(int codePoint, int change)
    {
        if (!destination.IsAligned)
        {
            destination.AppendCodePoint(codePoint, source, 0);
            return;
        }

        if (change > 0)
        {
            if (_position == 0)
                destination.AppendUnaligned(codePoint);
            else
                destination.AppendCodePoint(codePoint, source, Math.Min(_position, _source.Length) - 1);
            return;
        }

        destination.AppendCodePoint(codePoint, source, Math.Min(_position, _source.Length - 1));
        for (; change <= 0; change++)
        {
            if (_position < _source.Length)
                _position += CodePoints.Units(CodePoints.At(_source, _position));
        }
    }
}
