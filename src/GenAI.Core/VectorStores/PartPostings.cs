using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>The postings of one column of a part of a table, under the numbers that its rows have in the table, and without the texts that were removed since the part stopped being written to.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call.</remarks>
internal sealed class PartPostings : PostingSource, IDisposable
{
    private readonly KeywordRemovals _removed;

    /// <summary>Of an index in memory.</summary>
    public PartPostings(KeywordIndex index) => (Index, Source, _removed) = (index, index.Postings, new KeywordRemovals());

    /// <summary>Of a segment.</summary>
    /// <param name="source">Its postings.</param>
    /// <param name="removed">What was removed from it since it was written; null for nothing.</param>
    public PartPostings(MappedKeywords source, KeywordRemovals? removed = null) => (Source, _removed) = (source, removed ?? new KeywordRemovals());

    /// <summary>What the table adds to the numbers of the part's rows.</summary>
    public int First { get; set; }

    /// <summary>The index in memory; null for a segment.</summary>
    public KeywordIndex? Index { get; }

    /// <summary>The postings under the part's own numbers, with what was removed.</summary>
    public PostingSource Source { get; }

    /// <summary>What was removed, to be stored; null where the postings are not those of the segment's file.</summary>
    public byte[]? Removed => Index is null ? _removed.ToBytes() : null;

    public override int Texts => Source.Texts - _removed.Texts;

    public override long TotalLength => Source.TotalLength - _removed.TotalLength;

    public override int TermNumbers => Source.TermNumbers;

    public override ReadOnlySpan<int> Lengths => Source.Lengths;

    public override int Find(ulong hash) => Source.Find(hash);

    public override Term TermAt(int number) => Source.TermAt(number);

    public override int TextsWith(int term) => Source.TextsWith(term) - _removed.TextsWith(term);

    public override ref readonly PostingBlock Block(int first, int index) => ref Source.Block(first, index);

    public override ref byte Data(int first, in PostingBlock block) => ref Source.Data(first, block);

    public override long IdOf(int text) => Source.IdOf(text) + First;

    public override bool TryFind(long id, out int text) => Source.TryFind(id - First, out text);

    public override ReadOnlySpan<byte> TermsOf(int text) => Source.TermsOf(text);

    /// <summary>Takes the text of a row out of the statistics, where the postings themselves stay as they are.</summary>
    public void Remove(int row)
    {
        if (Source.TryFind(row, out var text))
            _removed.Add(Source.Lengths[text], Source.TermsOf(text));
    }

    public void Dispose() => Index?.Dispose();
}
