using GenAI.Core;
using GenAI.Core.Ingestion;

namespace Guides;

internal static class Ingesting
{
    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("guides-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "lamp.md"), "# Lamp\n\nThe lamp is red.\n");
        using var knowledgeBase = new KnowledgeBase();

        // <snippet:ingest-folder>
        IngestionSummary summary = await knowledgeBase.IngestAsync(folder, new ProgressLine());

        Console.WriteLine(summary);
        foreach (var failure in summary.Failures)
            Console.WriteLine($"{failure.DocumentId} failed at {failure.Stage}: {failure.Exception.Message}");
        // </snippet:ingest-folder>

        // <snippet:ingest-document>
        await knowledgeBase.IngestAsync(new Document
        {
            Id = "contract-17",
            Title = "Contract 17",
            Text = "The contract ends after one year.",
            Source = new Uri("https://example.org/contracts/17"),
            Metadata = new Dictionary<string, string> { ["team"] = "legal" },
        });
        await knowledgeBase.RemoveAsync("lamp.md");
        // </snippet:ingest-document>

        Directory.Delete(folder, recursive: true);
    }

    // <snippet:progress>
    private sealed class ProgressLine : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value) =>
            Console.WriteLine($"{value.DocumentsDone} of {value.DocumentsTotal}: {value.DocumentId}");
    }
    // </snippet:progress>
}
