using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

/// <summary>A folder that is ingested again after its files changed.</summary>
public sealed class FolderChangesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genai-core-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Counts_what_is_new_changed_unchanged_removed_empty_and_failed()
    {
        foreach (var name in (string[])["same", "changed", "gone", "emptied", "broken"])
            Write($"{name}.txt", $"The file {name} says one thing.");
        using var knowledgeBase = With(options => options.RemoveMissing = true);
        await knowledgeBase.IngestAsync(_folder.FullName);
        Write("new.txt", "Another file.");
        Write("changed.txt", "It says another thing.");
        Write("emptied.txt", " \n");
        File.WriteAllBytes(PathOf("broken.txt"), [0x41, 0xFF]);
        File.Delete(PathOf("gone.txt"));

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Should().BeEquivalentTo(new { Documents = 5, Added = 1, Updated = 1, Unchanged = 1, Removed = 1, Empty = 1, Failed = 1, ChunksWritten = 2, ChunksEmbedded = 2, ChunksRemoved = 3 });
        (await DocumentsAsync(knowledgeBase)).Should().Equal("broken.txt", "changed.txt", "new.txt", "same.txt");
    }

    [Fact]
    public async Task Documents_that_are_gone_stay_unless_asked_for()
    {
        Write("gone.txt", "The file says one thing.");
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(_folder.FullName);
        File.Delete(PathOf("gone.txt"));

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Removed.Should().Be(0);
        (await DocumentsAsync(knowledgeBase)).Should().Equal("gone.txt");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_documents_of_the_same_folder_are_removed(bool isOtherProvider)
    {
        Write("a/one.txt", "The first file of the first folder.");
        Write("b/two.txt", "The second file of the second folder.");
        using var store = new VectorStoreOf(isOtherProvider);
        using var knowledgeBase = With(options => options.RemoveMissing = true, store);
        await knowledgeBase.IngestAsync(Documents.Office);
        await knowledgeBase.IngestAsync(PathOf("a"));
        await knowledgeBase.IngestAsync(PathOf("b"));
        File.Delete(PathOf("a/one.txt"));

        (await knowledgeBase.IngestAsync(PathOf("b"))).Removed.Should().Be(0);
        (await knowledgeBase.IngestAsync(PathOf("a") + Path.DirectorySeparatorChar)).Removed.Should().Be(1);

        (await DocumentsAsync(knowledgeBase)).Should().Equal("office.txt", "two.txt");
    }

    [Fact]
    public async Task A_renamed_file_is_not_embedded_again()
    {
        Write("old.txt", "The file says one thing.");
        using var generator = new FakeEmbeddingGenerator();
        using var knowledgeBase = With(options => options.RemoveMissing = true, generator: generator, reader: new UntitledReader());
        await knowledgeBase.IngestAsync(_folder.FullName);
        File.Move(PathOf("old.txt"), PathOf("new.txt"));

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Should().BeEquivalentTo(new { Added = 1, Removed = 1, ChunksEmbedded = 0 });
        generator.Texts.Should().Be(1);
    }

    [Fact]
    public async Task A_file_that_the_reader_no_longer_reads_is_missing()
    {
        Write("draft.txt", "The file says one thing.");
        var reader = new UntitledReader();
        using var knowledgeBase = With(options => options.RemoveMissing = true, reader: reader);
        await knowledgeBase.IngestAsync(_folder.FullName);
        reader.PassesOver = "draft.txt";

        (await knowledgeBase.IngestAsync(_folder.FullName)).Should().BeEquivalentTo(new { Skipped = 1, Removed = 1 });
    }

    [Fact]
    public async Task A_removal_that_fails_is_reported()
    {
        Write("gone.txt", "The file says one thing.");
        using var store = new VectorStoreOf(isOtherProvider: true);
        using var knowledgeBase = With(options => options.RemoveMissing = true, store);
        await knowledgeBase.IngestAsync(_folder.FullName);
        File.Delete(PathOf("gone.txt"));
        store.Provider!.BeforeWrite = () => throw new IOException("disk full");

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Should().BeEquivalentTo(new { Documents = 0, Removed = 0, Failed = 1 });
        summary.Failures[0].Should().BeEquivalentTo(new { DocumentId = "gone.txt", Stage = IngestionStage.Remove });
    }

    [Fact]
    public async Task The_content_of_files_is_compared_whatever_their_times_say()
    {
        Write("a.txt", "The lamp is red.");
        var time = File.GetLastWriteTimeUtc(PathOf("a.txt"));
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(_folder.FullName);
        Write("a.txt", "The lamp is new.");
        File.SetLastWriteTimeUtc(PathOf("a.txt"), time);

        (await knowledgeBase.IngestAsync(_folder.FullName)).Updated.Should().Be(1);
    }

    [Fact]
    public async Task Files_whose_times_are_trusted_are_not_read_again()
    {
        Write("a.txt", "The lamp is red.");
        Write("fresh.txt", "This file was written just now.");
        var time = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(PathOf("a.txt"), time);
        File.SetLastWriteTimeUtc(PathOf("fresh.txt"), DateTime.UtcNow.AddHours(1));
        var reader = new UntitledReader();
        using var knowledgeBase = With(options => options.TrustFileTimes = true, reader: reader);
        await knowledgeBase.IngestAsync(_folder.FullName);
        reader.Read.Clear();

        (await knowledgeBase.IngestAsync(_folder.FullName)).Unchanged.Should().Be(2);
        reader.Read.Should().Equal("fresh.txt");

        reader.Read.Clear();
        File.SetLastWriteTimeUtc(PathOf("a.txt"), time.AddMinutes(1));
        (await knowledgeBase.IngestAsync(_folder.FullName)).Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 0 });
        reader.Read.Should().Contain("a.txt");

        reader.Read.Clear();
        (await knowledgeBase.IngestAsync(_folder.FullName)).Unchanged.Should().Be(2);
        reader.Read.Should().Equal("fresh.txt");
    }

    [Fact]
    public async Task Files_that_change_and_vanish_while_they_are_ingested_are_right_the_next_time()
    {
        for (var i = 0; i < 6; i++)
            Write($"{i}.txt", $"The file {i} says one thing.");
        var reader = new UntitledReader { OnRead = name => { if (name == "0.txt") { File.Delete(PathOf("4.txt")); Write("5.txt", "It says another thing."); Write("6.txt", "It is new."); } } };
        using var knowledgeBase = With(options => { options.RemoveMissing = true; options.MaxDegreeOfParallelism = 1; }, reader: reader);

        var during = await knowledgeBase.IngestAsync(_folder.FullName);
        reader.OnRead = null;
        var after = await knowledgeBase.IngestAsync(_folder.FullName);

        during.Should().BeEquivalentTo(new { Added = 5, Failed = 1 });
        during.Failures[0].Should().BeEquivalentTo(new { DocumentId = "4.txt", Stage = IngestionStage.Read });
        after.Should().BeEquivalentTo(new { Added = 1, Unchanged = 5, Failed = 0 });
        (await DocumentsAsync(knowledgeBase)).Should().Equal("0.txt", "1.txt", "2.txt", "3.txt", "5.txt", "6.txt");
    }

    [Fact]
    public async Task Progress_tells_bytes_rate_and_what_remains()
    {
        Write("a.txt", new string('a', 1_000));
        Write("b.txt", new string('b', 3_000));
        var reports = new List<IngestionProgress>();
        using var knowledgeBase = new KnowledgeBase();

        await knowledgeBase.IngestAsync(_folder.FullName, new Collected(reports));

        reports.Should().OnlyContain(report => report.BytesTotal == 4_000 && report.DocumentsTotal == 2);
        reports.Select(report => report.BytesDone).Should().Equal(1_000, 4_000);
        reports[0].Remaining.Should().BeCloseTo(3 * reports[0].Elapsed, TimeSpan.FromTicks(10));
        reports[1].Remaining.Should().Be(TimeSpan.Zero);
        reports[1].BytesPerSecond.Should().BeApproximately(4_000 / reports[1].Elapsed.TotalSeconds, 1e-6);
        reports[1].DocumentsPerSecond.Should().BeApproximately(2 / reports[1].Elapsed.TotalSeconds, 1e-6);
    }

    [Fact]
    public void What_remains_is_told_by_documents_where_bytes_are_not_known_and_not_at_all_without_a_total()
    {
        var half = new IngestionProgress(2, 4, 0, "a") { BytesDone = 10, Elapsed = TimeSpan.FromSeconds(6) };

        half.Remaining.Should().Be(TimeSpan.FromSeconds(6));
        (half with { DocumentsTotal = null }).Remaining.Should().BeNull();
        default(IngestionProgress).Remaining.Should().BeNull();
        default(IngestionProgress).DocumentsPerSecond.Should().Be(0);
    }

    private static KnowledgeBase With(Action<IngestionOptions> configure, VectorStoreOf? store = null, FakeEmbeddingGenerator? generator = null, IDocumentReader? reader = null)
    {
        var options = new KnowledgeBaseOptions { EmbeddingGenerator = generator, DocumentReader = reader, OpenCollection = store is null ? null : store.Open };
        configure(options.Ingestion);
        return new KnowledgeBase(options);
    }

    private static async Task<IEnumerable<string>> DocumentsAsync(KnowledgeBase knowledgeBase) =>
        (await knowledgeBase.SearchAsync("file says thing office lamp", 1_000, new SearchOptions { Mode = RetrievalMode.Vector })).Select(hit => hit.Chunk.DocumentId).Distinct().Order(StringComparer.Ordinal);

    private string PathOf(string path) => Path.Combine(_folder.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    private sealed class VectorStoreOf(bool isOtherProvider) : IDisposable
    {
        private readonly GenAI.Core.VectorStores.LocalVectorStore _store = new();

        public OtherProvider? Provider { get; private set; }

        public Microsoft.Extensions.VectorData.VectorStoreCollection<Guid, ChunkRecord> Open(int dimensions) =>
            isOtherProvider ? Provider = new OtherProvider(_store.GetChunkCollection("chunks", dimensions)) : _store.GetChunkCollection("chunks", dimensions);

        public void Dispose() => _store.Dispose();
    }

    private sealed class UntitledReader : IDocumentReader
    {
        public List<string> Read { get; } = [];

        public string? PassesOver { get; set; }

        public Action<string>? OnRead { get; set; }

        public async Task<Document?> ReadAsync(FileInfo file, string documentId, CancellationToken cancellationToken = default)
        {
            lock (Read)
                Read.Add(documentId);
            OnRead?.Invoke(documentId);
            return documentId == PassesOver ? null : new Document { Id = documentId, Text = await File.ReadAllTextAsync(file.FullName, cancellationToken) };
        }
    }

    private sealed class Collected(List<IngestionProgress> reports) : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value) => reports.Add(value);
    }
}
