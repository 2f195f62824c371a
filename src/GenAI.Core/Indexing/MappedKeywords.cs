using System.Runtime.CompilerServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>The postings and texts of a segment where they lie in the file. Nothing is copied.</summary>
/// <remarks>
/// What is read is verified before, and compared with what there is room for: no content of the sections can lead reading out of them.
/// Texts have the number of their row, which is their id. Any number of threads may read.
/// </remarks>
internal sealed unsafe class MappedKeywords(KeywordHead head) : PostingSource
{
    private bool _hasLengths;

    /// <summary>The hash of each term, ascending.</summary>
    public required MappedSection Hashes { private get; init; }

    public required MappedSection Terms { private get; init; }

    public required MappedSection Postings { private get; init; }

    public required MappedSection TextLengths { private get; init; }

    public required MappedSection Starts { private get; init; }

    public required MappedSection Lists { private get; init; }

    /// <summary>The number of ids: all are from 0 to before it.</summary>
    public int Ids => head.Ids;

    public override int Texts => head.Texts;

    public override long TotalLength => head.TotalLength;

    public override int TermNumbers => head.Terms;

    public override ReadOnlySpan<int> Lengths
    {
        get
        {
            // Every search looks at lengths far and wide: all of them are verified at once.
            if (!Volatile.Read(ref _hasLengths))
            {
                TextLengths.VerifyAll();
                Volatile.Write(ref _hasLengths, true);
            }

            return new ReadOnlySpan<int>(TextLengths.Start, head.Ids);
        }
    }

    public override int Find(ulong hash)
    {
        var (low, high) = (0, head.Terms - 1);
        while (low <= high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            var found = HashOf(middle);
            if (found == hash)
                return middle;
            if (found < hash)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    public override Term TermAt(int number)
    {
        if ((uint)number >= (uint)head.Terms)
            throw VectorSections.Wrong(Lists, $"it names term {number} of {head.Terms}");
        Terms.Verify(number * (long)sizeof(StoredTerm), sizeof(StoredTerm));
        var stored = ((StoredTerm*)Terms.Start)[number];
        if (stored.Texts == 1)
        {
            if ((uint)stored.First >= (uint)head.Ids || stored.Blocks < 1)
                throw VectorSections.Wrong(Terms, $"term {number} stands {stored.Blocks} times in text {stored.First} of {head.Ids}");
        }
        else
        {
            if (stored.Texts < 1 || stored.First < 0 || stored.Blocks < 1)
                throw VectorSections.Wrong(Terms, $"term {number} has {stored.Texts} texts in {stored.Blocks} blocks at {stored.First}");
            Postings.Verify(stored.First * (long)PostingArena.Unit, stored.Blocks * (long)sizeof(PostingBlock));
        }

        return new Term { Hash = HashOf(number), Texts = stored.Texts, First = stored.First, Blocks = stored.Blocks };
    }

    public override int TextsWith(int term) => TermAt(term).Texts;

    public override ref readonly PostingBlock Block(int first, int index) => ref ((PostingBlock*)(Postings.Start + first * (long)PostingArena.Unit))[index];

    public override ref byte Data(int first, in PostingBlock block)
    {
        if (block.Count is < 1 or > PostingBlock.MaxCount || block.TextBits > 31 || block.FrequencyBits > 24 || block.FirstText < 0 || block.LastText < block.FirstText || block.LastText >= head.Ids)
            throw VectorSections.Wrong(Postings, $"a block of {block.Count} postings of {block.TextBits} and {block.FrequencyBits} bits is for texts {block.FirstText} to {block.LastText} of {head.Ids}");
        if (block.Count == 1)
            return ref Unsafe.NullRef<byte>();
        var offset = (first + (long)block.Data) * PostingArena.Unit;
        Postings.Verify(offset, PostingPacker.BytesOf(block) + KeywordSections.Slack);
        return ref Postings.Start[offset];
    }

    public override long IdOf(int text) => text;

    public override bool TryFind(long id, out int text)
    {
        text = (int)id;
        return (ulong)id < (ulong)head.Ids && Lengths[text] >= 0;
    }

    public override ReadOnlySpan<byte> TermsOf(int text)
    {
        Starts.Verify(text * (long)sizeof(long), 2 * sizeof(long));
        var (start, end) = (((long*)Starts.Start)[text], ((long*)Starts.Start)[text + 1]);
        if (start < 0 || end < start || end - start > int.MaxValue)
            throw VectorSections.Wrong(Starts, $"the terms of text {text} are from {start} to {end}");
        Lists.Verify(start, end - start);
        return Lists.Span(start, (int)(end - start));
    }

    private ulong HashOf(int number)
    {
        Hashes.Verify(number * (long)sizeof(ulong), sizeof(ulong));
        return ((ulong*)Hashes.Start)[number];
    }
}
