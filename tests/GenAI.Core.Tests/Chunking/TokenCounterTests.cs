using CsCheck;
using GenAI.Core.Chunking;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tests.Chunking;

public class TokenCounterTests
{
    [Fact]
    public void The_estimate_is_what_its_documentation_says()
    {
        // The documented table, in 32nds of a token.
        static int Weight(char c) => c switch
        {
            ' ' => 2,
            < ' ' => 12,
            _ when char.IsAsciiLetter(c) => 8,
            _ when char.IsAsciiDigit(c) => 20,
            < (char)0x80 => 16,
            < (char)0x590 => 24,
            _ => 32,
        };

        for (var c = 0; c <= char.MaxValue; c++)
            TokenWeights.Default.Of((char)c).Should().Be(Weight((char)c));
        Gen.Char.Array[0, 700].Holds(2000,
            text => TokenCounter.Estimate.Count(text) == (text.Sum(Weight) + 31) / 32 && TokenWeights.Default.Sum(text) == text.Sum(Weight));
    }

    [Fact]
    public void The_vector_path_agrees_with_the_scalar_one_for_every_length()
    {
        var text = string.Concat(Enumerable.Range(0, 600).Select(i => "aZ09 \n\0|\u007F\u0080\u058F\u0590\u4E2D\uD83D\uDE00\uFFFF"[i * 7 % 16]));
        foreach (var weights in (TokenWeights[])[TokenWeights.Default, TokenWeights.FittedTo(new WordCounter()), TokenWeights.FittedTo(new HeavyCounter())])
        {
            for (var length = 0; length <= 600; length++)
                weights.Sum(text.AsSpan(0, length)).Should().Be(text[..length].Sum(c => (long)weights.Of(c)));
        }
    }

    [Fact]
    public void Reach_is_the_longest_piece_within_the_budget()
    {
        Gen.Select(Texts.Random, Gen.Int[0, 20_000]).Holds(2000,
            (text, budget) =>
            {
                var weights = TokenWeights.Default;
                var reach = weights.Reach(text, budget);
                var back = weights.ReachBack(text, budget);
                return weights.Sum(text.AsSpan(0, reach)) <= budget && (reach == text.Length || weights.Sum(text.AsSpan(0, reach + 1)) > budget)
                    && weights.Sum(text.AsSpan(back)) <= budget && (back == 0 || weights.Sum(text.AsSpan(back - 1)) > budget);
            });
    }

    [Fact]
    public void Cutting_a_text_in_two_never_lowers_the_estimate_and_raises_it_by_at_most_one()
    {
        Gen.Select(Texts.Random, Gen.Double[0, 1]).Holds(2000,
            (text, where) =>
            {
                var at = (int)(text.Length * where);
                var (whole, parts) = (TokenCounter.Estimate.Count(text), TokenCounter.Estimate.Count(text.AsSpan(0, at)) + TokenCounter.Estimate.Count(text.AsSpan(at)));
                return parts >= whole && parts <= whole + 1;
            });
    }

    [DataFact("tokenizers", "gpt2")]
    public void The_estimate_of_English_documentation_is_near_real_tokenizers()
    {
        var files = Directory.EnumerateFiles(TestData.Path("corpus-mini"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 20 == 0);
        var (estimate, gpt2, bert) = (0.0, 0.0, 0.0);
        foreach (var text in files.Select(File.ReadAllText))
        {
            estimate += TokenCounter.Estimate.Count(text);
            gpt2 += ExactCounters.Gpt2.Count(text);
            bert += ExactCounters.Bert.Count(text);
        }

        (estimate / gpt2).Should().BeInRange(0.8, 1.1);
        (estimate / bert).Should().BeInRange(0.85, 1.15);
    }

    [DataFact("tokenizers", "bert-base-uncased")]
    public void An_exact_counter_counts_what_its_tokenizer_does_and_survives_half_a_surrogate_pair()
    {
        var tokenizer = BertTokenizer.Create(TestData.Path("tokenizers", "bert-base-uncased", "vocab.txt"));
        var counter = TokenCounter.FromTokenizer(tokenizer);

        counter.Count("Tokenizers count tokens \U0001F600.").Should().Be(tokenizer.CountTokens("Tokenizers count tokens \U0001F600."));
        counter.Count("a \uD83D b \uDE00").Should().Be(tokenizer.CountTokens("a \uFFFD b \uFFFD"));
        counter.Count("").Should().Be(0);
    }

    [Fact]
    public void A_counter_needs_a_tokenizer()
    {
        var act = () => TokenCounter.FromTokenizer(null!);

        act.Should().Throw<ArgumentNullException>();
    }

    private sealed class HeavyCounter : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => text.Length * 40;
    }
}
