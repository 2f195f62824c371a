using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>The sections of a segment that hold the postings of one column.</summary>
internal static class KeywordSections
{
    // Each section has the column's name and one of these behind it.
    public const string Head = ".words";
    public const string Hashes = ".hashes";
    public const string Terms = ".terms";
    public const string Postings = ".postings";
    public const string Lengths = ".lengths";
    public const string Starts = ".starts";
    public const string Lists = ".lists";

    /// <summary>Of postings, behind the last: 8 bytes are read from wherever a record begins.</summary>
    public const int Slack = 8;

    /// <summary>The length of an id without a text.</summary>
    public const int NoText = -1;

    /// <summary>Whether a segment has postings under a name.</summary>
    public static bool Has(SegmentFile segment, string name) => segment.TryGetSection(name + Head, out _);

    /// <summary>Opens the postings of a segment. The segment must stay open for as long as they are searched.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="name">The name that the postings were written under.</param>
    /// <exception cref="CorruptDataException">A section is missing, has another length than the head says, or the head makes no sense.</exception>
    public static MappedKeywords Open(SegmentFile segment, string name) => Open(segment.Section, name);

    /// <summary>Opens the postings that lie in some sections.</summary>
    public static MappedKeywords Open(Func<string, MappedSection> sections, string name)
    {
        var headSection = sections(name + Head);
        if (headSection.Length != KeywordHead.Bytes)
            throw VectorSections.Wrong(headSection, $"it has {headSection.Length} bytes instead of {KeywordHead.Bytes}");
        headSection.VerifyAll();
        var head = KeywordHead.Read(headSection.Span(0, KeywordHead.Bytes), out var fault);
        if (fault is not null)
            throw VectorSections.Wrong(headSection, fault);

        MappedSection Find(string suffix, long bytes)
        {
            var section = sections(name + suffix);
            return section.Length == bytes ? section : throw VectorSections.Wrong(section, $"it has {section.Length} bytes, and {head.Ids} ids with {head.Terms} terms take {bytes}");
        }

        return new MappedKeywords(head)
        {
            Hashes = Find(Hashes, head.Terms * (long)sizeof(ulong)),
            Terms = Find(Terms, head.Terms * 3L * sizeof(int)),
            Postings = sections(name + Postings),
            TextLengths = Find(Lengths, head.Ids * (long)sizeof(int)),
            Starts = Find(Starts, (head.Ids + 1L) * sizeof(long)),
            Lists = sections(name + Lists),
        };
    }
}
