using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>One term of a running search: its postings in order of texts, and what they add to the scores.</summary>
/// <remarks>
/// Scores are whole numbers, on a scale that the search chooses, so that their sum does not depend on the order in which terms are
/// added. Every operation on the way is one that IEEE 754 defines, so scores do not depend on the machine either.
/// </remarks>
internal sealed class PostingCursor
{
    private readonly int[] _texts = new int[PostingBlock.MaxCount];
    private readonly int[] _frequencies = new int[PostingBlock.MaxCount];
    private readonly int[] _scores = new int[PostingBlock.MaxCount];
    private readonly float[] _lengths = new float[PostingBlock.MaxCount];

    private PostingSource? _source;
    private PostingBlock _current;
    private int _first;
    private int _blocks;
    private int _block;
    private int _unpacked;
    private int _position;
    private int _count;
    private float _weight;
    private float _saturation;
    private float _saturationPerLength;

    /// <summary>The most that the term adds to any text in the window at hand.</summary>
    public int WindowBound { get; private set; }

    /// <summary>The number of blocks that hold the term's postings in the window.</summary>
    public int WindowBlocks { get; private set; }

    /// <summary>Begins with the postings of a term.</summary>
    /// <param name="source">The postings of all terms.</param>
    /// <param name="term">The term; at least one text has it.</param>
    /// <param name="weight">The most that the term can add to a score, on the search's scale.</param>
    /// <param name="saturation">k1 * (1 - b).</param>
    /// <param name="saturationPerLength">k1 * b / average length.</param>
    public void Begin(PostingSource source, in Term term, float weight, float saturation, float saturationPerLength)
    {
        _source = source;
        _first = term.First;
        (_blocks, _current) = term.Texts == 1
            ? (1, new PostingBlock { FirstText = term.First, LastText = term.First, MaxFrequency = term.Blocks, Count = 1 })
            : (term.Blocks, source.Block(_first, 0));
        _block = 0;
        _unpacked = -1;
        (_weight, _saturation, _saturationPerLength) = (weight, saturation, saturationPerLength);
    }

    public void End() => _source = null;

    /// <summary>The first text at or behind <paramref name="text"/> that may have the term: exact, or the start of a block.</summary>
    public int NextText(int text)
    {
        if (!SkipTo(text))
            return int.MaxValue;
        return Math.Max(text, _current.FirstText);
    }

    /// <summary>Sets <see cref="WindowBound"/> and <see cref="WindowBlocks"/> for the texts from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public void Bound(int start, int end)
    {
        (WindowBound, WindowBlocks) = (0, 0);
        if (!SkipTo(start))
            return;
        if (_current.FirstText >= end)
            return;
        (WindowBound, WindowBlocks) = (Bound(_current), 1);
        for (var i = _block + 1; i < _blocks; i++)
        {
            ref readonly var block = ref _source!.Block(_first, i);
            if (block.FirstText >= end)
                break;
            WindowBound = Math.Max(WindowBound, Bound(block));
            WindowBlocks++;
        }
    }

    /// <summary>Adds the term's scores to the texts of a window.</summary>
    /// <param name="start">The window's first text.</param>
    /// <param name="scores">The scores of the window's texts.</param>
    /// <param name="lengths">The length of every text.</param>
    public void Accumulate(int start, Span<int> scores, ReadOnlySpan<int> lengths)
    {
        var end = start + scores.Length;
        while (SkipTo(start) && _current.FirstText < end)
        {
            Unpack(lengths);
            var texts = _texts.AsSpan(0, _count);
            var added = _scores.AsSpan(0, _count);
            var i = _position;
            while (i < texts.Length && texts[i] < start) i++;
            for (; i < texts.Length; i++)
            {
                var offset = texts[i] - start;
                if ((uint)offset >= (uint)scores.Length)
                    break;
                scores[offset] += added[i];
            }

            _position = i;
            if (i < _count)
                return;
            Advance();
        }
    }

    /// <summary>What the term adds to <paramref name="text"/>; less than <paramref name="needed"/>, or 0, where that is certain without looking. Texts must not go down from call to call.</summary>
    public int ScoreOf(int text, int needed, ReadOnlySpan<int> lengths)
    {
        if (!SkipTo(text) || _current.FirstText > text)
            return 0;
        if (_unpacked != _block && Bound(_current) < needed)
            return 0;

        Unpack(lengths);
        var i = _position;
        while (i < _count && _texts[i] < text) i++;
        _position = i;
        return i < _count && _texts[i] == text ? _scores[i] : 0;
    }

    // Moves to the block that ends at or behind the text; false if there is none.
    private bool SkipTo(int text)
    {
        while (_block < _blocks && _current.LastText < text) Advance();
        return _block < _blocks;
    }

    private void Advance()
    {
        if (++_block < _blocks)
            _current = _source!.Block(_first, _block);
    }

    // f / (f + k1 (1 - b) + k1 b n / average) = 1 / (1 + k1 (1 - b) / f + k1 b / average * n / f) is at most what the lowest 1 / f
    // and the lowest n / f of the block give together, whatever the average is today. Rounding is made up for.
    private int Bound(in PostingBlock block) =>
        (int)(_weight / (1 + _saturation / block.MaxFrequency + _saturationPerLength * block.MinLengthPerFrequency) * 1.00001f) + 2;

    private void Unpack(ReadOnlySpan<int> lengths)
    {
        if (_unpacked == _block)
            return;

        _unpacked = _block;
        _position = 0;
        _count = PostingPacker.Unpack(_current, _texts, _frequencies, ref _source!.Data(_first, _current));
        for (var i = 0; i < _count; i++)
            _lengths[i] = (uint)_texts[i] < (uint)lengths.Length ? lengths[_texts[i]] : 0; // A file could say anything.
        Score();
    }

    private void Score()
    {
        // Whole vectors; what lies behind the count is never read.
        var weight = new Vector<float>(_weight);
        var saturation = new Vector<float>(_saturation);
        var perLength = new Vector<float>(_saturationPerLength);
        for (var i = 0; i < _count; i += Vector<float>.Count)
        {
            var frequency = Vector.ConvertToSingle(new Vector<int>(_frequencies, i));
            var norm = perLength * new Vector<float>(_lengths, i) + saturation;
            var score = weight * (frequency / (frequency + norm));
            Vector.Max(Vector.ConvertToInt32(score), Vector<int>.One).CopyTo(_scores, i);
        }
    }
}
