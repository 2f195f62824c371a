using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Indexing;

/// <summary>A segment file in a folder of its own, which goes with it.</summary>
internal sealed class SegmentOnDisk : IDisposable
{
    private const string Name = "a.segment";
    private readonly string _path = Directory.CreateTempSubdirectory("genai-core-segment-").FullName;
    private readonly DiskFolder _folder;

    public SegmentOnDisk(Action<SegmentWriter> write)
    {
        _folder = DiskFolder.Open(_path);
        using (var writer = new SegmentWriter(_folder, Name))
        {
            write(writer);
            writer.Complete();
        }

        File = SegmentFile.Open(_folder, Name);
    }

    public SegmentFile File { get; private set; }

    public string Path => System.IO.Path.Combine(_path, Name);

    /// <summary>The whole of an index as a segment: ids from 0 to before <paramref name="ids"/>, all kept.</summary>
    public static SegmentOnDisk Of(VectorIndex index, int ids, DynamicIndexOptions? options = null) =>
        new(writer => VectorSectionWriter.Write(writer, "v", [new VectorPiece(index, All(ids))], ids, options));

    public static SegmentOnDisk Of(KeywordIndex index, int ids) =>
        new(writer => KeywordSectionWriter.Write(writer, "k", [new KeywordPiece(index.Postings, All(ids))], ids));

    public static int[] All(int ids) => [.. Enumerable.Range(0, ids)];

    public VectorIndex Vectors() => VectorSections.Open(File, "v");

    public MappedKeywords Keywords() => KeywordSections.Open(File, "k");

    /// <summary>Opens the file again, so that nothing of it has been verified.</summary>
    public void Reopen()
    {
        File.Dispose();
        File = SegmentFile.Open(_folder, Name);
    }

    public void Dispose()
    {
        File.Dispose();
        Directory.Delete(_path, recursive: true);
    }
}
