using CsCheck;
using GenAI.Core.Chunking;

namespace GenAI.Core.Tests.Chunking;

public class MarkdownChunkerTests
{
    private static List<Chunk> Chunk(string text, int max = 512, int overlap = 0, TokenCounter? counter = null)
    {
        var options = new ChunkerOptions { MaxTokens = max, OverlapTokens = overlap, Counter = counter ?? TokenCounter.Estimate };
        return ChunkLaws.Verify("markdown", options, text);
    }

    private static string Path(Chunk chunk) => string.Join(" > ", chunk.Headings);

    [Fact]
    public void Each_section_is_a_chunk_that_knows_its_headings()
    {
        var chunks = Chunk("Before.\n\n# A\n\nIn a.\n\n## B #\n\nIn b.\n\n### C\n\nIn c.\n\n## D\n\nIn d.\n\nE\n=\n\nIn e.\n\nF f\nf\n---\nIn f.\n");

        chunks.Select(c => (Path(c), c.Text)).Should().Equal(
            ("", "Before."), ("A", "# A\n\nIn a."), ("A > B", "## B #\n\nIn b."), ("A > B > C", "### C\n\nIn c."), ("A > D", "## D\n\nIn d."),
            ("E", "E\n=\n\nIn e."), ("E > F f\nf", "F f\nf\n---\nIn f."));
    }

    [Fact]
    public void A_heading_directly_under_a_higher_one_shares_its_chunk()
    {
        Chunk("# A\n## B\n\nText\n\n# C\n# D\ntext").Select(c => (Path(c), c.Text)).Should().Equal(
            ("A > B", "# A\n## B\n\nText"), ("C", "# C"), ("D", "# D\ntext"));
    }

    [Theory]
    [InlineData("```\n# no\n```")]
    [InlineData("~~~ text\n# no\n```\n~~~")]
    [InlineData("````\n```\n# no\n````")]
    [InlineData("```\n# no\n``` not closed\n# no")]
    [InlineData("    # no, code")]
    [InlineData("#no")]
    [InlineData("####### no")]
    [InlineData("\\# no")]
    [InlineData("<!-- \n# no\n\n# no -->")]
    [InlineData("<pre>\n\n# no\n</pre>")]
    [InlineData("<div>\n# no\n</div>")]
    [InlineData("> # no")]
    [InlineData("> ```\n> # no\n> ```")]
    [InlineData("- # no")]
    [InlineData("- a\n\n  ```\n# no\n  ```")]
    [InlineData("---\ntitle: x\n# no\n---")]
    [InlineData("+++\n# no\n+++")]
    [InlineData("- a\n---")]
    [InlineData("a\n\n---\n\nb")]
    public void What_only_looks_like_a_heading_is_none(string text)
    {
        Chunk(text).Should().OnlyContain(c => c.Headings.Count == 0);
    }

    [Theory]
    [InlineData("text\n\n\uFEFF   \n---\ntext")]
    [InlineData("\uFEFF\uFEFF \n===\ntext")]
    [InlineData("text\n\n\uFEFF\n=\n")]
    public void An_underlined_byte_order_mark_is_a_heading_that_names_nothing(string text)
    {
        foreach (var max in (int[])[1, 2, 512])
            ChunkLaws.Verify("markdown", new() { MaxTokens = max, OverlapTokens = 0 }, text).SelectMany(chunk => chunk.Headings).Should().BeEmpty();
    }

    [Theory]
    [InlineData("```\ncode\n```\n# Yes")]
    [InlineData("\uFEFF# Yes")]
    [InlineData("\uFEFF---\na: b\n---\n# Yes")]
    [InlineData("   # Yes #  ")]
    [InlineData("#\tYes")]
    [InlineData("> ```\n> code\n\n# Yes")]
    [InlineData("- item\n# Yes")]
    [InlineData("text\n# Yes")]
    [InlineData("``` not a `fence`\n# Yes")]
    [InlineData("<div>\n\n# Yes")]
    [InlineData("Yes\n===")]
    [InlineData("Yes\r\n---\r\ntext")]
    [InlineData("---\nnot closed\n\n# Yes")]
    public void A_heading_is_found(string text)
    {
        Chunk(text)[^1].Headings.Should().Equal("Yes");
    }

