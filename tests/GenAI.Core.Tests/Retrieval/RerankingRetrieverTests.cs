using GenAI.Core.Retrieval;

namespace GenAI.Core.Tests.Retrieval;

public class RerankingRetrieverTests
{
    private static readonly (string Text, float Score)[] Hits = [.. Enumerable.Range(0, 60).Select(i => ($"text {i}", 1f - i / 100f))];

    [Fact]
    public async Task Fifty_chunks_are_read_and_eight_kept_best_first()
    {
        var inner = new FakeRetriever(Hits);
        var reranker = new FakeReranker(text => int.Parse(text[5..], System.Globalization.CultureInfo.InvariantCulture));

        var found = await new RerankingRetriever(inner, reranker).RetrieveAsync("query", 10, new SearchOptions());

        inner.Asked.Should().Be(50);
        reranker.Texts.Should().HaveCount(50);
        found.Select(hit => hit.Chunk.Text).Should().Equal(Enumerable.Range(42, 8).Reverse().Select(i => $"text {i}"));
        found.Select(hit => hit.Score).Should().Equal(49, 48, 47, 46, 45, 44, 43, 42);
        found.Select(hit => hit.Rank).Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
        found[0].Retrieved.Should().Be(new ArmMatch(50, Hits[49].Score));
        found[0].Keyword.Should().Be(new ArmMatch(50, Hits[49].Score));
    }

    [Fact]
    public async Task A_search_gets_no_more_than_it_asks_for_and_depth_grows_with_it()
    {
        var inner = new FakeRetriever(Hits);
        var retriever = new RerankingRetriever(inner, new FakeReranker(_ => 1), new() { Top = 100, Depth = 5 });

        (await retriever.RetrieveAsync("query", 3, new SearchOptions())).Should().HaveCount(3);
        inner.Asked.Should().Be(5);
        (await retriever.RetrieveAsync("query", 20, new SearchOptions())).Should().HaveCount(20);
        inner.Asked.Should().Be(20);
    }

    [Fact]
    public async Task Equal_scores_leave_the_order_and_low_ones_can_be_left_out()
    {
        var reranker = new FakeReranker(text => text is "text 0" or "text 2" ? 0.2f : 0.9f);

        var found = await new RerankingRetriever(new FakeRetriever(Hits[..5]), reranker, new() { MinScore = 0.5f }).RetrieveAsync("query", 10, new SearchOptions());

        found.Select(hit => hit.Chunk.Text).Should().Equal("text 1", "text 3", "text 4");
    }

    [Fact]
    public async Task A_reranker_that_loses_texts_is_noticed()
    {
        var retriever = new RerankingRetriever(new FakeRetriever(Hits), new FakeReranker(_ => 1) { Withhold = 1 });

        await retriever.Invoking(r => r.RetrieveAsync("query", 3, new SearchOptions())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*49 scores for 50 texts*");
    }

    [Fact]
    public async Task Nothing_found_is_nothing_to_rerank()
    {
        var reranker = new FakeReranker(_ => 1);

        (await new RerankingRetriever(new FakeRetriever(), reranker).RetrieveAsync("query", 3, new SearchOptions())).Should().BeEmpty();
        reranker.Texts.Should().BeEmpty();
    }
}
