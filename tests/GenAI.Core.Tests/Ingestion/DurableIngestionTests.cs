using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

/// <summary>A knowledge base in a folder, ingested, closed and opened again.</summary>
public sealed class DurableIngestionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genai-core-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_second_time_nothing_is_embedded_and_no_byte_is_written()
    {
        Write("a.md", "# Lamp\n\nThe lamp is red.\n");
        Write("b.txt", "The office opens at seven.");
        await IngestAsync();
        var before = Bytes();

        var (summary, texts, _) = await IngestAsync();

        summary.Should().BeEquivalentTo(new { Unchanged = 2, Added = 0, ChunksWritten = 0, ChunksRemoved = 0 });
        texts.Should().Be(0);
        Bytes().Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Edits_between_two_processes_cost_what_changed()
    {
        Write("a.md", "# Lamp\n\nThe lamp is red.\n\n# Desk\n\nThe desk is high.\n");
        Write("b.txt", "The office opens at seven.");
        Write("c.txt", "Bicycles are kept in the cellar.");
        await IngestAsync();
        Write("a.md", "# Lamp\n\nThe lamp is red.\n\n# Desk\n\nThe desk is low.\n");
        File.Delete(PathOf("b.txt"));

        var (summary, texts, found) = await IngestAsync();

        summary.Should().BeEquivalentTo(new { Unchanged = 1, Updated = 1, Removed = 1, ChunksEmbedded = 1 });
        texts.Should().Be(1);
        found.Should().BeEquivalentTo("a.md", "c.txt");
    }

    private async Task<(IngestionSummary Summary, int Texts, IEnumerable<string> Found)> IngestAsync()
    {
        using var generator = new FakeEmbeddingGenerator { Embed = IngestedStore.VectorOf };
        var options = new KnowledgeBaseOptions { EmbeddingGenerator = generator, StorePath = Path.Combine(_folder.FullName, "index") };
        options.Ingestion.RemoveMissing = true;
        using var knowledgeBase = new KnowledgeBase(options);
        var summary = await knowledgeBase.IngestAsync(PathOf(""));
        var texts = generator.Texts;
        var found = (await knowledgeBase.SearchAsync("lamp", 100, new SearchOptions { Mode = RetrievalMode.Vector })).Select(hit => hit.Chunk.DocumentId).Distinct().ToList();
        return (summary, texts, found);
    }

    private Dictionary<string, long> Bytes() =>
        Directory.GetFiles(Path.Combine(_folder.FullName, "index"), "*", SearchOption.AllDirectories).ToDictionary(file => file, file => new FileInfo(file).Length);

    private string PathOf(string name) => Path.Combine(_folder.FullName, "documents", name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(PathOf(""));
        File.WriteAllText(PathOf(name), text);
    }
}
