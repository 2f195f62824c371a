using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenAI.Core.Indexing;
using GenAI.Core.Storage;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.Indexing;

/// <summary>A small segment with a column of each kind, and everything that can be asked of it, as text: for tests that damage it.</summary>
internal static class MappedReadings
{
    private const int Ids = 40;
    private const int Dimensions = 5;

    /// <summary>Names a segment to another process.</summary>
    public const string PathVariable = "GENAI_CORE_TEST_SEGMENT";

    /// <summary>The names of the columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["exact", "coded", "graph", "words"];

    public static SegmentOnDisk Make() => new(writer =>
    {
        var random = new Random(61);
        var vectors = GraphData.Normal(random, Ids * Dimensions);
        Array.Fill(vectors, 1e-30f, 5 * Dimensions, Dimensions); // Stored scaled.
        using var some = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        using var coded = VectorIndex.CreateExact(Dimensions, VectorMetric.Euclidean, new ExactIndexOptions { Codes = ExactCodes.FourBit });
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Euclidean, new GraphIndexOptions { MaxNeighbors = 2, MaxDegreeOfParallelism = 1 });
        using var words = new KeywordIndex();
        for (var id = 0; id < Ids; id++)
        {
            var vector = vectors.AsSpan(id * Dimensions, Dimensions);
            if (id % 4 != 2)
                some.Upsert([id], vector);
            coded.Upsert([id], vector);
            words.Upsert(id, $"common word{id % 3} word{id % 11} alone{id} {(id % 7 == 0 ? "common common" : "")}");
        }

        graph.Upsert(GraphData.Ids(0, Ids), vectors);
        var all = SegmentOnDisk.All(Ids);
        VectorSectionWriter.Write(writer, "exact", [new VectorPiece(some, all)], Ids);
        VectorSectionWriter.Write(writer, "coded", [new VectorPiece(coded, all)], Ids, new DynamicIndexOptions { Exact = new ExactIndexOptions { Codes = ExactCodes.FourBit } });
        VectorSectionWriter.Write(writer, "graph", [new VectorPiece(graph, all)], Ids, new DynamicIndexOptions { GraphThreshold = 1 });
        KeywordSectionWriter.Write(writer, "words", [new KeywordPiece(words.Postings, all)], Ids);
    });

    /// <summary>One number for what is found in all columns of a file.</summary>
    public static string DigestOf(string path)
    {
        using var segment = SegmentFile.Open(DiskFolder.Open(Path.GetDirectoryName(path)!), Path.GetFileName(path));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Columns.Select(column => Of(segment.Section, column))))));
    }

    /// <summary>What searches and readings of a column find, scores to the last bit.</summary>
    public static string Of(Func<string, MappedSection> sections, string column)
    {
        var text = new StringBuilder();
        if (column == "words")
            ReadWords(KeywordSections.Open(sections, column), text);
        else
            ReadVectors(sections, column, text);
        return text.ToString();
    }

    private static void ReadVectors(Func<string, MappedSection> sections, string column, StringBuilder text)
    {
        using var index = VectorSections.Open(sections, column);
        var vector = new float[index.Dimensions];
        for (var id = 0; id < Ids; id++)
            text.Append(index.TryCopyVector(id, vector) ? BitConverter.ToString([.. vector.SelectMany(BitConverter.GetBytes)]) : "-");
        var (random, results) = (new Random(8), new VectorMatch[Ids]);
        for (var query = 0; query < 4; query++)
        {
            // The first wants so few that codes are looked at; the second has a filter that leaves all.
            var allowed = MappedVectorTests.Allowed(random, Ids, query < 2 ? 1 : 0.3);
            var count = index.Search(GraphData.Normal(random, index.Dimensions), results.AsSpan(0, query == 0 ? 1 : query % 2 == 0 ? 5 : Ids), new VectorSearchSettings { AllowedIds = query == 0 ? default(ReadOnlyMemory<ulong>?) : allowed, SearchBreadth = 1 });
            foreach (var match in results.AsSpan(0, count))
                text.Append(CultureInfo.InvariantCulture, $" {match.Id}:{BitConverter.SingleToInt32Bits(match.Score)}");
        }
    }

    private static void ReadWords(MappedKeywords words, StringBuilder text)
    {
        using var analyzer = new KeywordIndex();
        using var part = new PartPostings(words);
        var results = new KeywordMatch[Ids];
        foreach (var query in (string[])["common", "word1 word4 alone9", "alone3", string.Join(' ', Enumerable.Range(0, 80).Select(i => $"alone{i}"))])
        {
            foreach (var feedback in (RelevanceFeedback?[])[null, new RelevanceFeedback()])
            {
                var count = KeywordRanking.Search(new KeywordSearcher(), [part], new Bm25Parameters(1.2, 0.75), analyzer.Analyze(query), results, new KeywordSearchSettings { Feedback = feedback });
                foreach (var match in results.AsSpan(0, count))
                    text.Append(CultureInfo.InvariantCulture, $" {match.Id}:{BitConverter.SingleToInt32Bits(match.Score)}");
            }
        }

        for (var id = 0; id < Ids; id++)
            part.Remove(id);
        text.Append(CultureInfo.InvariantCulture, $"{part.Texts} {part.TotalLength}");
        for (var term = 0; term < words.TermNumbers; term++)
            text.Append(CultureInfo.InvariantCulture, $" {part.TermAt(term).Hash}:{part.TextsWith(term)}");
    }
}
