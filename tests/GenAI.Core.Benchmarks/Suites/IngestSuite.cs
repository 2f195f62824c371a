using System.Diagnostics;
using System.Globalization;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>A folder of Markdown to a searchable index with the offline defaults, and what searching and asking cost on it.</summary>
/// <remarks>Each ingestion runs in a process of its own, as a user's would, so that start-up, JIT compilation and the peak of memory count.</remarks>
internal static class IngestSuite
{
    private const string ChildArgument = "ingest-child";

    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-mini") is not { } folder)
        {
            report.Absent("ingest", "the data folder has no corpus-mini");
            return;
        }

        var runs = report.Quick ? 1 : 7;
        var seconds = new double[runs];
        var megabytes = new double[runs];
        for (var i = 0; i < runs; i++)
            (seconds[i], megabytes[i]) = RunChild(folder);
        report.Lower("ingest/corpus-mini/seconds", Measure.Median(seconds), "s", runs, floor: 4);
        report.Lower("ingest/corpus-mini/peak-memory", Measure.Median(megabytes), "MB", runs, floor: 400);

        LatencyAsync(report, folder).GetAwaiter().GetResult();
    }

    /// <summary>What the child process does: ingest, then say how long it took since the process started and how much memory it had at most.</summary>
    /// <param name="folder">The folder with the documents.</param>
    /// <param name="index">The folder of the store; null for memory.</param>
    public static async Task<int> RunChildAsync(string folder, string? index)
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index });
        var summary = (await knowledgeBase.IngestAsync(folder)).ThrowIfFailed();
        using var self = Process.GetCurrentProcess();
        var seconds = (DateTime.Now - self.StartTime).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {self.PeakWorkingSet64 / 1e6} {summary.Documents} {summary.ChunksWritten}"));
        return 0;
    }

    internal static (double Seconds, double Megabytes) RunChild(string folder, string? index = null)
    {
        string[] arguments = index is null ? [ChildArgument, folder] : [ChildArgument, folder, index];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. DllArgument(), .. arguments]) { RedirectStandardOutput = true })!;
        var output = child.StandardOutput.ReadToEnd().Split(' ');
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"The ingestion process ended with {child.ExitCode}.");
        return (double.Parse(output[0], CultureInfo.InvariantCulture), double.Parse(output[1], CultureInfo.InvariantCulture));
    }

    // Under "dotnet run" the process is the program itself; under "dotnet program.dll" it is the host, which wants the file again.
    private static string[] DllArgument() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(IngestSuite).Assembly.Location] : [];

    private static async Task LatencyAsync(BenchmarkReport report, string folder)
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(folder);
        var questions = await QuestionsAsync(knowledgeBase, report.Quick ? 100 : 1000);

        foreach (var mode in Enum.GetValues<RetrievalMode>())
        {
            var options = new SearchOptions { Mode = mode };
            var milliseconds = await TimesAsync(questions, question => knowledgeBase.SearchAsync(question, 10, options));
            var name = $"ingest/search/{mode.ToString().ToLowerInvariant()}";
            report.Lower($"{name}/p50", Measure.Percentile(milliseconds, 0.50), "ms", milliseconds.Length, mode == RetrievalMode.Hybrid ? 5 : null);
            report.Lower($"{name}/p99", Measure.Percentile(milliseconds, 0.99), "ms", milliseconds.Length, mode == RetrievalMode.Hybrid ? 20 : null);
        }

        var asked = await TimesAsync(questions, question => knowledgeBase.AskAsync(question));
        report.Lower("ingest/ask/extractive/p50", Measure.Percentile(asked, 0.50), "ms", asked.Length, floor: 25);
        report.Lower("ingest/ask/extractive/p99", Measure.Percentile(asked, 0.99), "ms", asked.Length);
    }

    // Headings of the corpus make questions as users type them: short, about one thing, some of them about nothing.
    private static async Task<List<string>> QuestionsAsync(KnowledgeBase knowledgeBase, int count)
    {
        var random = new Random(17);
        var seeds = new[] { "install", "create", "configure", "error", "query", "table", "report", "permission", "migration", "contribute", "ownership", "script" };
        var headings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var seed in seeds)
        {
            foreach (var hit in await knowledgeBase.SearchAsync(seed, 200))
            {
                if (hit.Chunk.Headings.Count > 0)
                    headings.Add($"How do I {hit.Chunk.Headings[^1]}?");
            }
        }

        var all = headings.Order(StringComparer.Ordinal).ToArray();
        random.Shuffle(all);
        return [.. Enumerable.Range(0, count).Select(i => all[i % all.Length])];
    }

    private static async Task<double[]> TimesAsync<T>(List<string> questions, Func<string, Task<T>> ask)
    {
        foreach (var question in questions.Take(50))
            await ask(question);
        var times = new double[questions.Count];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask(questions[i]);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times;
    }
}
