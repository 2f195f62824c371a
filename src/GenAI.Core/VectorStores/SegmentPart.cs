using System.Numerics;
using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>Rows of a part, as they were at one moment.</summary>
internal sealed record PartRows(TablePart Part, ulong[] Live)
{
    public int Count { get; } = RowBits.Count(Live);
}

/// <summary>The rows of a segment file.</summary>
internal sealed class SegmentPart : TablePart
{
    private const string Keys_ = "keys";

    private SegmentPart(SegmentFile file, KeyMap keys, Column[] columns, VectorIndex[] vectors, KeywordIndex?[] texts, int rows, ulong[] live)
        : base(keys, columns, vectors, texts, live)
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
        using (var writer = new SegmentWriter(folder, name))
        {
            WriteSection(writer, Keys_, section => ColumnTypes.WriteKeys(schema.Key, section, [.. sources.Select(source => (source.Part.Keys.Column, source.Live))]));
            for (var i = 0; i < schema.Data.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var column = i;
                (Column Column, ulong[] Rows)[] parts = [.. sources.Select(source => (source.Part.Columns[column], source.Live))];
                WriteSection(writer, ColumnSection(i), section => parts[0].Column.WriteSection(section, parts, schema.Data[column].IsIndexed));
            }

            for (var i = 0; i < schema.Vectors.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var vector = i;
                WriteSection(writer, VectorSection(i), section => WriteVectors(section, sources, vector, schema.Vectors[vector].Dimensions));
            }

            writer.Complete();
        }

        var rows = sources.Sum(source => source.Count);
        return Open(folder, name, schema, indexing, rows, AllRows(rows));
    }

    /// <summary>Maps a segment.</summary>
    /// <exception cref="CorruptDataException">It is damaged or missing.</exception>
    public static SegmentPart Open(StorageFolder folder, string name, LocalSchema schema, DynamicIndexOptions? indexing, int rows, ulong[] live)
    {
        var file = SegmentFile.Open(folder, name);
        try
        {
            var keys = ColumnTypes.OpenKeys(schema.Key, file.Section(Keys_), rows);
            var columns = schema.Data.Select((field, i) => ColumnTypes.Open(field, file.Section(ColumnSection(i)), rows)).ToArray();
            var vectors = schema.Vectors.Select((field, i) => OpenVectors(field, file.Section(VectorSection(i)), indexing, rows)).ToArray();
            var part = new SegmentPart(file, keys, columns, vectors, new KeywordIndex?[columns.Length], rows, live);
            return part;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static ulong[] AllRows(int rows)
    {
        var live = new ulong[RowBits.Words(rows)];
        for (var row = 0; row < rows; row++)
            RowBits.Add(live, row);
        return live;
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

    private static string VectorSection(int vector) => $"vectors {vector}";

    private static void WriteSection(SegmentWriter writer, string name, Action<SectionWriter> write)
    {
        using var stream = writer.BeginSection(name);
        var section = new SectionWriter(stream);
        write(section);
        section.Complete();
    }

    private static void WriteVectors(SectionWriter section, IReadOnlyList<PartRows> sources, int vector, int dimensions)
    {
        var rows = sources.Sum(source => source.Count);
        var has = new ulong[RowBits.Words(rows)];
        var values = new float[dimensions];
        var next = 0;
        section.BeginPart();
        foreach (var (part, live) in sources)
        {
            for (var word = 0; word < live.Length; word++)
            {
                for (var left = live[word]; left != 0; left &= left - 1, next++)
                {
                    values.AsSpan().Clear();
                    if (part.Vectors[vector].TryCopyVector(word * 64 + BitOperations.TrailingZeroCount(left), values))
                        RowBits.Add(has, next);
                    section.Write<float>(values);
                }
            }
        }

        section.Part<ulong>(has);
    }

    private static VectorIndex OpenVectors(VectorField field, MappedSection section, DynamicIndexOptions? indexing, int rows)
    {
        var parts = SectionPart.Read(section, 2);
        var index = field.CreateIndex(indexing);
        for (var row = 0; row < rows; row++)
        {
            if (RowBits.Has(parts[1].Values<ulong>(row >> 6, 1), row & 63))
                index.Upsert([row], parts[0].Values<float>((long)row * field.Dimensions, field.Dimensions));
        }

        return index;
    }
}
