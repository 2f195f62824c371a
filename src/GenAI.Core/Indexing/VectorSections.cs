using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>The sections of a segment that hold the vectors of one column, and the index that searches them where they lie.</summary>
/// <remarks>
/// Opening reads the head only, and checks that every section has the length that the head says, so that nothing behind its end is read.
/// What lies in the sections is verified where it is read, and no content of theirs can lead reading astray: rows that links lead to and
/// ids are compared with their number.
/// </remarks>
internal static class VectorSections
{
    // Each section has the column's name and one of these behind it.
    public const string Head = ".head";
    public const string Values = ".values";
    public const string Factors = ".factors";
    public const string Ids = ".ids";
    public const string Originals = ".originals";
    public const string Codes = ".codes";
    public const string Upper = ".upper";
    public const string Lower = ".lower";
    public const string Signs = ".signs";
    public const string Links = ".links";

    /// <summary>Whether a segment has vectors under a name.</summary>
    public static bool Has(SegmentFile segment, string name) => segment.TryGetSection(name + Head, out _);

    /// <summary>Opens the vectors of a segment. The segment must stay open until the index is disposed of.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="name">The name that the vectors were written under.</param>
    /// <returns>An index that cannot be written to, of the ids from 0 on that the vectors were written with.</returns>
    /// <exception cref="CorruptDataException">A section is missing, has another length than the head says, or the head makes no sense.</exception>
    public static VectorIndex Open(SegmentFile segment, string name) => Open(segment.Section, name);

    /// <summary>Opens the vectors that lie in some sections.</summary>
    public static unsafe VectorIndex Open(Func<string, MappedSection> sections, string name)
    {
        var headSection = sections(name + Head);
        if (headSection.Length > int.MaxValue)
            throw Wrong(headSection, $"it has {headSection.Length} bytes");
        headSection.VerifyAll();
        var head = VectorHead.Read(headSection.Span(0, (int)headSection.Length), out var fault) ?? throw Wrong(headSection, fault!);

        MappedSection Find(string suffix, long bytes)
        {
            var section = sections(name + suffix);
            return section.Length == bytes ? section : throw Wrong(section, $"it has {section.Length} bytes, and {head.Rows} vectors of {head.Dimensions} dimensions take {bytes}");
        }

        var rows = new MappedRows(
            head,
            Find(Values, (long)head.Rows * head.Dimensions * sizeof(float)),
            head.Metric == VectorMetric.Cosine ? Find(Factors, (long)head.Rows * sizeof(float)) : null,
            head.Ids > head.Rows ? Find(Ids, (long)head.Rows * sizeof(int)) : null,
            head.Originals > 0 ? new MappedOriginals(Find(Originals, MappedOriginals.Bytes(head.Originals, head.Dimensions)), head.Originals, head.Dimensions) : null);
        if (head.Kind == VectorIndexKind.Exact)
        {
            var groupBytes = head.IsCoded ? CodeBlocks.BytesPerGroup(head.Dimensions, head.Metric != VectorMetric.Cosine) : 0;
            return new ExactIndex(head.Metric, rows, head.IsCoded ? Find(Codes, (long)CodeBlocks.Groups(head.Rows) * groupBytes) : null);
        }

        var codes = new GraphCodes(head.Dimensions, head.Metric) { Unit = head.Unit, Centre = head.Centre.Length == 0 ? null : head.Centre };
        return new GraphIndex(head, codes, new GraphRows(
            codes,
            head.MaxLinks,
            rows,
            Find(Upper, (long)head.Rows * codes.UpperStride),
            Find(Lower, (long)head.Rows * codes.PlaneBytes),
            head.IsCoded && codes.HasSigns ? Find(Signs, (long)head.Rows * GraphCodes.SignStride) : null,
            Find(Links, (long)head.Rows * head.MaxLinks * sizeof(int))));
    }

    /// <summary>The complaint that a section's bytes are those that were written, but say what cannot be.</summary>
    public static CorruptDataException Wrong(MappedSection section, string what) => new(section.Segment.Path, 0, $"Section '{section.Name}' is wrong: {what}.");

    /// <summary>Refuses to write to an index that lies in a file.</summary>
    public static void ThrowIfMapped(MappedRows? rows)
    {
        if (rows is not null)
            throw new NotSupportedException("The index lies in a file and cannot be written to. Write to the one in memory that stands beside it.");
    }
}
