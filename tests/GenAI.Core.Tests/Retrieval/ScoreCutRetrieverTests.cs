using GenAI.Core.Retrieval;

namespace GenAI.Core.Tests.Retrieval;

public class ScoreCutRetrieverTests
{
    [Theory]
    [InlineData(new[] { 0.9f, 0.88f, 0.3f, 0.28f, 0.25f }, 2)]
    [InlineData(new[] { 0.9f, 0.3f, 0.29f, 0.1f }, 1)]
    [InlineData(new[] { 0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f }, 6)]
    [InlineData(new[] { 0.5f, 0.5f, 0.5f }, 3)]
    [InlineData(new[] { 0.9f }, 1)]
    [InlineData(new float[0], 0)]
    public async Task The_list_ends_at_the_greatest_fall_that_is_great_enough(float[] scores, int kept) => (await Cut(scores)).Should().HaveCount(kept);

    [Fact]
    public async Task Scores_beyond_what_was_asked_for_show_where_the_fall_is()
    {
        (await Cut([0.9f, 0.8f, 0.7f, 0.1f], top: 2)).Should().HaveCount(2);
        (await Cut([0.9f, 0.85f, 0.1f, 0.05f], top: 3)).Should().HaveCount(2);
    }

    [Fact]
    public async Task The_first_are_kept_whatever_their_scores_and_low_ones_left_out()
    {
        (await Cut([0.9f, 0.1f, 0.05f], new() { MinResults = 2 })).Should().HaveCount(2);
        (await Cut([0.9f, 0.8f, 0.7f, 0.6f], new() { MinScore = 0.75f })).Should().HaveCount(2);
        (await Cut([0.3f, 0.2f], new() { MinScore = 0.75f, MinResults = 0 })).Should().BeEmpty();
        (await Cut([0.3f, 0.2f], new() { MinScore = 0.75f })).Should().HaveCount(1);
        (await Cut([0.9f, 0.1f], new() { Gap = 1 })).Should().HaveCount(2);
    }

    private static Task<IReadOnlyList<RetrievedChunk>> Cut(float[] scores, ScoreCutOptions? options = null, int top = 10) =>
        new ScoreCutRetriever(new FakeRetriever([.. scores.Select((score, i) => ($"text {i}", score))]), options).RetrieveAsync("query", top, new SearchOptions());
}
