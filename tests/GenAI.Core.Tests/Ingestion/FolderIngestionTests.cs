using System.Text;
using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

public sealed class FolderIngestionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genai-core-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Reads_markdown_and_text_below_the_folder_and_passes_over_the_rest()
    {
        Write("guide.md", "---\ntitle: 'The guide'\n---\n# Start\n\nPress the green button.\n");
        Write("notes/today.txt", "The lamp is red.");
        Write("picture.png", "not text");
        Write(".hidden/secret.md", "# Secret\n");
        using var knowledgeBase = new KnowledgeBase();

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Should().BeEquivalentTo(new { Added = 2, Skipped = 1, Failed = 0 });
        var button = (await knowledgeBase.SearchAsync("green button", 1))[0].Chunk;
        button.DocumentId.Should().Be("guide.md");
        button.Title.Should().Be("The guide");
        button.Source.Should().Be(new Uri(Path.Combine(_folder.FullName, "guide.md")));
        (await knowledgeBase.SearchAsync("red lamp", 1))[0].Chunk.DocumentId.Should().Be("notes/today.txt");
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        using var knowledgeBase = new KnowledgeBase();
        var missing = Path.Combine(_folder.FullName, "nowhere");

        await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(missing)).Should().ThrowAsync<DirectoryNotFoundException>().WithMessage($"*{missing}*");
    }

    [Fact]
    public async Task A_file_in_place_of_a_folder_is_named()
    {
        Write("guide.md", "# Start");
        using var knowledgeBase = new KnowledgeBase();

        await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(Path.Combine(_folder.FullName, "guide.md"))).Should().ThrowAsync<DirectoryNotFoundException>().WithMessage("*is a file*");
    }

    [UnprivilegedFact]
    public async Task An_unreadable_folder_is_named_and_an_unreadable_file_fails_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("good.txt", "Everything is fine.");
        Write("closed.txt", "Nobody may read this.");
        Write("closed/inside.txt", "Nor this.");
        var (file, folder) = (Path.Combine(_folder.FullName, "closed.txt"), Path.Combine(_folder.FullName, "closed"));
        File.SetUnixFileMode(file, UnixFileMode.None);
        using var knowledgeBase = new KnowledgeBase();

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Added.Should().Be(2);
        summary.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { DocumentId = "closed.txt", Stage = IngestionStage.Read });
        summary.Failures[0].Exception.Should().BeOfType<UnauthorizedAccessException>().Which.Message.Should().Contain("closed.txt");
        File.SetUnixFileMode(folder, UnixFileMode.None);
        try
        {
            await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(_folder.FullName)).Should().ThrowAsync<UnauthorizedAccessException>().WithMessage($"*{folder}*");
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A test about permissions, skipped for a user to whom they do not apply.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class UnprivilegedFactAttribute : FactAttribute
    {
        public UnprivilegedFactAttribute() =>
            Skip = OperatingSystem.IsWindows() ? "Needs Unix permissions." : Environment.IsPrivilegedProcess ? "The root user may read everything." : null;
    }

    [Fact]
    public async Task An_empty_folder_is_no_error()
    {
        using var knowledgeBase = new KnowledgeBase();

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Documents.Should().Be(0);
    }

    [Fact]
    public async Task A_file_that_is_not_text_fails_and_the_others_land()
    {
        Write("good.txt", "Everything is fine.");
        File.WriteAllBytes(Path.Combine(_folder.FullName, "bad.txt"), [0x41, 0xFF, 0xFE, 0x42]);
        using var knowledgeBase = new KnowledgeBase();

        var summary = await knowledgeBase.IngestAsync(_folder.FullName);

        summary.Added.Should().Be(1);
        var failure = summary.Failures.Should().ContainSingle().Subject;
        failure.Should().BeEquivalentTo(new { DocumentId = "bad.txt", Stage = IngestionStage.Read });
        failure.Exception.Should().BeOfType<InvalidDataException>().Which.Message.Should().Contain("not UTF-8 at byte 1");
    }

    [Fact]
    public async Task A_file_that_vanishes_or_cannot_be_opened_fails_alone()
    {
        Write("good.txt", "Everything is fine.");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "gone.txt"), Path.Combine(_folder.FullName, "nothing"));
        var reader = new TextDocumentReader();

        await FluentActions.Awaiting(() => reader.ReadAsync(new FileInfo(Path.Combine(_folder.FullName, "gone.txt")), "gone.txt")).Should().ThrowAsync<IOException>();

        using var knowledgeBase = new KnowledgeBase();
        (await knowledgeBase.IngestAsync(_folder.FullName)).Added.Should().Be(1);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public async Task Reads_every_unicode_encoding_that_says_what_it_is(string name, bool mark)
    {
        const string Text = "Grüße, 世界 🌍\r\nzweite Zeile";
        var encoding = Encoding.GetEncoding(name);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "a.txt"), [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)]);

        var document = await new TextDocumentReader().ReadAsync(new FileInfo(Path.Combine(_folder.FullName, "a.txt")), "a.txt");

        document!.Text.Should().Be(Text);
        document.Title.Should().Be("a");
    }

    [Theory]
    [InlineData("# One\n## Two", "One")]
    [InlineData("text\n\n## Two ##\n", "Two")]
    [InlineData("---\r\ntitle: \"Quoted\"\r\n---\r\n# One", "Quoted")]
    [InlineData("---\nauthor: x\n---\n# One", "One")]
    [InlineData("```\n# not a heading\n```\n", null)]
    [InlineData("#hashtag", null)]
    [InlineData("", null)]
    public void Finds_the_title_of_markdown(string text, string? title) => MarkdownTitle.Find(text).Should().Be(title);

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_folder.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