    [Fact]
    public void A_fence_that_fits_is_never_cut()
    {
        var fence = "```csharp\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"var x{i} = {i};\n\n")) + "```";
        var tokens = TokenCounter.Estimate.Count(fence);
        for (var before = 0; before < 100; before += 3)
        {
            var text = string.Concat(Enumerable.Repeat("word ", before)) + "\n\n" + fence + "\n\nAfter the fence. And more of it.";
            foreach (var overlap in (int[])[0, 20])
                Chunk(text, tokens, overlap).Should().ContainSingle(c => c.Text.Contains(fence));
        }
    }

    [Fact]
    public void A_heading_stays_with_a_fence_only_if_both_fit()
    {
        var fence = "```\n" + string.Concat(Enumerable.Repeat("some code\n", 10)) + "```";
        var tokens = TokenCounter.Estimate.Count(fence);

        Chunk("# A\n\n" + fence, tokens + 10).Should().ContainSingle();
        Chunk("# A heading of some length\n\n" + fence, tokens).Select(c => c.Text).Should().Equal("# A heading of some length", fence);
    }

    [Fact]
    public void A_fence_over_the_limit_is_cut_between_lines()
    {
        var fence = "```\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"line number {i};\n")) + "```";

        var chunks = Chunk("# A\n\n" + fence, 64, 16);

        chunks.Should().HaveCountGreaterThan(5).And.OnlyContain(c => c.OverlapLength == 0 && Path(c) == "A");
        chunks.Skip(1).SkipLast(1).Should().OnlyContain(c => c.Text.StartsWith("line", StringComparison.Ordinal) && c.Text.EndsWith(';'));
    }

    [Fact]
    public void A_table_over_the_limit_is_cut_between_rows_and_carries_its_header()
    {
        const string Header = "| Name | Value |\n|:-----|------:|";
        var rows = Enumerable.Range(0, 60).Select(i => $"| row {i} | {i * i} |").ToArray();

        var chunks = Chunk("# T\n\nIntro.\n\n" + Header + "\n" + string.Join('\n', rows) + "\n\nAfter.", 64, 16);

        chunks.Should().HaveCountGreaterThan(5);
        chunks.SelectMany(c => c.Text.Split('\n')).Where(l => l.StartsWith("| row", StringComparison.Ordinal)).Should().Equal(rows);
        chunks.Should().ContainSingle(c => c.Text.Contains(Header));
        foreach (var chunk in chunks)
            chunk.Context.Should().Be(chunk.Text.StartsWith("| row", StringComparison.Ordinal) ? Header : null);
    }

    [Fact]
    public void A_table_that_fits_is_not_cut()
    {
        var table = "| a | b |\n|---|---|\n" + string.Join('\n', Enumerable.Range(0, 8).Select(i => $"| {i} | x |"));
        var text = string.Concat(Enumerable.Repeat("Some words before. ", 10)) + "\n\n" + table;

        Chunk(text, TokenCounter.Estimate.Count(table)).Should().ContainSingle(c => c.Text.Contains('|')).Which.Should().Match<Chunk>(c => c.Text == table && c.Context == null);
    }

    [Fact]
    public void A_row_is_cut_only_if_it_alone_is_over_the_limit()
    {
        var row = "| " + string.Concat(Enumerable.Repeat("word ", 25)) + "|";
        var wide = "| " + string.Concat(Enumerable.Repeat("many words in a cell ", 40)) + "|";
        var text = "| a |\n|---|\n" + row + "\n" + row + "\n" + wide + "\n" + row;
        var limit = TokenCounter.Estimate.Count(row);

        var chunks = Chunk(text, limit);

        chunks.Count(c => c.Text == row).Should().Be(3 - chunks.Count(c => c.Text.EndsWith("\n" + row, StringComparison.Ordinal)));
        chunks.Should().Contain(c => c.Text.Contains("many words in a cell") && c.Context == "| a |\n|---|");
    }

    [Fact]
    public void A_header_over_the_limit_is_not_repeated()
    {
        var chunks = Chunk("|" + new string('a', 2000) + "|\n|---|\n" + string.Concat(Enumerable.Repeat("| x |\n", 100)), 64);

        chunks.Should().OnlyContain(c => c.Context == null);
    }

    [Fact]
    public void An_overlap_does_not_cross_a_heading_nor_cut_a_fence()
    {
        var prose = string.Concat(Enumerable.Range(0, 30).Select(i => $"Sentence number {i} of the text. "));
        var fence = "```\n" + string.Concat(Enumerable.Repeat("code line\n", 20)) + "```";
        var text = "# A\n\n" + prose + "\n\n" + fence + "\n\n" + prose + "\n\n# B\n\n" + prose;

        var chunks = Chunk(text, 100, 30);

        chunks.First(c => Path(c) == "B").OverlapLength.Should().Be(0);
        chunks.Where(c => c.OverlapLength > 0).Should().NotBeEmpty();
        foreach (var chunk in chunks)
        {
            var overlap = chunk.Text[..chunk.OverlapLength];
            overlap.Should().NotContain("# ").And.NotContain("code");
        }
    }

    [Fact]
    public void Never_splits_a_fence_or_row_that_fits_in_any_document_with_any_counter()
    {
        var block = Gen.OneOf(
            Gen.Int[1, 30].Select(n => string.Concat(Enumerable.Repeat("Some words. ", n)).Trim()),
            Gen.Int[0, 20].Select(n => "```\n" + string.Concat(Enumerable.Repeat("x = y[1];\n", n)) + "```"),
            Gen.Int[1, 12].Select(n => "| a | b |\n|---|---|\n" + string.Join('\n', Enumerable.Range(0, n).Select(i => $"| {i} words in cells | {new string('x', i * 5)} |"))),
            Gen.Int[1, 3].Select(n => new string('#', n) + " Heading"),
            Gen.Int[1, 8].Select(n => string.Join('\n', Enumerable.Repeat("- item of a list", n))));
        Gen.Select(block.Array[1, 12], Gen.Int[12, 120], Gen.Int[0, 11], Gen.Bool).Holds(1500,
            (blocks, max, overlap, words) =>
            {
                TokenCounter counter = words ? new WordCounter() : TokenCounter.Estimate;
                var chunks = Chunk(string.Join("\n\n", blocks), max, overlap, counter);
                var position = 0;
                foreach (var part in blocks)
                {
                    foreach (var whole in part[0] == '|' ? part.Split('\n') : part[0] == '`' ? [part] : [])
                    {
                        var start = string.Join("\n\n", blocks).IndexOf(whole, position, StringComparison.Ordinal);
                        var range = new TextRange(start, whole.Length);
                        if (counter.Count(whole) <= max && !chunks.Any(c => c.Range.Contains(range)))
                            return false;
                    }

                    position += part.Length + 2;
                }

                return true;
            });
    }
}
