using System.Diagnostics;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;
using Collection = Microsoft.Extensions.VectorData.VectorStoreCollection<object, System.Collections.Generic.Dictionary<string, object?>>;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>What a store in a folder costs against one in memory, and how long it takes to open.</summary>
/// <remarks>Every figure is of records with a vector of 384 dimensions, a text of 12 words in the keyword index and an indexed number.</remarks>
internal static class DurabilitySuite
{
    private const int Dimensions = 384;
    private const int BatchRecords = 1000;

    public static void Run(BenchmarkReport report)
    {
        var root = Directory.CreateTempSubdirectory("genai-core-durability-").FullName;
        try
        {
            RunAsync(report, root).GetAwaiter().GetResult();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task RunAsync(BenchmarkReport report, string root)
    {
        await MeasureIngestAsync(report, root, report.Quick ? 5_000 : 30_000, report.Quick ? 3 : 5);
        await MeasureSearchAsync(report, root, report.Quick ? 10_000 : 100_000, report.Quick ? 101 : 501);
        await MeasureOpenAsync(report, root, report.Quick ? 20_000 : 1_000_000, report.Quick ? 3 : 9);
        await MeasureUpdatesAsync(report, root, report.Quick ? 4_000 : 40_000);
        IncrementalRows.Floors(report);
        report.Absent("crash/kills", "run by GENAI_CORE_KILLS=2000 dotnet test tests/GenAI.Core.Tests --filter FullyQualifiedName~StoreKillTests");
        report.Absent("crash/every-step", "run by GENAI_CORE_TORTURE=1 dotnet test tests/GenAI.Core.Tests --filter FullyQualifiedName~StoreCrashTests");
        report.Absent("damage/flips", "run by GENAI_CORE_FLIPS=2000 dotnet test tests/GenAI.Core.Tests --filter FullyQualifiedName~StoreDamageTests");
    }

    private static async Task MeasureIngestAsync(BenchmarkReport report, string root, int records, int runs)
    {
        var set = new RecordSet(records);
        var ratios = new double[runs];
        var (memory, durable) = (new double[runs], new double[runs]);
        for (var run = -1; run < runs; run++)
        {
            using var inMemory = new LocalVectorStore();
            var plain = await IngestAsync(inMemory, set, records);
            var folder = Path.Combine(root, $"ingest-{run}");
            await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder });
            var stored = await IngestAsync(store, set, records);
            if (run >= 0)
                (memory[run], durable[run], ratios[run]) = (records / plain, records / stored, plain / stored);
        }

        report.Higher("ingest/memory", Measure.Median(memory), "records/s", runs);
        report.Higher("ingest/durable/every-batch", Measure.Median(durable), "records/s", runs);
        report.Higher("ingest/durable/ratio-to-memory", Measure.Median(ratios), "ratio", runs, floor: 0.7);
    }

