using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

public class TrainingPairsTests
{
    private const string Text = "The first sentence says something. The second sentence says more of it. The third sentence ends the section.\nA line of its own that is long enough.";

    [Fact]
    public void A_section_gives_its_headings_sentences_and_halves()
    {
        var pairs = TrainingPairs.FromSection("Guide\nSetup", Text, "docs", weight: 2).ToList();

        pairs.Should().HaveCount(4).And.OnlyContain(pair => pair.Source == "docs");
        pairs.Sum(pair => pair.Weight).Should().BeApproximately(2, 1e-9);
        (pairs[0].Query, pairs[0].Passage).Should().Be(("Guide\nSetup", Text));
        foreach (var pair in pairs.Skip(1).Take(2))
        {
            Text.Should().Contain(pair.Query);
            pair.Passage.Should().StartWith("Guide\nSetup").And.NotContain(pair.Query);
        }

        pairs[1].Query.Should().NotBe(pairs[2].Query);
        Text.Replace('\n', ' ').Should().Be($"{pairs[3].Query} {pairs[3].Passage}");
    }

    [Fact]
    public void The_same_section_gives_the_same_pairs() =>
        TrainingPairs.FromSection("Guide", Text).Select(pair => pair.Query).Should().Equal(TrainingPairs.FromSection("Guide", Text).Select(pair => pair.Query));

    [Theory]
    [InlineData("", "")]
    [InlineData("Guide", "")]
    [InlineData("", "One sentence that stands alone here.")]
    public void What_is_too_short_gives_none(string headings, string text) => TrainingPairs.FromSection(headings, text).Should().BeEmpty();

    [Fact]
    public async Task Documents_are_cut_at_their_headings()
    {
        var document = new Document { Id = "a.md", Title = "Manual", Text = $"# Install\n\n{Text}\n\n# Remove\n\nThis is how it is removed from the machine again." };

        var pairs = new List<TrainingPair>();
        await foreach (var pair in TrainingPairs.FromDocumentsAsync(Documents(document), source: "mine"))
            pairs.Add(pair);

        pairs.Select(pair => pair.Query).Should().Contain("Manual\nInstall").And.Contain("Manual\nRemove");
        pairs.Should().OnlyContain(pair => pair.Source == "mine");
    }

    private static async IAsyncEnumerable<Document> Documents(Document document)
    {
        await Task.Yield();
        yield return document;
    }
}
