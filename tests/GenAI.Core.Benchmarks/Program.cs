using System.Globalization;
using System.Text.Json;
using GenAI.Core.Benchmarks;
using GenAI.Core.Benchmarks.Claims;
using GenAI.Core.Benchmarks.Injection;
using GenAI.Core.Benchmarks.Onnx;
using GenAI.Core.Benchmarks.Suites;

// dotnet run -c Release --project tests/GenAI.Core.Benchmarks -- <suite> [--quick] [--json FILE] [--only PREFIX]
var suites = new SortedDictionary<string, (string About, Action<BenchmarkReport> Run)>(StringComparer.Ordinal)
{
    ["answers"] = ("the extractive client: answers from the right document, and abstentions where no document has the answer", AnswersSuite.Run),
    ["chunking"] = ("chunkers: bytes per second, with the estimate and an exact tokenizer, against Semantic Kernel", ChunkingSuite.Run),
    ["claims"] = ("claim checks: false sentences caught, true ones blamed, SciFact, what it costs", ClaimsSuite.Run),
    ["durability"] = ("a store in a folder against one in memory: ingestion, search, opening, what is written", DurabilitySuite.Run),
    ["embedding"] = ("the model in the box: dense and hybrid ranking against keywords alone, 8 bits against more, speed", EmbeddingSuite.Run),
    ["guardrails"] = ("the built-in guardrails: what they find, wrongly find and let through of a stream; bytes per second, time to the first token", GuardrailsSuite.Run),
    ["incremental"] = ("ingesting again: an unchanged corpus, an edited paragraph, boundaries of chunks, near-duplicates", IncrementalRows.Run),
    ["index"] = ("the vector index against the memory's bandwidth, a TensorPrimitives loop, FAISS and hnswlib", IndexSuite.Run),
    ["ingest"] = ("a folder of Markdown to a searchable index: seconds and peak memory; search and answer latency on it", IngestSuite.Run),
    ["keyword"] = ("BM25: nDCG@10 and queries per second, against Lucene.Net; hybrid nDCG@10", KeywordSuite.Run),
    ["mapped"] = ("segments where they lie in the file: from opening to the first answer, and against the same index in memory", MappedRows.Run),
    ["onnx"] = ("local models: exactness, tokens per second against ONNX Runtime by itself, concurrent callers, memory", OnnxSuite.Run),
    ["search"] = ("exact vector search against the machine's memory bandwidth", SearchSuite.Run),
    ["tokenization"] = ("tokenizers: bytes per second, against Microsoft.ML.Tokenizers and npm's tokenizers", TokenizationSuite.Run),
};

// No suite: fits thresholds to labelled claims.
if (args is ["calibrate-claims", .. var calibration])
    return CalibrateClaims.Run(calibration);

// The processes that suites start for runs of their own.
if (args is ["ingest-child", var folder, .. var rest])
    return await IngestSuite.RunChildAsync(folder, rest.FirstOrDefault());
if (args is [StreamRows.ChildArgument, var size, var count])
    return await StreamRows.RunChildAsync(size, int.Parse(count, CultureInfo.InvariantCulture));
if (args is [InjectionTraining.Command, var model, .. var switches])
    return InjectionTraining.Run(model, switches.Contains("--check"));
if (args is [HardwareRows.ChildArgument, var rows])
    return HardwareRows.RunChild(int.Parse(rows, CultureInfo.InvariantCulture));

string? suite = null, json = null, only = null;
var quick = false;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick":
            quick = true;
            break;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--only" when i + 1 < args.Length:
            only = args[++i];
            break;
        default:
            suite ??= args[i];
            break;
    }
}

if (suite is null || !suites.TryGetValue(suite, out var chosen))
{
    Console.Error.WriteLine(suite is null ? "Name a suite:" : $"There is no suite '{suite}'. Name one of:");
    foreach (var (name, (about, _)) in suites)
        Console.Error.WriteLine($"  {name,-10} {about}");
    Console.Error.WriteLine("Options: --quick (less data, fewer runs), --json FILE (the same rows as JSON), --only PREFIX (the rows that begin so, of a suite that has parts).");
    return 2;
}

var report = new BenchmarkReport(quick, only);
chosen.Run(report);
report.Print(Console.Out);
if (json is not null)
    File.WriteAllText(json, JsonSerializer.Serialize(report.Rows, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }));
return 0;