    private static async Task MeasureSearchAsync(BenchmarkReport report, string root, int records, int runs)
    {
        var set = new RecordSet(records);
        using var inMemory = new LocalVectorStore();
        await IngestAsync(inMemory, set, records);
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = Path.Combine(root, "search") });
        await IngestAsync(store, set, records);
        await store.CompactAsync();

        var (memory, mapped) = (Open(inMemory), Open(store));
        foreach (var (name, search) in Searches(set))
        {
            // One after the other, so that both meet the same machine; more of them in memory is what a ratio above 1 says.
            var (plain, stored, ratio) = Measure.Pair(runs, () => search(memory), () => search(mapped));
            report.Lower($"search/memory/{name}/p50", plain * 1e3, "ms", runs);
            report.Lower($"search/mapped/{name}/p50", stored * 1e3, "ms", runs);
            report.Higher($"search/mapped/{name}/speed-to-memory", ratio, "ratio", runs, floor: 0.9);
        }
    }

    private static async Task MeasureOpenAsync(BenchmarkReport report, string root, int records, int runs)
    {
        var folder = Path.Combine(root, "open");
        var set = new RecordSet(Math.Min(records, 100_000));
        var smallManaged = 0L;
        foreach (var count in (int[])[records / 10, records])
        {
            await using (var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder }))
            {
                await IngestAsync(store, set, count, first: (int)store.GetStatistics().Records);
                await store.CompactAsync();
            }

            var (first, managed) = (new double[runs], new double[runs]);
            for (var run = 0; run < runs; run++)
                (first[run], managed[run]) = await OpenAsync(folder, set);
            var name = $"open/{count}x{Dimensions}";
            report.Lower($"{name}/first-answer", Measure.Median(first), "ms", runs, floor: count == records ? 150 : null);
            report.Lower($"{name}/managed-memory", Measure.Median(managed) / 1e6, "MB", runs);
            if (count == records)
                report.Lower("open/memory-for-each-record-more", (Measure.Median(managed) - smallManaged) / (records * 0.9), "B", runs, floor: 1);
            smallManaged = (long)Measure.Median(managed);
        }
    }

    private static async Task<(double Milliseconds, double ManagedBytes)> OpenAsync(string folder, RecordSet set)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder });
        var managed = GC.GetTotalMemory(forceFullCollection: false) - before;
        var hits = await ((IKeywordHybridSearchable<Record>)Open(store)).HybridSearchAsync(set.Query(1), RecordSet.Words(1), 10).ToListAsync();
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return hits.Count == 10 ? (milliseconds, managed) : throw new InvalidOperationException($"{hits.Count} hits instead of 10.");
    }

    // Records are replaced again and again: what the log, checkpoints and compaction write for each byte of them.
    private static async Task MeasureUpdatesAsync(BenchmarkReport report, string root, int records)
    {
        var set = new RecordSet(records);
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = Path.Combine(root, "updates"), CheckpointBytes = 4 << 20 });
        for (var round = 0; round < 4; round++)
            await IngestAsync(store, set, records);
        var statistics = store.GetStatistics();
        report.Lower("updates/write-amplification", statistics.WriteAmplification, "ratio", 1);
        report.Lower("updates/space-for-each-record", (double)statistics.FileBytes / statistics.Records / (Dimensions * sizeof(float)), "ratio", 1);
    }

    private static IEnumerable<(string Name, Action<Collection> Search)> Searches(RecordSet set)
    {
        var next = 0;
        yield return ("vector", collection => Drain(collection.SearchAsync(set.Query(next++ / 2), 10)));
        yield return ("hybrid", collection => Drain(((IKeywordHybridSearchable<Record>)collection).HybridSearchAsync(set.Query(next / 2), RecordSet.Words(next++ / 2), 10)));
        var group = 7;
        yield return ("filtered", collection => Drain(collection.SearchAsync(set.Query(next++ / 2), 10, new() { Filter = record => (int)record["Group"]! == group })));
    }

    private static Collection Open(LocalVectorStore store) => store.GetDynamicCollection("benchmark", RecordSet.Definition);

    private static async Task<double> IngestAsync(LocalVectorStore store, RecordSet set, int end, int first = 0)
    {
        var collection = Open(store);
        await collection.EnsureCollectionExistsAsync();
        var started = Stopwatch.GetTimestamp();
        for (var batch = first; batch < end; batch += BatchRecords)
            await collection.UpsertAsync(set.Records(batch, Math.Min(batch + BatchRecords, end)));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Drain<T>(IAsyncEnumerable<T> results)
    {
        var enumerator = results.GetAsyncEnumerator();
        while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
        }
    }

    /// <summary>Records that are the same in every run.</summary>
    private sealed class RecordSet
    {
        // Words by rank, the first ones often, as in texts.
        private const int Vocabulary = 20_000;
        private readonly float[] _values;
        private readonly int _distinct;

        public RecordSet(int distinct)
        {
            _distinct = distinct;
            var random = new Random(1);
            _values = new float[(distinct + 1000) * Dimensions];
            for (var i = 0; i < _values.Length; i++)
                _values[i] = random.NextSingle() + random.NextSingle() - 1;
        }

        public static VectorStoreCollectionDefinition Definition { get; } = new()
        {
            Properties =
            [
                new VectorStoreKeyProperty("Key", typeof(int)),
                new VectorStoreDataProperty("Group", typeof(int)) { IsIndexed = true },
                new VectorStoreDataProperty("Text", typeof(string)) { IsFullTextIndexed = true },
                new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), Dimensions) { IndexKind = IndexKind.Flat },
            ],
        };

        public ReadOnlyMemory<float> Query(int number) => _values.AsMemory((_distinct + number % 1000) * Dimensions, Dimensions);

        public static string[] Words(int number) => TextOf(-1 - number).Split(' ')[..3];

        public IEnumerable<Record> Records(int first, int end)
        {
            for (var key = first; key < end; key++)
            {
                yield return new Record
                {
                    ["Key"] = key,
                    ["Group"] = key % 100,
                    ["Text"] = TextOf(key),
                    ["Vector"] = (ReadOnlyMemory<float>)_values.AsMemory(key % _distinct * Dimensions, Dimensions),
                };
            }
        }

        private static string TextOf(int number)
        {
            var random = new Random(number);
            return string.Join(' ', Enumerable.Range(0, 12).Select(_ => $"w{(int)Math.Pow(Vocabulary, random.NextDouble())}x"));
        }
    }
}
