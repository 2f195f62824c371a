using System.IO.Compression;
using System.Text.Json;
using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>How often the extractive client answers from the right document, and how often it abstains where no document has the answer.</summary>
/// <remarks>
/// Questions with answers from documentation: of every five answers four are indexed, and the question of the fifth has none. That undercounts, for some
/// other document may hold an answer as well. The same with the questions that the model in the box has not seen; and of either, those whose answer has other words. Headings: those that ask something and stand in one document only, asked as they are, and asked of an index without that document.
/// </remarks>
internal static class AnswersSuite
{
    private const int Pairs = 2500;
    private const int QuickPairs = 500;

    /// <summary>Every pair of this number is held out.</summary>
    private const int HoldOut = 5;

    private const int MinQuestionWords = 4;

    /// <summary>Questions that no documentation of software answers.</summary>
    private static readonly string[] Foreign =
    [
        "Who won the 1998 World Cup?", "What is the capital of Peru?", "How do I roast a chicken?", "When did Mount Vesuvius erupt?", "How many calories are in a banana?", "Who painted the Mona Lisa?",
        "What is the boiling point of ethanol?", "How long does it take to fly to Tokyo?", "Why is the sky blue?", "Which vitamins are in spinach?", "How deep is the Pacific Ocean?", "Who wrote War and Peace?",
        "What does a cardiologist do?", "How do vaccines work?", "When was the Treaty of Versailles signed?", "Can dogs eat chocolate?", "How do I train a puppy?", "What is the GDP of France?",
        "How tall is the Eiffel Tower?", "Who invented the telephone?", "What is photosynthesis?", "Where do penguins live?", "How do I get rid of ants in the kitchen?", "What is a good workout for beginners?",
        "How much protein does an egg contain?", "Is it safe to drink sea water?", "What are the rules of cricket?", "How do I change a flat tyre?", "When is the best time to plant tomatoes?", "How often should I water a cactus?",
        "What is the refund policy for licences in Brazil?", "Who is the mayor of Lisbon?", "Which airline flies to Reykjavik?", "How do earthquakes start?", "What is the plot of Hamlet?", "How old is the universe?",
        "What causes migraine?", "How do I fold a paper crane?", "What is the longest river in Asia?", "Can I take knitting needles on a plane?",
    ];

