using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Retrieval;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>The arms of offline retrieval over texts: BM25, an embedder, and both fused.</summary>
internal sealed class RetrievalArms : IDisposable
{
    private const int Candidates = 100;
    private readonly KeywordIndex _index = new();
    private readonly IReadOnlyList<string> _texts;
    private readonly Func<string, float[]> _embed;
    private readonly VectorIndex _vectors;

    /// <summary>With the embedder that compares words.</summary>
    public RetrievalArms(RetrievalDataset dataset)
        : this(dataset.Texts, Embed(new LexicalEmbeddingGenerator()))
    {
    }

    /// <param name="texts">What is searched; a text's id is its index.</param>
    /// <param name="embed">The embedder; safe for concurrent calls.</param>
    public RetrievalArms(IReadOnlyList<string> texts, Func<string, float[]> embed)
    {
        (_texts, _embed) = (texts, embed);
        var vectors = texts.AsParallel().AsOrdered().Select(embed).ToArray();
        _vectors = VectorIndex.CreateExact(vectors[0].Length, VectorMetric.Cosine);
        for (var id = 0; id < texts.Count; id++)
        {
            _vectors.Upsert([id], vectors[id]);
            _index.Upsert(id, texts[id]);
        }
    }

    /// <summary>A lexical embedder as a function.</summary>
    public static Func<string, float[]> Embed(LexicalEmbeddingGenerator embedder) => text =>
    {
        var vector = new float[embedder.Dimensions];
        embedder.Embed(text, vector);
        return vector;
    };

    /// <summary>A static embedder as a function, its vectors cut to a length.</summary>
    public static Func<string, float[]> Embed(StaticEmbeddingGenerator embedder, int? dimensions = null) => text =>
    {
        var vector = new float[dimensions ?? embedder.Dimensions];
        embedder.Embed(text, vector);
        return vector;
    };

    public IEnumerable<long> Keywords(string query, RelevanceFeedback? feedback = null) => SearchKeywords(query, feedback).Select(match => match.Id);

    public IEnumerable<long> Vectors(string query) => SearchVectors(query).Select(match => match.Id);

    public IEnumerable<long> Fused(string query, FusionOptions? options = null)
    {
        var results = new FusedMatch[10];
        var count = RankFusion.Fuse(SearchVectors(query), SearchKeywords(query, null), Candidates, results, options);
        return results.Take(count).Select(match => match.Id);
    }

    /// <summary>As a <see cref="CollectionRetriever"/> fuses: with a look at the sentences of the best texts.</summary>
    /// <param name="query">The query.</param>
    /// <param name="embedder">The model that the vectors are of.</param>
    /// <param name="above">The lines that stand above each text: title, or title and heading.</param>
    public IEnumerable<long> Retrieved(string query, StaticEmbeddingGenerator embedder, int above)
    {
        var fusion = DefaultFusion.Of(embedder);
        const int Top = 10;
        var fused = new FusedMatch[SentenceFusion.Depth(Top)];
        var count = RankFusion.Fuse(SearchVectors(query), SearchKeywords(query, null), Candidates, fused, fusion);
        var hits = fused.Take(count).Select(match => new LocalHit<ChunkRecord>(new ChunkRecord { Ordinal = (int)match.Id, Content = _texts[(int)match.Id], TextStart = TextStart(_texts[(int)match.Id], above) }, match.Score, match.Vector, match.Keyword));
        return SentenceFusion.Rank([.. hits], new SentenceMeaning(embedder, _embed(query), fusion), fusion, Top, default).Select(hit => (long)hit.Record.Ordinal);
    }

    public void Dispose()
    {
        _index.Dispose();
        _vectors.Dispose();
    }

    private static int TextStart(string text, int above)
    {
        var start = 0;
        for (var line = 0; line < above; line++)
            start = text.IndexOf('\n', start) + 1;
        return start;
    }

    private KeywordMatch[] SearchKeywords(string query, RelevanceFeedback? feedback)
    {
        var results = new KeywordMatch[Candidates];
        return results[.._index.Search(query, results, new KeywordSearchSettings { Feedback = feedback })];
    }

    private VectorMatch[] SearchVectors(string query)
    {
        var results = new VectorMatch[Candidates];
        return results[.._vectors.Search(_embed(query), results)];
    }
}
