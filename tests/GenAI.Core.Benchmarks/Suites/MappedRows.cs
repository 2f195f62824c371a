using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Searching segments where they lie in the file: how long from opening to the first answer, and against the same index in memory.</summary>
internal static class MappedRows
{
    private const int Top = 10;
    private const double Floor = 0.9;
    private static readonly VectorSearchSettings OneThread = new() { MaxDegreeOfParallelism = 1 };

    public static void Run(BenchmarkReport report)
    {
        Exact(report, VectorSet.Clustered(report.Quick ? 50_000 : 1_000_000));
        if (VectorSet.Text(report.Quick ? 10_000 : 50_000) is { } text)
            Graph(report, text);
        else
            report.Absent("mapped/graph/text-384", "the data set is not here");
        if (BenchmarkData.Find("corpus-docs") is { } folder)
            Words(report, SectionCorpus.ReadSections(folder, report.Quick ? 20_000 : 250_000), [.. SectionCorpus.ReadQuestions(folder, 300, distance: 40)]);
        else
            report.Absent("mapped/words/sections", "the data set corpus-docs is not here");
    }

    /// <summary>An exact index.</summary>
    public static void Exact(BenchmarkReport report, VectorSet set)
    {
        using var index = VectorIndex.CreateExact(VectorSet.Dimensions, VectorMetric.Cosine);
        Fill(index, set);
        Vectors(report, $"mapped/exact/{set.Name}", set, index, new DynamicIndexOptions { GraphThreshold = int.MaxValue });
    }

    /// <summary>A graph.</summary>
    public static void Graph(BenchmarkReport report, VectorSet set, int buildBreadth = 200)
    {
        using var index = VectorIndex.CreateGraph(VectorSet.Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = buildBreadth });
        Fill(index, set);
        Vectors(report, $"mapped/graph/{set.Name}", set, index, new DynamicIndexOptions { GraphThreshold = 1 });
    }

    /// <summary>Keywords.</summary>
    public static void Words(BenchmarkReport report, IReadOnlyList<string> texts, string[] queries)
    {
        var (name, runs, results) = ($"mapped/words/sections-{texts.Count / 1000}k", report.Quick ? 3 : 9, new KeywordMatch[Top]);
        using var index = new KeywordIndex();
        for (var id = 0; id < texts.Count; id++)
            index.Upsert(id, texts[id]);
        using var folder = new SegmentFolder();
        report.Higher($"{name}/write", texts.Count / Measure.Once(() => folder.Write(writer => KeywordSectionWriter.Write(writer, "k", [new KeywordPiece(index.Postings, All(texts.Count))], texts.Count))), "texts/s", 1);
        report.Lower($"{name}/bytes", (double)folder.Bytes / texts.Count, "B/text", 1);

        var (searcher, parameters) = (new KeywordSearcher(), new Bm25Parameters(new KeywordIndexOptions().TermSaturation, new KeywordIndexOptions().LengthNormalization));
        void Search(string query, MappedKeywords words) => KeywordRanking.Search(searcher, [words], parameters, index.Analyze(query), results, default);
        var first = Measure.Seconds(runs, () =>
        {
            using var opened = folder.Open();
            Search(queries[0], KeywordSections.Open(opened, "k"));
        });
        report.Lower($"{name}/open-to-first-answer", first * 1e3, "ms", runs, floor: 150);

        using var segment = folder.Open();
        var mapped = KeywordSections.Open(segment, "k");
        Compare(report, name, runs, queries.Length, () =>
        {
            foreach (var query in queries)
                index.Search(query, results);
        }, () =>
        {
            foreach (var query in queries)
                Search(query, mapped);
        });
    }

    private static void Vectors(BenchmarkReport report, string name, VectorSet set, VectorIndex index, DynamicIndexOptions options)
    {
        var (runs, results) = (report.Quick ? 5 : 15, new VectorMatch[Top]);
        using var folder = new SegmentFolder();
        report.Higher($"{name}/write", set.Rows / Measure.Once(() => folder.Write(writer => VectorSectionWriter.Write(writer, "v", [new VectorPiece(index, All(set.Rows))], set.Rows, options))), "vectors/s", 1);
        report.Lower($"{name}/bytes", (double)folder.Bytes / set.Rows, "B/vector", 1);
        report.Lower($"{name}/open-to-first-answer", Measure.Seconds(runs, () => OpenAndSearch(folder, set)) * 1e3, "ms", runs, floor: 150);
        report.Lower($"{name}/open/allocated", OpenedBytes(folder), "B", 1);

        using var segment = folder.Open();
        using var mapped = VectorSections.Open(segment, "v");
        const int Queries = 100;
        for (var query = 0; query < Queries; query++)
            mapped.Search(set.Query(query), results, OneThread);
        var perRun = index.Kind == VectorIndexKind.Graph ? Queries : 1;
        var next = 0;
        Compare(report, name, runs, perRun, () =>
        {
            for (var query = 0; query < perRun; query++)
                index.Search(set.Query(next + query), results, OneThread);
        }, () =>
        {
            for (var query = 0; query < perRun; query++)
                mapped.Search(set.Query(next + query), results, OneThread);
            next += perRun;
        });
    }

    private static void Compare(BenchmarkReport report, string name, int runs, int queries, Action memory, Action mapped)
    {
        var (inMemory, inFile, ratio) = Measure.Pair(runs, memory, mapped);
        report.Lower($"{name}/in-memory", inMemory * 1e3 / queries, "ms/query", runs);
        report.Lower($"{name}/mapped", inFile * 1e3 / queries, "ms/query", runs);
        report.Higher($"{name}/times-memory", ratio, "ratio", runs, Floor);
    }

    private static void OpenAndSearch(SegmentFolder folder, VectorSet set)
    {
        using var segment = folder.Open();
        using var mapped = VectorSections.Open(segment, "v");
        mapped.Search(set.Query(0), new VectorMatch[Top]);
    }

    private static double OpenedBytes(SegmentFolder folder)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var segment = folder.Open();
        using var mapped = VectorSections.Open(segment, "v");
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int[] All(int ids) => [.. Enumerable.Range(0, ids)];

    private static void Fill(VectorIndex index, VectorSet set)
    {
        const int Batch = 10_000;
        for (var first = 0; first < set.Rows; first += Batch)
        {
            long[] ids = [.. Enumerable.Range(first, Math.Min(Batch, set.Rows - first)).Select(id => (long)id)];
            index.Upsert(ids, set.Vectors.AsSpan(first * VectorSet.Dimensions, ids.Length * VectorSet.Dimensions));
        }
    }

    /// <summary>A folder with one segment, which goes with it.</summary>
    private sealed class SegmentFolder : IDisposable
    {
        private const string Name = "a.segment";
        private readonly DiskFolder _folder = DiskFolder.Open(Directory.CreateTempSubdirectory("genai-core-bench-").FullName);

        public long Bytes => _folder.GetLength(Name);

        public void Write(Action<SegmentWriter> write)
        {
            using var writer = new SegmentWriter(_folder, Name);
            write(writer);
            writer.Complete();
        }

        public SegmentFile Open() => SegmentFile.Open(_folder, Name);

        public void Dispose() => Directory.Delete(_folder.Path, recursive: true);
    }
}
