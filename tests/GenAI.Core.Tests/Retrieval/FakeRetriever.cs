using GenAI.Core.Retrieval;

namespace GenAI.Core.Tests.Retrieval;

/// <summary>A retriever that finds the given texts with the given scores, in this order.</summary>
internal sealed class FakeRetriever(params (string Text, float Score)[] hits) : IRetriever
{
    /// <summary>How many chunks the last search asked for.</summary>
    public int Asked { get; private set; }

    public Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        Asked = top;
        var found = hits.Take(top).Select((hit, i) => new RetrievedChunk { Chunk = Of(hit.Text), Score = hit.Score, Rank = i + 1, Keyword = new ArmMatch(i + 1, hit.Score) });
        return Task.FromResult<IReadOnlyList<RetrievedChunk>>([.. found]);
    }

    private static Chunk Of(string text) => Chunk.Create(new Document { Id = text, Text = text }, new TextRange(0, text.Length), ordinal: 0);
}

/// <summary>A reranker that does what the test says.</summary>
internal sealed class FakeReranker(Func<string, float> score) : IReranker
{
    public List<string> Texts { get; } = [];

    public int Withhold { get; init; }

    public Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        Texts.AddRange(texts);
        return Task.FromResult<IReadOnlyList<float>>([.. texts.Take(texts.Count - Withhold).Select(score)]);
    }
}
