namespace GenAI.Core.Chunking;

/// <summary>
/// A ruler for counters that are not additive: the sum of the counts of the words, each counted once and then looked up. Tokenizers split a text
/// into words first, so the sum is near the truth at a small part of the cost of counting.
/// </summary>
internal sealed class WordRuler(TokenCounter counter, WordTable table) : TokenRuler
{
    /// <summary>Longer words are taken apart, so that text without spaces is learned in pieces too.</summary>
    private const int MaxWordLength = 24;

    /// <summary>How far behind the tape a question may lie; farther away the tape starts anew.</summary>
    private const int MaxGap = 1024;

    private const int WhiteSpace = 0, Letter = 1, Digit = 2, Symbol = 3, Alone = 4;

    private static readonly byte[] AsciiClasses = ClassifyAscii();

    // The tape: for each piece of the text since _base its end and the sum of the counts up to there, in ascending order.
    // Entries before _first are forgotten.
    private int[] _ends = new int[256];
    private long[] _sums = new long[256];
    private int _first;
    private int _count;
    private int _base;
    private long _baseSum;

    public override bool IsExact => false;

    private int TapeEnd => _count > _first ? _ends[_count - 1] : _base;

    private long TapeSum => _count > _first ? _sums[_count - 1] : _baseSum;

    public override int Reach(ReadOnlySpan<char> text, int from, int limit, long budget)
    {
        Cover(text, from, from);
        budget -= (long)table.Overhead * TokenWeights.PerToken;
        var target = SumAt(from) + budget;
        while (TapeEnd < limit && TapeSum <= target)
            Extend(text);

        if (TapeSum <= target)
            return limit;

        // The first piece that passes the target; its start is where the budget ends.
        var piece = FirstAbove(target);
        var start = piece == _first ? _base : _ends[piece - 1];
        if (start <= from)
            start = Within(piece, target);
        return Math.Clamp(start, from, limit);
    }

    public override int ReachBack(ReadOnlySpan<char> text, int end, int floor, long budget)
    {
        Cover(text, floor, end);
        var target = SumAt(end) - budget;
        if (target <= SumAt(floor))
            return floor;

        var piece = FirstAbove(target - 1);
        return Math.Clamp(_ends[piece], floor, end);
    }

    public override long Measure(ReadOnlySpan<char> text, int from, int to)
    {
        Cover(text, from, to);
        return SumAt(to) - SumAt(from) + ((long)table.Overhead * TokenWeights.PerToken);
    }

    public override void Forget(int position)
    {
        var keep = _first;
        while (keep < _count && _ends[keep] <= position)
            keep++;
        if (keep == _first)
            return;

        (_base, _baseSum, _first) = (_ends[keep - 1], _sums[keep - 1], keep);
        if (_first < _ends.Length / 2)
            return;
        Array.Copy(_ends, _first, _ends, 0, _count - _first);
        Array.Copy(_sums, _first, _sums, 0, _count - _first);
        (_first, _count) = (0, _count - _first);
    }

    /// <summary>Makes the tape hold everything from <paramref name="from"/> to <paramref name="to"/>.</summary>
    private void Cover(ReadOnlySpan<char> text, int from, int to)
    {
        if (from < _base || from > TapeEnd + MaxGap)
            (_base, _baseSum, _first, _count) = (from, 0, 0, 0);
        to = Math.Max(from, to);
        while (TapeEnd < to)
            Extend(text);
    }

    /// <summary>The sum at a position on the tape; inside a piece, in proportion.</summary>
    private long SumAt(int position)
    {
        var at = Array.BinarySearch(_ends, _first, _count - _first, position);
        if (at >= 0)
            return _sums[at];
        at = ~at;
        if (at == _count || position <= _base)
            return at == _first ? _baseSum : _sums[at - 1];

        var (start, sum) = at == _first ? (_base, _baseSum) : (_ends[at - 1], _sums[at - 1]);
        return sum + ((_sums[at] - sum) * (position - start) / (_ends[at] - start));
    }

    /// <summary>The first piece whose sum is above <paramref name="target"/>.</summary>
    private int FirstAbove(long target)
    {
        var (low, high) = (_first, _count - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_sums[middle] > target)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>The position inside a piece where the sum reaches <paramref name="target"/>, in proportion.</summary>
    private int Within(int piece, long target)
    {
        var (start, sum) = piece == _first ? (_base, _baseSum) : (_ends[piece - 1], _sums[piece - 1]);
        return start + (int)(Math.Max(0, target - sum) * (_ends[piece] - start) / Math.Max(1, _sums[piece] - sum));
    }

    /// <summary>Adds the next piece to the tape: a run of white space, letters, digits or symbols, or one character of a script without spaces.</summary>
    private void Extend(ReadOnlySpan<char> text)
    {
        var start = TapeEnd;
        var limit = Math.Min(text.Length, start + MaxWordLength);
        var first = text[start];
        var kind = ClassOf(first);
        var end = start + 1;
        var hash = Mix(0, first);
        if (kind == Alone)
        {
            if (end < limit && char.IsHighSurrogate(first) && char.IsLowSurrogate(text[end]))
                hash = Mix(hash, text[end++]);
        }
        else
        {
            while (end < limit && ClassOf(text[end]) == kind)
                hash = Mix(hash, text[end++]);
        }

        if (kind == WhiteSpace)
        {
            // A single space belongs to the word behind it, as tokenizers have it.
            if (end - start == 1 && first == ' ' && end < text.Length)
                Add(end, 0);
            else
                Add(end, table.Count(counter, text[start..end], hash));
            return;
        }

        if (start > _base && text[start - 1] == ' ' && (start - 2 < _base || !char.IsWhiteSpace(text[start - 2])))
            Add(end, table.Count(counter, text[(start - 1)..end], Mix(hash, ' ')));
        else
            Add(end, table.Count(counter, text[start..end], hash));
    }

    private void Add(int end, int tokens)
    {
        var sum = TapeSum + ((long)tokens * TokenWeights.PerToken);
        if (_count == _ends.Length)
        {
            Array.Resize(ref _ends, _count * 2);
            Array.Resize(ref _sums, _count * 2);
        }

        (_ends[_count], _sums[_count]) = (end, sum);
        _count++;
    }

    private static ulong Mix(ulong hash, char c) => (hash ^ (c + 1UL)) * 0xD6E8FEB86659FD93;

    private static int ClassOf(char c)
    {
        if (c < 0x80)
            return AsciiClasses[c];
        if (char.IsWhiteSpace(c))
            return WhiteSpace;
        return c >= 0x2E80 ? Alone : Letter;
    }

    private static byte[] ClassifyAscii()
    {
        var classes = new byte[0x80];
        for (var c = 0; c < classes.Length; c++)
        {
            classes[c] = (char)c switch
            {
                ' ' or (>= '\t' and <= '\r') => WhiteSpace,
                var letter when char.IsAsciiLetter(letter) => Letter,
                var digit when char.IsAsciiDigit(digit) => Digit,
                _ => Symbol,
            };
        }

        return classes;
    }
}
