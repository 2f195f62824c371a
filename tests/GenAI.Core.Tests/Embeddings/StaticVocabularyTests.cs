using GenAI.Core.Embeddings;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Embeddings;

public class StaticVocabularyTests
{
    private static readonly string[] Words = ["run", "window", "text", "get", "immuno", "therapi", "3.14", "c#", "2", "東", "東京"];
    private static readonly StaticVocabulary Vocabulary = new([.. Words.Select(word => TermHash.Of(word))], buckets: 64);

    [Theory]
    [InlineData("Running runs", "run run")]
    [InlineData("the of and", "")]
    [InlineData("", "")]
    [InlineData("!?", "")]
    [InlineData("get_window.text 3.14 C#", "get window text 3.14 c#")]
    [InlineData("GetWindowText2", "? ? get window text")]
    [InlineData("HTTPWindow", "? ? window")]
    [InlineData("immunotherapy", "? ? immuno therapi")]
    [InlineData("qqq", "? ?")]
    [InlineData("12345678", "? ?")]
    [InlineData("東京", "東 ? ? 東京")]
    public void Words_become_tokens(string text, string expected) =>
        Tokens(text).Order(StringComparer.Ordinal).Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    [Fact]
    public void An_unknown_word_has_the_same_buckets_each_time_and_others_than_another()
    {
        var first = Ids("zebrafish");
        Ids("a Zebrafish").Should().BeEquivalentTo(first);
        Ids("wallaby").Should().NotBeEquivalentTo(first);
        first.Should().OnlyContain(id => id >= Words.Length && id < Vocabulary.Count);
    }

    [Fact]
    public void A_long_run_without_spaces_keeps_all_its_characters()
    {
        var tokens = new StaticTokens(Vocabulary.Count);
        Vocabulary.Tokenize(new string('東', 1000), tokens);
        tokens.Counts.ToArray().Sum().Should().BeGreaterThan(2900, "each character is a token, and each pair two buckets");
    }

    [Fact]
    public void Bytes_bring_the_same_vocabulary_back()
    {
        var read = StaticVocabulary.FromBytes(Vocabulary.ToBytes());
        (read.Count, read.Words, read.Buckets).Should().Be((Vocabulary.Count, Vocabulary.Words, Vocabulary.Buckets));
        read.Hashes.ToArray().Should().Equal(Vocabulary.Hashes.ToArray());
    }

    [Fact]
    public void Bytes_of_something_else_are_refused()
    {
        var bytes = Vocabulary.ToBytes();
        foreach (var damaged in new[] { [], bytes[..8], bytes[..^1], [9, .. bytes[1..]] })
        {
            var read = () => StaticVocabulary.FromBytes(damaged);
            read.Should().Throw<InvalidDataException>();
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_text()
    {
        var tokens = new StaticTokens(Vocabulary.Count);
        const string Text = "Running GetWindowText in the window: immunotherapy, 3.14 and zebrafish";
        Vocabulary.Tokenize(Text, tokens);
        Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
                Vocabulary.Tokenize(Text, tokens);
        }).Should().Be(0);
    }

    private static List<string> Tokens(string text)
    {
        var tokens = new StaticTokens(Vocabulary.Count);
        Vocabulary.Tokenize(text, tokens);
        var words = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
            words.AddRange(Enumerable.Repeat(tokens.Ids[i] < Words.Length ? Words[tokens.Ids[i]] : "?", tokens.Counts[i]));
        return words;
    }

    private static int[] Ids(string text)
    {
        var tokens = new StaticTokens(Vocabulary.Count);
        Vocabulary.Tokenize(text, tokens);
        return [.. tokens.Ids];
    }
}
