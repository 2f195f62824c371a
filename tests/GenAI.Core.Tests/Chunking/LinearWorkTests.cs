using GenAI.Core.Chunking;

namespace GenAI.Core.Tests.Chunking;

/// <summary>Texts made to be slow. Quadratic work on any of them would take hours, so finishing is part of the test.</summary>
public class LinearWorkTests
{
    private const int Size = 1_000_000, Huge = 50_000_000;

    // A chunk is counted once with its overlap (1.14 times the text at 512/64), and again when a guess was wrong.
    private const double MostCountedPerCharacter = 4;

    public static TheoryData<string> Chunkers => new(ChunkLaws.Chunkers);

    public static readonly (string Name, Func<int, string> Make)[] Adversaries =
    [
        ("one word", size => new string('x', size)),
        ("random letters", size => string.Create(size, new Random(1), static (span, random) => { foreach (ref var c in span) c = (char)random.Next('a', 'z'); })),
        ("newlines in the middle", size => "a" + new string('\n', size) + "b"),
        ("spaces in the middle", size => "a" + new string(' ', size) + "b"),
        ("tiny paragraphs", size => string.Concat(Enumerable.Repeat("a\n\n", size / 3))),
        ("tiny lines", size => string.Concat(Enumerable.Repeat("a\n", size / 2))),
        ("tiny words", size => string.Concat(Enumerable.Repeat("a ", size / 2))),
        ("tiny sentences", size => string.Concat(Enumerable.Repeat("A. ", size / 3))),
        ("stops", size => new string('.', size)),
        ("nested list", size => string.Concat(Enumerable.Range(0, size / 500).Select(i => new string(' ', i % 1000) + "- a\n"))),
        ("unclosed fence", size => "```\n" + string.Concat(Enumerable.Repeat("code\n", size / 5))),
        ("unclosed fence of one line", size => "```\n" + new string('x', size)),
        ("table", size => "| a |\n|---|\n" + string.Concat(Enumerable.Repeat("| x |\n", size / 6))),
        ("table of one row", size => "| a |\n|---|\n|" + new string('x', size)),
        ("table of wide header", size => "|" + new string('a', size / 2) + "|\n|---|\n" + string.Concat(Enumerable.Repeat("| x |\n", size / 12))),
        ("dense and sparse in turn", size => string.Concat(Enumerable.Repeat(new string('a', 20_000) + "\n\n" + string.Concat(Enumerable.Repeat("| x |\n", 1000)) + "\n", size / 26_003))),
        ("headings", size => string.Concat(Enumerable.Repeat("# a\n", size / 4))),
        ("quote marks", size => new string('>', size)),
        ("one cluster", size => "a" + new string('\u0301', size)),
        ("emoji", size => string.Concat(Enumerable.Repeat("\U0001F600", size / 2))),
        ("joined emoji", size => string.Concat(Enumerable.Repeat("\U0001F600\u200D", size / 3))),
        ("flags", size => string.Concat(Enumerable.Repeat("\U0001F1E9", size / 2))),
        ("unclosed tags", size => string.Concat(Enumerable.Repeat("<!-- \n", size / 6))),
        ("line separators", size => string.Concat(Enumerable.Repeat("\u2028a", size / 2))),
        ("short and long", size => string.Concat(Enumerable.Repeat("a\n\n" + new string('b', 3000) + "\n\n", size / 3005))),
    ];

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Counting_is_linear_in_the_text(string chunker)
    {
        foreach (var (name, make) in Adversaries)
        {
            var text = make(Size / 2);
            foreach (var inner in (TokenCounter[])[TokenCounter.Estimate, new WordCounter(), new LengthCounter()])
            {
                var counter = new MeteredCounter(inner);
                var created = ChunkLaws.Create(chunker, new() { Counter = counter });
                var before = counter.Characters;
                var chunks = ChunkLaws.Chunk(created, text);
                ((double)(counter.Characters - before) / text.Length).Should().BeLessThan(MostCountedPerCharacter, "{0} with {1}", name, inner.GetType().Name);
                chunks.Should().OnlyContain(c => c.TokenCount <= 512, name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Work_is_linear_in_the_text(string chunker)
    {
        foreach (var (name, make) in Adversaries)
        {
            var chunks = ChunkLaws.Create(chunker, new()).ChunkAsync(new Document { Id = name, Text = make(Size) }).ToBlockingEnumerable();
            chunks.All(c => c.TokenCount <= 512).Should().BeTrue(name);
        }
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Fifty_megabytes_in_one_line_are_no_trouble(string chunker)
    {
        long covered = 0;
        foreach (var chunk in ChunkLaws.Create(chunker, new()).ChunkAsync(new Document { Id = "one line", Text = new string('x', Huge) }).ToBlockingEnumerable())
            covered += chunk.Range.Length - chunk.OverlapLength;
        covered.Should().Be(Huge);

        ChunkLaws.Chunk(ChunkLaws.Create(chunker, new()), new string('\n', Huge)).Should().BeEmpty();
    }

    [Fact]
    public void A_table_row_of_fifty_megabytes_is_looked_through_once()
    {
        // Each piece looked for the end of the row through all the rest of it: two minutes instead of half a second.
        var text = "| a | b |\n|---|---|\n| " + new string('x', Huge) + " |";
        long covered = 0;
        foreach (var chunk in new MarkdownChunker().Split(new Document { Id = "one row", Text = text }))
            covered = Math.Max(covered, chunk.Range.End);
        covered.Should().Be(text.Length);
    }

    private sealed class LengthCounter : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => text.Length;
    }
}
