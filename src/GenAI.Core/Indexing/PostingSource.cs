namespace GenAI.Core.Indexing;

/// <summary>The postings and texts of an index as a search reads them: in memory, or where they lie in a segment.</summary>
/// <remarks>Texts and terms have numbers of their own in each source; what they have in common are ids and hashes.</remarks>
internal abstract class PostingSource
{
    /// <summary>The number of texts that there are now.</summary>
    public abstract int Texts { get; }

    /// <summary>The length of those texts together.</summary>
    public abstract long TotalLength { get; }

    /// <summary>Terms have numbers below this; not every one has to be there.</summary>
    public abstract int TermNumbers { get; }

    /// <summary>The length of each text, by number; there are no postings of texts that it has no place for.</summary>
    public abstract ReadOnlySpan<int> Lengths { get; }

    /// <summary>The number of a term, or -1.</summary>
    public abstract int Find(ulong hash);

    /// <summary>What is known of a term; its <see cref="Term.Texts"/> may count texts that were removed.</summary>
    public abstract Term TermAt(int number);

    /// <summary>How many texts that there are now have a term.</summary>
    public abstract int TextsWith(int term);

    /// <summary>A block of a term that more than one text has.</summary>
    /// <param name="first">The term's <see cref="Term.First"/>.</param>
    /// <param name="index">The place of the block among the term's.</param>
    public abstract ref readonly PostingBlock Block(int first, int index);

    /// <summary>The packed postings of a block; nowhere if there is only one.</summary>
    public abstract ref byte Data(int first, in PostingBlock block);

    public abstract long IdOf(int text);

    public abstract bool TryFind(long id, out int text);

    /// <summary>The packed terms of a text; see <see cref="TermListReader"/>.</summary>
    public abstract ReadOnlySpan<byte> TermsOf(int text);

    /// <summary>The complaint that what was read and is to be written again makes no sense.</summary>
    public static InvalidDataException Wrong(string what) => new(what + " The segment that it was read from is not what this library writes; restore it from a backup, or ingest the documents again.");
}

/// <summary>The postings and texts of an index in memory.</summary>
internal sealed class MemoryPostings(PostingLists lists, KeywordTexts texts) : PostingSource
{
    public override int Texts => texts.Count;

    public override long TotalLength => texts.TotalLength;

    public override int TermNumbers => lists.Terms.Numbers;

    public override ReadOnlySpan<int> Lengths => texts.Lengths;

    public override int Find(ulong hash) => lists.Terms.Find(hash);

    public override Term TermAt(int number) => lists.Terms[number];

    public override int TextsWith(int term) => lists.Terms[term].Texts;

    public override ref readonly PostingBlock Block(int first, int index) => ref lists.Block(first + index);

    public override ref byte Data(int first, in PostingBlock block) => ref lists.DataOf(block);

    public override long IdOf(int text) => texts.IdOf(text);

    public override bool TryFind(long id, out int text) => texts.TryFind(id, out text);

    public override ReadOnlySpan<byte> TermsOf(int text) => texts.TermsOf(text);
}
