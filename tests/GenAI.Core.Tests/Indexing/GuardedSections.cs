using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Copies of the sections of a segment, each behind or in front of a page that must not be touched. Checksums are those of the file.</summary>
internal sealed unsafe class GuardedSections : IDisposable
{
    // Sections begin behind the header, at a page.
    private const long FirstSection = 4096;

    private readonly SegmentFile _segment;
    private readonly Dictionary<string, MappedSection> _sections = [];
    private readonly List<GuardedMemory> _memories = [];

    /// <param name="segment">The segment.</param>
    /// <param name="atEnd">Whether the guarded page stands behind each section, or else before it.</param>
    public GuardedSections(SegmentFile segment, bool atEnd)
    {
        _segment = segment;
        var lowest = segment.SectionNames.Min(name => (nuint)segment.Section(name).Start);
        foreach (var name in segment.SectionNames)
        {
            var section = segment.Section(name);
            var memory = new GuardedMemory((int)section.Length);
            var start = atEnd ? memory.Last : memory.First;
            new ReadOnlySpan<byte>(section.Start, (int)section.Length).CopyTo(new Span<byte>(start, (int)section.Length));
            _memories.Add(memory);
            _sections.Add(name, new MappedSection(segment, name, start, FirstSection + (long)((nuint)section.Start - lowest), section.Length));
        }
    }

    public MappedSection Find(string name) => _sections.TryGetValue(name, out var section) ? section : _segment.Section(name);

    public void Dispose() => _memories.ForEach(memory => memory.Dispose());
}