    public static void Run(BenchmarkReport report) => RunAsync(report).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchmarkReport report)
    {
        using var lexical = new LexicalEmbeddingGenerator();
        await RunAsync(report, "answers", lexical);
        if (SmallModel.Path is null)
        {
            report.Absent("answers/meaning", "there is no model file");
            return;
        }

        using var model = new StaticEmbeddingGenerator(SmallModel.Path);
        await RunAsync(report, "answers/meaning", model);
    }

    private static async Task RunAsync(BenchmarkReport report, string name, IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        if (BenchmarkData.Find("corpus-docs", "faq.jsonl.gz") is { } faq)
        {
            await FaqAsync(report, $"{name}/faq", embedder, Sample([.. Usable(ReadPairs(faq))], report.Quick ? QuickPairs : Pairs));
            await FaqAsync(report, $"{name}/unseen", embedder, [.. Usable(Unseen(faq))]);
        }
        else
        {
            report.Absent($"{name}/faq", "the data folder has no corpus-docs/faq.jsonl.gz");
        }

        if (BenchmarkData.Find("corpus-mini") is { } folder)
            await CorpusAsync(report, $"{name}/headings", embedder, folder);
        else
            report.Absent($"{name}/headings", "the data folder has no corpus-mini");
    }

    private static async Task FaqAsync(BenchmarkReport report, string name, IEmbeddingGenerator<string, Embedding<float>> embedder, Pair[] pairs)
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = embedder });
        var indexed = pairs.Where((_, i) => i % HoldOut != 0).ToArray();
        await knowledgeBase.IngestAsync(indexed.Select(pair => new Document { Id = pair.Id, Title = pair.Title, Text = pair.Answer }));

        await AnswerableAsync(report, name, knowledgeBase, [.. indexed.Select(pair => (pair.Question, pair.Id))]);
        await AnswerableAsync(report, $"{name}/other-words", knowledgeBase, [.. indexed.Where(IsInOtherWords).Select(pair => (pair.Question, pair.Id))]);
        await AbstentionAsync(report, $"{name}/held-out", knowledgeBase, [.. pairs.Where((_, i) => i % HoldOut == 0).Select(pair => pair.Question)]);
        await AbstentionAsync(report, $"{name}/foreign", knowledgeBase, Foreign);
    }

    private static async Task CorpusAsync(BenchmarkReport report, string name, IEmbeddingGenerator<string, Embedding<float>> embedder, string folder)
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = embedder });
        (await knowledgeBase.IngestAsync(folder)).ThrowIfFailed();
        var headings = Sample(Headings(folder), report.Quick ? 100 : 500);
        await AnswerableAsync(report, name, knowledgeBase, headings);
        await AbstentionAsync(report, $"{name}/foreign", knowledgeBase, Foreign);

        // Removed one document after the other: the questions stay those of documents that are gone.
        foreach (var id in headings.Select(heading => heading.Id).Distinct(StringComparer.Ordinal))
            await knowledgeBase.RemoveAsync(id);
        await AbstentionAsync(report, $"{name}/held-out", knowledgeBase, [.. headings.Select(heading => heading.Question)]);
    }

    private static async Task AnswerableAsync(BenchmarkReport report, string name, KnowledgeBase knowledgeBase, (string Question, string Id)[] questions)
    {
        int answered = 0, right = 0, code = 0, quotes = 0;
        foreach (var (question, id) in questions)
        {
            var answer = await knowledgeBase.AskAsync(question);
            if (answer.Status != AnswerStatus.Answered)
                continue;
            answered++;
            quotes += answer.Citations.Count;
            if (answer.Citations.Any(citation => citation.DocumentId == id))
                right++;
            if (answer.Text.StartsWith('`') || answer.Text.StartsWith('|'))
                code++;
        }

        report.Higher($"{name}/answered", (double)answered / questions.Length, "share", questions.Length);
        report.Higher($"{name}/right-document", (double)right / questions.Length, "share", questions.Length);
        report.Higher($"{name}/right-document-if-answered", (double)right / Math.Max(1, answered), "share", answered);
        report.Lower($"{name}/quotes-if-answered", (double)quotes / Math.Max(1, answered), "quotes", answered);
        report.Lower($"{name}/begins-with-code-or-table", (double)code / Math.Max(1, answered), "share", answered);
    }

    private static async Task AbstentionAsync(BenchmarkReport report, string name, KnowledgeBase knowledgeBase, string[] questions)
    {
        var abstained = 0;
        foreach (var question in questions)
        {
            var answer = await knowledgeBase.AskAsync(question);
            if (answer.Status == AnswerStatus.NoEvidence)
                abstained++;
        }

        report.Higher($"{name}/abstained", (double)abstained / questions.Length, "share", questions.Length);
    }

    private static IEnumerable<Pair> ReadPairs(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return new Pair(Text("id"), Text("question"), Text("answer"), Text("title")) { Language = Text("lang"), HasSections = json.RootElement.GetProperty("sections").GetArrayLength() > 0 };

            string Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
        }
    }

    /// <summary>The questions that the model in the box was not trained on, as <see cref="HeldOutQuestions"/> has them.</summary>
    private static IEnumerable<Pair> Unseen(string file) =>
        ReadPairs(file).Where(pair => pair.HasSections).OrderBy(pair => pair.Id, StringComparer.Ordinal).Take(HeldOutQuestions.Count);

    private static IEnumerable<Pair> Usable(IEnumerable<Pair> pairs) =>
        pairs.Where(pair => pair.Language == "en" && pair.Answer.Length > 0 && IsWhole(pair.Question)).DistinctBy(pair => pair.Question, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the answer and its title have at most half of the question's words.</summary>
    private static bool IsInOtherWords(Pair pair)
    {
        var (asked, said) = (new List<ulong>(), new List<ulong>());
        TextAnalyzer.English.AnalyzeHashes(pair.Question, asked);
        TextAnalyzer.English.AnalyzeHashes($"{pair.Title}\n{pair.Answer}", said);
        var words = asked.ToHashSet();
        return 2 * words.Count(said.Contains) <= words.Count;
    }

    private static (string Question, string Id)[] Headings(string folder)
    {
        var questions = new List<(string Question, string Id)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories))
        {
            var id = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("### ", StringComparison.Ordinal))
                    questions.Add((line.Trim('#', ' ', '*'), id));
            }
        }

        return [.. questions.GroupBy(q => q.Question, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() == 1 && IsWhole(group.Key)).Select(group => group.First())];
    }

    /// <summary>Whether it makes sense without what stands around it.</summary>
    private static bool IsWhole(string question) =>
        question.Length <= 200 && question.Split(' ').Length >= MinQuestionWords;

    private static T[] Sample<T>(T[] all, int count) where T : notnull
    {
        var sorted = all.OrderBy(item => item.ToString(), StringComparer.Ordinal).ToArray();
        new Random(17).Shuffle(sorted);
        return sorted[..Math.Min(count, sorted.Length)];
    }

    private sealed record Pair(string Id, string Question, string Answer, string Title)
    {
        public required string Language { get; init; }

        public required bool HasSections { get; init; }

        // What samples are ordered by: other properties would draw others.
        public override string ToString() => $"Pair {{ Id = {Id}, Question = {Question}, Answer = {Answer}, Title = {Title} }}";
    }
}
