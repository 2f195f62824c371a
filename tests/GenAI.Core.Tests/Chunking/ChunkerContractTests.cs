using GenAI.Core.Chunking;

namespace GenAI.Core.Tests.Chunking;

public class ChunkerContractTests
{
    public static TheoryData<string> Chunkers => new(ChunkLaws.Chunkers);

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void An_overlap_not_less_than_the_limit_is_refused_with_both_values(string chunker)
    {
        var act = () => ChunkLaws.Create(chunker, new() { MaxTokens = 50, OverlapTokens = 50 });

        act.Should().Throw<ArgumentException>().WithMessage("*OverlapTokens is 50*MaxTokens is 50*");
    }

    [Fact]
    public void Options_refuse_what_makes_no_sense_and_have_the_documented_defaults()
    {
        var options = new ChunkerOptions();

        options.Should().BeEquivalentTo(new { MaxTokens = 512, OverlapTokens = 64, TokenCounter.Estimate }, o => o.Including(x => x.MaxTokens).Including(x => x.OverlapTokens));
        options.Counter.Should().BeSameAs(TokenCounter.Estimate);
        options.Invoking(o => o.MaxTokens = 0).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*MaxTokens is 0*");
        options.Invoking(o => o.OverlapTokens = -1).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*OverlapTokens is -1*");
        options.Invoking(o => o.Counter = null!).Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public async Task Cancellation_stops_between_chunks_and_a_second_call_works(string chunker)
    {
        var text = string.Concat(Enumerable.Repeat("Some words of a text. ", 2000));
        var created = ChunkLaws.Create(chunker, new());
        var document = new Document { Id = "d", Text = text };
        foreach (var byArgument in (bool[])[true, false])
        {
            using var source = new CancellationTokenSource();
            using var other = new CancellationTokenSource();
            var seen = 0;
            var act = async () =>
            {
                await foreach (var chunk in created.ChunkAsync(document, byArgument ? source.Token : other.Token).WithCancellation(byArgument ? other.Token : source.Token))
                {
                    if (++seen == 3)
                        await source.CancelAsync();
                }
            };
            await act.Should().ThrowAsync<OperationCanceledException>();
            seen.Should().Be(3);
        }

        ChunkLaws.Chunk(created, text).Should().HaveCountGreaterThan(10);
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void A_document_is_required(string chunker)
    {
        var act = () => ChunkLaws.Create(chunker, new()).ChunkAsync(null!);

        act.Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Chunks_carry_what_the_document_has(string chunker)
    {
        var document = new Document
        {
            Id = "d",
            Text = "Text.",
            Title = "Title",
            Source = new Uri("https://example.org/"),
            Metadata = new Dictionary<string, string> { ["team"] = "docs" },
        };

        var chunk = ChunkLaws.Create(chunker, new()).ChunkAsync(document).ToBlockingEnumerable().Single();

        chunk.Should().BeEquivalentTo(new { DocumentId = "d", Text = "Text.", Title = "Title", document.Source, document.Metadata, Ordinal = 0, OverlapLength = 0 });
    }

    [Fact]
    public void The_synchronous_path_gives_the_same_chunks()
    {
        foreach (var name in ChunkLaws.Chunkers)
        {
            var chunker = ChunkLaws.Create(name, new() { MaxTokens = 20, OverlapTokens = 5 });
            var document = new Document { Id = "d", Text = Texts.Nasty[0].Text + string.Concat(Enumerable.Repeat("More text. ", 100)) };
            ((ISynchronousChunker)chunker).Split(document).Select(c => c.Id).Should().Equal(chunker.ChunkAsync(document).ToBlockingEnumerable().Select(c => c.Id));
        }
    }

    [Theory]
    [InlineData("guide.md", null, true)]
    [InlineData("GUIDE.MARKDOWN", null, true)]
    [InlineData("1", "https://example.org/a/guide.md?x=1", true)]
    [InlineData("1", "guide.md", true)]
    [InlineData("guide.txt", null, false)]
    [InlineData("md", "https://example.org/md", false)]
    public void Documents_named_as_Markdown_are_read_as_Markdown(string id, string? source, bool isMarkdown)
    {
        var document = new Document { Id = id, Text = "# Title\n\nText.", Source = source is null ? null : new Uri(source, UriKind.RelativeOrAbsolute) };

        new DocumentChunker().Split(document).Single().Headings.Should().Equal(isMarkdown ? ["Title"] : []);
    }
}

/// <summary>The reported faults of Semantic Kernel's TextChunker, each named for its report; ours must not have them.</summary>
public class TextChunkerFaultTests
{
    public static TheoryData<string> Chunkers => new(ChunkLaws.Chunkers);

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void SemanticKernel_13713_the_last_chunk_is_within_the_limit_though_it_has_few_words(string chunker)
    {
        // Few words of many tokens: a limit compared with words lets them pass.
        for (var words = 1; words < 60; words++)
        {
            var text = string.Join(' ', Enumerable.Repeat("supercalifragilisticexpialidocious", words)) + ". End.";
            ChunkLaws.Verify(chunker, new() { MaxTokens = 40, OverlapTokens = 10 }, text);
        }
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void SemanticKernel_5516_no_text_is_counted_again_for_each_line_added(string chunker)
    {
        var counter = new MeteredCounter(TokenCounter.Estimate);
        var created = ChunkLaws.Create(chunker, new() { Counter = counter });
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));
        var before = counter.Characters;

        ChunkLaws.Chunk(created, text);

        (counter.Characters - before).Should().BeLessThan(3 * text.Length);
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void KernelMemory_318_overlap_is_the_end_of_the_chunk_before_and_shrinks_no_chunk(string chunker)
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"Sentence {i} of the text. "));

        var chunks = ChunkLaws.Verify(chunker, new() { MaxTokens = 128, OverlapTokens = 32 }, text);

        chunks.Skip(1).Should().OnlyContain(c => c.OverlapLength > 0);
        chunks.SkipLast(1).Should().OnlyContain(c => c.TokenCount > 100);
    }
}
