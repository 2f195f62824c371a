using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>Which texts have a term, and how often, for every term. Updated in place: nothing is ever marked and swept later.</summary>
/// <remarks>
/// Texts are small numbers that the caller gives out and uses again. A term of one text, as half of all terms are, has its posting in
/// the <see cref="TermTable"/>; others have <see cref="PostingBlock"/>s, ordered by text. One writer, and no reader while it writes.
/// </remarks>
internal sealed class PostingLists
{
    private readonly PostingBlockTable _blocks = new();
    private readonly int[] _texts = new int[PostingBlock.MaxCount + 1];
    private readonly int[] _frequencies = new int[PostingBlock.MaxCount + 1];

    public TermTable Terms { get; } = new();

    public PostingArena Arena { get; } = new();

    /// <summary>A block of a term that more than one text has.</summary>
    public ref readonly PostingBlock Block(int index) => ref _blocks[index];

    /// <summary>The packed postings of a block; nowhere if there is only one.</summary>
    public ref byte DataOf(in PostingBlock block) => ref block.Count == 1 ? ref Unsafe.NullRef<byte>() : ref Arena.At(block.Data);

    /// <summary>Adds a posting and returns the term's number.</summary>
    /// <param name="hash">The term.</param>
    /// <param name="text">The text, which must not have the term yet.</param>
    /// <param name="frequency">How often the term stands in the text, 1 or more.</param>
    /// <param name="lengths">The length of every text, this one included.</param>
    public int Add(ulong hash, int text, int frequency, ReadOnlySpan<int> lengths)
    {
        frequency = Math.Min(frequency, PostingPacker.MaxFrequency);
        var number = Terms.FindOrAdd(hash);
        ref var term = ref Terms[number];
        term.Texts++;
        if (term.Texts == 1)
        {
            (term.First, term.Blocks) = (text, frequency);
            return number;
        }

        if (term.Texts == 2)
        {
            var (onlyText, onlyFrequency) = (term.First, term.Blocks);
            (term.First, term.Blocks) = (_blocks.Allocate(), 1);
            _blocks[term.First] = default;
            PostingPacker.Pack(ref _blocks[term.First], [onlyText], [onlyFrequency], lengths, Arena);
        }

        Insert(ref term, text, frequency, lengths);
        return number;
    }

    /// <summary>Removes the posting of a term in a text that has it.</summary>
    public void Remove(int number, int text, ReadOnlySpan<int> lengths)
    {
        ref var term = ref Terms[number];
        if (--term.Texts == 0)
        {
            Terms.Remove(number);
            return;
        }

        var at = term.First + BlockFor(term, text);
        var count = PostingPacker.Unpack(_blocks[at], _texts, _frequencies, ref DataOf(_blocks[at]));
        var place = _texts.AsSpan(0, count).BinarySearch(text);
        _texts.AsSpan(place + 1, count - place - 1).CopyTo(_texts.AsSpan(place));
        _frequencies.AsSpan(place + 1, count - place - 1).CopyTo(_frequencies.AsSpan(place));
        if (count > 1)
            PostingPacker.Pack(ref _blocks[at], _texts.AsSpan(0, count - 1), _frequencies.AsSpan(0, count - 1), lengths, Arena);
        else
            RemoveBlock(ref term, at - term.First);

        if (term.Texts == 1)
            Inline(ref term);
        else if (count > 1)
            MergeWithNext(ref term, at - term.First, lengths);
    }

    private void Insert(ref Term term, int text, int frequency, ReadOnlySpan<int> lengths)
    {
        var at = BlockFor(term, text);
        ref var block = ref _blocks[term.First + at];
        var isLast = at == term.Blocks - 1 && text > block.LastText;
        if (isLast && PostingPacker.TryAppend(ref block, text, frequency, lengths[text], Arena))
            return;

        if (isLast && block.Count == PostingBlock.MaxCount)
        {
            _blocks.Insert(ref term.First, ref term.Blocks, at + 1);
            PostingPacker.Pack(ref _blocks[term.First + at + 1], [text], [frequency], lengths, Arena);
            return;
        }

        var count = PostingPacker.Unpack(block, _texts, _frequencies, ref DataOf(block));
        var place = ~_texts.AsSpan(0, count).BinarySearch(text);
        _texts.AsSpan(place, count - place).CopyTo(_texts.AsSpan(place + 1));
        _frequencies.AsSpan(place, count - place).CopyTo(_frequencies.AsSpan(place + 1));
        (_texts[place], _frequencies[place]) = (text, frequency);
        count++;
        var head = count <= PostingBlock.MaxCount ? count : count / 2;
        PostingPacker.Pack(ref block, _texts.AsSpan(0, head), _frequencies.AsSpan(0, head), lengths, Arena);
        if (head < count)
        {
            _blocks.Insert(ref term.First, ref term.Blocks, at + 1);
            PostingPacker.Pack(ref _blocks[term.First + at + 1], _texts.AsSpan(head, count - head), _frequencies.AsSpan(head, count - head), lengths, Arena);
        }
    }

    // The last block that begins at or before the text; the first if none does.
    private int BlockFor(in Term term, int text)
    {
        ReadOnlySpan<PostingBlock> blocks = _blocks.Of(term.First, term.Blocks);
        int low = 0, high = blocks.Length - 1;
        if (text >= blocks[high].FirstText)
            return high;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (blocks[middle].FirstText <= text)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private void RemoveBlock(ref Term term, int at)
    {
        PostingPacker.Release(ref _blocks[term.First + at], Arena);
        _blocks.Remove(ref term.First, ref term.Blocks, at);
    }

    // Back to a term of one text.
    private void Inline(ref Term term)
    {
        PostingPacker.Unpack(_blocks[term.First], _texts, _frequencies, ref DataOf(_blocks[term.First]));
        RemoveBlock(ref term, 0);
        (term.First, term.Blocks) = (_texts[0], _frequencies[0]);
    }

    private void MergeWithNext(ref Term term, int at, ReadOnlySpan<int> lengths)
    {
        // Three quarters full at most, so that a text that comes and goes does not split and merge a block each time.
        if (at + 1 >= term.Blocks || _blocks[term.First + at].Count + _blocks[term.First + at + 1].Count > PostingBlock.MaxCount * 3 / 4)
            return;

        var count = PostingPacker.Unpack(_blocks[term.First + at], _texts, _frequencies, ref DataOf(_blocks[term.First + at]));
        Span<int> texts = stackalloc int[PostingBlock.MaxCount], frequencies = stackalloc int[PostingBlock.MaxCount];
        var more = PostingPacker.Unpack(_blocks[term.First + at + 1], texts, frequencies, ref DataOf(_blocks[term.First + at + 1]));
        texts[..more].CopyTo(_texts.AsSpan(count));
        frequencies[..more].CopyTo(_frequencies.AsSpan(count));
        PostingPacker.Pack(ref _blocks[term.First + at], _texts.AsSpan(0, count + more), _frequencies.AsSpan(0, count + more), lengths, Arena);
        RemoveBlock(ref term, at + 1);
    }
}
