using GenAI.Core;
using GenAI.Core.Tokenization;
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
var filtered = await knowledgeBase.SearchAsync("ticket", 5, new SearchOptions { Filter = record => record.DocumentId == "travel.md" && record.Tags.Contains("team=people") });
var found = await knowledgeBase.AsAIFunction().InvokeAsync(new() { ["query"] = "guests" });

Console.WriteLine($"{answer.Status}: {answer.Text}");
foreach (var citation in answer.Citations)
    Console.WriteLine($"[{citation.Number}] {citation.DocumentId} {citation.Range}: {citation.Quote}");
Console.WriteLine($"filtered: {string.Join(", ", filtered.Select(hit => $"{hit.Chunk.DocumentId} {hit.Chunk.Range}"))}");
Console.WriteLine($"tool: {found}");

var tokenizer = HuggingFaceTokenizer.Parse(
    """
    {"normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"\u2581"},"model":{"type":"Unigram","unk_id":0,"vocab":[["?",0],["\u2581",-1],["a",-2],["\u2581fi",-3]]}}
    """u8);
var encoding = new TokenEncoding();
tokenizer.Encode("\uFB01 a", encoding, new TokenEncodingOptions { Ranges = true });
Console.WriteLine($"tokens: {string.Join(" ", encoding.Ids.ToArray())}; ranges: {string.Join(" ", encoding.Ranges.ToArray())}");
return answer.Status == AnswerStatus.Answered && filtered.Count > 0 && encoding.Ids is [3, 1, 2] ? 0 : 1;
