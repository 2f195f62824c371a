using GenAI.Core;
using GenAI.Core.Tokenization;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.DependencyInjection;

// The whole path under NativeAOT: published without a warning, it must give the same answer as under the JIT.
var services = new ServiceCollection();
services.AddGenAI();
using var provider = services.BuildServiceProvider();
var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();

var summary = await knowledgeBase.IngestAsync(
[
    new Document
    {
        Id = "travel.md",
        Title = "Travel",
        Text = "# Travel\n\nTrips are booked in the portal.\n\n## Trains\n\nA first-class ticket is paid for journeys of more than four hours. Shorter journeys are second class.\n",
        Metadata = new Dictionary<string, string> { ["team"] = "people" },
    },
    new Document { Id = "office.txt", Text = "The office opens at seven and closes at ten in the evening. Guests sign in at the desk." },
]);
summary.ThrowIfFailed();

var question = "When is a first-class ticket paid?";
var answer = await knowledgeBase.AskAsync(question);
var paraphrased = await knowledgeBase.SearchAsync("railway fare", 1);
var filtered = await knowledgeBase.SearchAsync("ticket", 5, new SearchOptions { Filter = record => record.DocumentId == "travel.md" && record.Tags.Contains("team=people") });
var found = await knowledgeBase.AsAIFunction().InvokeAsync(new() { ["query"] = "guests" });

Console.WriteLine($"{answer.Status}: {answer.Text}");
foreach (var citation in answer.Citations)
    Console.WriteLine($"[{citation.Number}] {citation.DocumentId} {citation.Range}: {citation.Quote}");
Console.WriteLine($"filtered: {string.Join(", ", filtered.Select(hit => $"{hit.Chunk.DocumentId} {hit.Chunk.Range}"))}");
Console.WriteLine($"tool: {found}");
Console.WriteLine($"paraphrased: {paraphrased[0].Chunk.DocumentId} {paraphrased[0].Vector?.Score}");

// The same in a folder, closed and opened again: from the log, and, compacted, from a segment.
var folder = Directory.CreateTempSubdirectory("genai-core-aot-").FullName;
var isSame = true;
for (var opening = 0; opening < 3; opening++)
{
    using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = Path.Combine(folder, "index") });
    using var durable = new KnowledgeBase(new KnowledgeBaseOptions { OpenCollection = dimensions => store.GetChunkCollection("chunks", dimensions) });
    if (opening == 0)
        (await durable.IngestAsync([new Document { Id = "office.txt", Text = "The office opens at seven. Guests sign in at the desk." }])).ThrowIfFailed();
    if (opening == 1)
        await store.CompactAsync();
    var hits = await durable.SearchAsync("guests", 5, new SearchOptions { Filter = record => record.DocumentId == "office.txt" });
    Console.WriteLine($"durable: {string.Join(", ", hits.Select(hit => $"{hit.Chunk.Text} {hit.Score}"))}");
    isSame &= hits.Count == 1;
}

Directory.Delete(folder, recursive: true);

var tokenizer = HuggingFaceTokenizer.Parse(
    """
    {"normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"\u2581"},"model":{"type":"Unigram","unk_id":0,"vocab":[["?",0],["\u2581",-1],["a",-2],["\u2581fi",-3]]}}
    """u8);
var encoding = new TokenEncoding();
tokenizer.Encode("\uFB01 a", encoding, new TokenEncodingOptions { Ranges = true });
Console.WriteLine($"tokens: {string.Join(" ", encoding.Ids.ToArray())}; ranges: {string.Join(" ", encoding.Ranges.ToArray())}");
return isSame && answer.Status == AnswerStatus.Answered && filtered.Count > 0 && encoding.Ids is [3, 1, 2] ? 0 : 1;
