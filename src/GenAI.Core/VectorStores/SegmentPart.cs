using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>The rows of a segment file.</summary>
internal sealed class SegmentPart : TablePart
{
    private const string KeySection = "keys";

    private SegmentPart(SegmentFile file, KeyMap keys, Column[] columns, VectorIndex[] vectors, PartPostings?[] texts, int rows, ulong[]? live)
        : base(keys, columns, vectors, texts, rows, live)
    {
        (File, Rows) = (file, rows);
        HasDead = Count < rows;
    }

    public SegmentFile File { get; }

    /// <summary>The number of rows, those that were removed since included.</summary>
    public int Rows { get; }

    /// <summary>Whether the file is to be deleted with the part: another one has its rows.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Writes rows of other parts, one after the other, as a segment, and opens it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="indexing">Options of the vector indexes.</param>
    /// <param name="sources">The rows, at least one.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left then.</param>
    public static SegmentPart Write(StorageFolder folder, string name, LocalSchema schema, DynamicIndexOptions? indexing, IReadOnlyList<PartRows> sources, CancellationToken cancellationToken)
    {
        var rows = sources.Sum(source => source.Count);
        using (var writer = new SegmentWriter(folder, name))
        {
            WriteSection(writer, KeySection, section => ColumnTypes.WriteKeys(schema.Key, section, [.. sources.Select(source => (source.Part.Keys.Column, source.Live))]));
            for (var i = 0; i < schema.Data.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var column = i;
                (Column Column, ulong[] Rows)[] parts = [.. sources.Select(source => (source.Part.Columns[column], source.Live))];
                WriteSection(writer, ColumnSection(i), section => parts[0].Column.WriteSection(section, parts, schema.Data[column].IsIndexed));
            }

            var newRows = NewRows(sources);
            for (var i = 0; i < schema.Data.Count; i++)
            {
                var column = i;
                if (schema.Data[i].IsFullTextIndexed)
                    KeywordSectionWriter.Write(writer, TextSection(i), [.. sources.Select((source, piece) => new KeywordPiece(source.Part.Texts[column]!.Source, newRows[piece]))], rows, cancellationToken);
            }

            for (var i = 0; i < schema.Vectors.Count; i++)
            {
                var vector = i;
                VectorPiece[] pieces = [.. sources.Select((source, piece) => new VectorPiece(source.Part.Vectors[vector], newRows[piece]))];
                VectorSectionWriter.Write(writer, VectorSection(i), pieces, rows, schema.Vectors[i].SegmentOptions(indexing), cancellationToken);
            }

            writer.Complete();
        }

        return Open(SegmentFile.Open(folder, name), schema, rows, live: null, new KeywordRemovals?[schema.Data.Count]);
    }

    /// <summary>Finds what is in a segment, which belongs to the part then.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="rows">The number of its rows.</param>
    /// <param name="live">Those that are left; null if all are.</param>
    /// <param name="removed">For each data column what is known of the texts of those that are not.</param>
    /// <exception cref="CorruptDataException">It is damaged.</exception>
    public static SegmentPart Open(SegmentFile file, LocalSchema schema, int rows, ulong[]? live, KeywordRemovals?[] removed)
    {
        try
        {
            var keys = ColumnTypes.OpenKeys(schema.Key, file.Section(KeySection), rows);
            var columns = schema.Data.Select((field, i) => ColumnTypes.Open(field, file.Section(ColumnSection(i)), rows)).ToArray();
            var vectors = schema.Vectors.Select((field, i) => OpenVectors(field, file, VectorSection(i))).ToArray();
            var texts = schema.Data.Select((field, i) => KeywordSections.Has(file, TextSection(i)) ? new PartPostings(KeywordSections.Open(file, TextSection(i)), removed[i]) : null).ToArray();
            return new SegmentPart(file, keys, columns, vectors, texts, rows, live);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (IsReplaced)
            File.Retire();
        else
            File.Dispose();
    }

    private static string ColumnSection(int column) => $"column {column}";

    private static string TextSection(int column) => $"text {column}";

    private static string VectorSection(int vector) => $"vectors {vector}";

    private static void WriteSection(SegmentWriter writer, string name, Action<SectionWriter> write)
    {
        using var stream = writer.BeginSection(name);
        var section = new SectionWriter(stream);
        write(section);
        section.Complete();
    }

    private static VectorIndex OpenVectors(VectorField field, SegmentFile file, string name)
    {
        var index = VectorSections.Open(file, name);
        if (index.Dimensions == field.Dimensions && index.Metric == field.Distance.Metric)
            return index;
        var found = $"It has vectors of {index.Dimensions} dimensions for {index.Metric}, and '{field.StorageName}' has {field.Dimensions} for {field.Distance.Metric}.";
        index.Dispose();
        throw new CorruptDataException(file.Path, 0, found);
    }

    // Where each source's rows will be: one after the other, without those that are no more.
    private static int[][] NewRows(IReadOnlyList<PartRows> sources)
    {
        var newRows = new int[sources.Count][];
        var next = 0;
        for (var i = 0; i < newRows.Length; i++)
        {
            var live = sources[i].Live;
            newRows[i] = new int[live.Length * 64];
            for (var row = 0; row < newRows[i].Length; row++)
                newRows[i][row] = RowBits.Has(live, row) ? next++ : -1;
        }

        return newRows;
    }
}
