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

        await AgainAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AgainAsync(string folder)
    {
        // <snippet:ingest-again>
        var options = new KnowledgeBaseOptions();
        options.Ingestion.RemoveMissing = true;
        options.Ingestion.NearDuplicates = new NearDuplicateOptions { Threshold = 0.9, LeaveOut = true };
        using var knowledgeBase = new KnowledgeBase(options);
        await knowledgeBase.IngestAsync(folder);

        // Later: what stayed the same is not read into chunks again, and no text is embedded twice.
        IngestionSummary again = await knowledgeBase.IngestAsync(folder);
        Console.WriteLine($"{again.Added} new, {again.Updated} changed, {again.Unchanged} unchanged, {again.Removed} removed; {again.ChunksEmbedded} texts embedded");
        foreach (NearDuplicate pair in again.NearDuplicates)
            Console.WriteLine($"{pair.DocumentId} was left out: it repeats {pair.OtherDocumentId} ({pair.Similarity:0.00})");
        // </snippet:ingest-again>
    }

    // <snippet:progress>
    private sealed class ProgressLine : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value) =>
            Console.WriteLine($"{value.DocumentsDone} of {value.DocumentsTotal}, {value.BytesPerSecond / 1e6:0.0} MB/s, {value.Remaining:mm\\:ss} to go: {value.DocumentId}");
    }
    // </snippet:progress>
}
