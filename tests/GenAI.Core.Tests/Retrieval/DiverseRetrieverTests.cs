using GenAI.Core.Retrieval;

namespace GenAI.Core.Tests.Retrieval;

public class DiverseRetrieverTests
{
    [Fact]
    public async Task A_repetition_gives_way_to_something_else()
    {
        var inner = new FakeRetriever(("cars", 1f), ("cars again", 0.95f), ("ships", 0.7f), ("nothing", 0f));
        using var embedder = new FakeEmbeddingGenerator { Embed = text => text.StartsWith("cars", StringComparison.Ordinal) ? [1, 0.01f * text.Length] : text == "ships" ? [0, 1] : [-1, 0] };

        var found = await new DiverseRetriever(inner, embedder).RetrieveAsync("query", 3, new SearchOptions());
        var plain = await new DiverseRetriever(inner, embedder, new() { Relevance = 1 }).RetrieveAsync("query", 3, new SearchOptions());

        found.Select(hit => hit.Chunk.Text).Should().Equal("cars", "ships", "cars again");
        found.Select(hit => hit.Rank).Should().Equal(1, 2, 3);
        found[1].Score.Should().Be(0.7f);
        found[1].Retrieved.Should().Be(new ArmMatch(3, 0.7f));
        plain.Select(hit => hit.Chunk.Text).Should().Equal("cars", "cars again", "ships");
    }

    [Fact]
    public void The_choice_is_that_of_the_paper()
    {
        var random = new Random(19);
        for (var round = 0; round < 50; round++)
        {
            var count = random.Next(1, 30);
            var vectors = Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<float>)Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble() - 0.5f).ToArray()).ToArray();
            var relevance = Enumerable.Range(0, count).Select(_ => (float)random.NextDouble()).ToArray();
            var (lambda, top) = ((float)random.NextDouble(), random.Next(1, 12));

            var chosen = MarginalRelevance.Choose(relevance, vectors, lambda, top);

            chosen.Should().HaveCount(Math.Min(top, count)).And.OnlyHaveUniqueItems();
            for (var n = 0; n < chosen.Length; n++)
            {
                // By the definition, without keeping anything from step to step.
                var before = chosen.Take(n).ToArray();
                double Value(int i) => lambda * relevance[i] - (1 - lambda) * (before.Length == 0 ? 0 : before.Max(j => Cosine(vectors[i].Span, vectors[j].Span)));
                var best = Enumerable.Range(0, count).Except(before).Max(Value);
                Value(chosen[n]).Should().BeApproximately(best, 1e-5);
            }
        }

        static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            double dot = 0, aa = 0, bb = 0;
            for (var i = 0; i < a.Length; i++)
                (dot, aa, bb) = (dot + (double)a[i] * b[i], aa + (double)a[i] * a[i], bb + (double)b[i] * b[i]);
            return dot / Math.Sqrt(aa * bb);
        }
    }

    [Fact]
    public async Task A_generator_that_loses_texts_is_noticed()
    {
        using var embedder = new FakeEmbeddingGenerator { Withhold = 1 };
        var retriever = new DiverseRetriever(new FakeRetriever(("a", 1), ("b", 0.5f)), embedder);

        await retriever.Invoking(r => r.RetrieveAsync("query", 2, new SearchOptions())).Should().ThrowAsync<InvalidOperationException>().WithMessage("*1 embeddings for 2 texts*");
    }
}
