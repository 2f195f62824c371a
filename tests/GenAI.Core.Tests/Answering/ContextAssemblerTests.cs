using CsCheck;
using GenAI.Core.Answering;
using GenAI.Core.Chunking;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tests.Answering;

public class ContextAssemblerTests
{
    private const int Roomy = 100_000;

    private static readonly string Text = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"Sentence number {i} says something about topic {i % 17}."));

    [Fact]
    public void The_prompt_never_exceeds_the_budget()
    {
        var gen = Gen.Select(Gen.Int[0, 12000], Gen.Int[1, 3000]).Array[1, 12];
        Gen.Select(gen, Gen.Int[700, 6000], Gen.Int[0, 2]).Holds(300, (cuts, budget, kind) =>
        {
            TokenCounter counter = kind switch { 0 => TokenCounter.Estimate, 1 => new WordCounter(), _ => new SuperadditiveCounter() };
            var document = Sources.Document("d", Text);
            var chunks = Sources.Retrieved([.. cuts.Select(cut => Cut(document, cut.Item1, cut.Item2))]);

            var prompt = Assembler(counter).Assemble("What about topic 3?", chunks, budget);

            if (prompt is not null)
                (counter.Count(prompt.SystemText) + counter.Count(prompt.UserText)).Should().BeLessThanOrEqualTo(budget);
        });
    }

    [DataFact("tokenizers", "gpt2")]
    public void The_budget_holds_for_a_real_tokenizer()
    {
        var counter = TokenCounter.FromTokenizer(CodeGenTokenizer.Create(
            File.OpenRead(TestData.Path("tokenizers", "gpt2", "vocab.json")), File.OpenRead(TestData.Path("tokenizers", "gpt2", "merges.txt"))));
        var document = Sources.Document("d", Text);
        var chunks = Sources.Retrieved([.. Enumerable.Range(0, 10).Select(i => Cut(document, i * 1500, 1400))]);
        for (var budget = 1000; budget < 5000; budget += 371)
        {
            var prompt = Assembler(counter).Assemble("What about topic 3?", chunks, budget);

            var used = counter.Count(prompt!.SystemText) + counter.Count(prompt.UserText);
            used.Should().BeLessThanOrEqualTo(budget);
            used.Should().BeGreaterThan(Math.Min(budget, 3500) - 200, "the budget is also used");
        }
    }

    [Fact]
    public void Merged_sources_are_exact_slices_of_their_documents_and_do_not_touch()
    {
        Gen.Select(Gen.Int[0, 12000], Gen.Int[1, 4000], Gen.Int[0, 2]).Array[1, 16].Holds(300, cuts =>
        {
            Document[] documents = [.. Enumerable.Range(0, 3).Select(i => Sources.Document($"d{i}", Text[(i * 7)..] + i))];
            var chunks = Sources.Retrieved([.. cuts.Select(cut => Cut(documents[cut.Item3], cut.Item1, cut.Item2))]);

            var sources = Assembler().Assemble("What?", chunks, Roomy)!.Sources;

            foreach (var source in sources)
                source.Range.Of(documents.Single(d => d.Id == source.First.DocumentId).Text).Should().Be(source.Text);
            foreach (var group in sources.GroupBy(source => source.First.DocumentId))
            {
                TextRange[] ranges = [.. group.Select(source => source.Range).OrderBy(range => range.Start)];
                for (var i = 1; i < ranges.Length; i++)
                    ranges[i].Start.Should().BeGreaterThan(ranges[i - 1].End);
            }
        });
    }

    [Fact]
    public void Overlapping_and_adjacent_chunks_become_one_source_and_the_best_comes_first()
    {
        var first = Sources.Document("a", Text);
        var second = Sources.Document("b", "Another document, about something else entirely.");
        var chunks = Sources.Retrieved(Cut(first, 200, 100), Cut(second, 0, 20), Cut(first, 100, 100), Cut(first, 250, 150), Cut(first, 900, 50));

        var sources = Assembler().Assemble("What?", chunks, Roomy)!.Sources;

        sources.Select(source => (source.First.DocumentId, source.Range)).Should().Equal(
            ("a", TextRange.FromBounds(100, 400)), ("b", new TextRange(0, 20)), ("a", new TextRange(900, 50)));
        sources[0].Pieces.Should().HaveCount(3);
    }

    [Fact]
    public void Chunks_of_two_versions_of_a_document_are_not_merged()
    {
        var old = Sources.Document("a", "The limit is ten. The rest of the text follows here.");
        var now = Sources.Document("a", "The limit is six. The rest of the text follows here.");

        var sources = Assembler().Assemble("What?", Sources.Retrieved(Cut(old, 0, 30), Cut(now, 4, 40)), Roomy)!.Sources;

        sources.Should().HaveCount(2);
    }

    [Fact]
    public void A_near_duplicate_is_left_out_unless_it_says_something_of_its_own()
    {
        var words = string.Join(' ', Enumerable.Range(0, 200).Select(i => $"word{(char)('a' + i % 26)}{(char)('a' + i / 26)}"));

        Kept(words + " end", words + " ending").Should().Be(1, "a small edit is a duplicate");
        Kept(words + " end", words.ToUpperInvariant() + ", end!").Should().Be(1, "case and punctuation do not count");
        Kept(words + " version 7", words + " version 8").Should().Be(2, "another number says something else");
        Kept(words + " for Linux", words + " for Windows").Should().Be(2, "the question names what differs");
        Kept(words + " end", words[..600]).Should().Be(2, "half of a text is not a duplicate");

        static int Kept(params string[] texts) => Assembler().Assemble("How is it done on Windows?", Sources.Of(texts), Roomy)!.Sources.Count;
    }

    [Fact]
    public void A_source_that_does_not_fit_is_trimmed_behind_a_sentence()
    {
        var format = new PromptFormat("Answer.");
        var chunks = Sources.Of(Text);

        var source = new ContextAssembler(format, TokenCounter.Estimate).Assemble("What?", chunks, TokenCounter.Estimate.Count(format.SystemText) + 300)!.Sources.Single();

        source.Text.Should().EndWith(".").And.HaveLength(source.Range.Length);
        Text.Should().StartWith(source.Text);
        source.Text.Length.Should().BeGreaterThan(500);
        source.Holds(source.Range, source.Text).Should().BeTrue();
    }

    [Fact]
    public void A_long_first_source_without_sentences_is_cut_between_words()
    {
        var text = string.Join(' ', Enumerable.Repeat("lorem ipsum", 3000));

        var source = Assembler().Assemble("What?", Sources.Of(text), 1000)!.Sources.Single();

        source.Text.Should().MatchRegex("(lorem|ipsum)$");
    }

    [Fact]
    public void A_chunk_whose_text_is_not_its_range_is_left_out()
    {
        var broken = new Chunk { Id = "x", DocumentId = "d", Range = new TextRange(0, 5), Text = "longer than five", Ordinal = 0, ContentHash = "" };

        Assembler().Assemble("What?", Sources.Retrieved(broken), Roomy).Should().BeNull();
    }

    [Fact]
    public void A_question_that_leaves_no_room_is_refused_by_name()
    {
        var act = () => Assembler().Assemble(new string('x', 1_000_000), Sources.Of("A text."), 8000);

        act.Should().Throw<ArgumentException>().WithParameterName("question").WithMessage("*tokens for sources*");
    }

    private static ContextAssembler Assembler(TokenCounter? counter = null) => new(new PromptFormat("Answer."), counter ?? TokenCounter.Estimate);

    private static Chunk Cut(Document document, int start, int length)
    {
        start = Math.Min(start, document.Text.Length - 1);
        return Chunk.Create(document, new TextRange(start, Math.Min(length, document.Text.Length - start)), 0);
    }

    private sealed class WordCounter : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text)
        {
            var count = 0;
            foreach (var _ in text.Split(' '))
                count++;
            return count;
        }
    }

    /// <summary>Counts more for a whole than for its parts, which no sum of parts foresees.</summary>
    private sealed class SuperadditiveCounter : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => text.Length / 5 + text.Length * text.Length / 500_000;
    }
}
