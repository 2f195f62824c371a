using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>The vectors of a segment that are too long or short for single precision to square, as they were given; the rows hold them scaled.</summary>
internal sealed unsafe class MappedOriginals(MappedSection section, int count, int dimensions)
{
    /// <summary>Bytes of the section for so many vectors: their rows, ascending, and then the vectors.</summary>
    public static long Bytes(int count, int dimensions) => count * (sizeof(int) + (long)dimensions * sizeof(float));

    public bool TryFind(int row, out ReadOnlySpan<float> vector)
    {
        section.Verify(0, section.Length);
        var place = new ReadOnlySpan<int>(section.Start, count).BinarySearch(row);
        vector = place < 0 ? default : new ReadOnlySpan<float>((float*)section.Start + count + (long)place * dimensions, dimensions);
        return place >= 0;
    }
}
