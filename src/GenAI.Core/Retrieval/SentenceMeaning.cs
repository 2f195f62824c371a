using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Retrieval;

/// <summary>How much of a query the best sentence of a text explains, as a static model sees it. For one query and one thread.</summary>
internal sealed class SentenceMeaning
{
    // What is shorter is a heading, a label or a lone word, and comes near by chance.
    private const int Shortest = 16;

    // So many sentences of a text are looked at: more than a chunk has.
    private const int Most = 64;

    private readonly StaticEmbeddingGenerator _embedder;
    private readonly ReadOnlyMemory<float> _query;
    private readonly FusionOptions _fusion;
    private readonly float[] _vector;
    private readonly List<TextRange> _sentences = [];
    private char[] _buffer = [];

    /// <param name="embedder">The model.</param>
    /// <param name="query">The query's vector, of that model.</param>
    /// <param name="fusion">Says what cosine unrelated texts have.</param>
    public SentenceMeaning(StaticEmbeddingGenerator embedder, ReadOnlyMemory<float> query, FusionOptions fusion)
    {
        (_embedder, _query, _fusion) = (embedder, query, fusion);
        _vector = new float[query.Length];
    }

    /// <summary>The share of the query that the best sentence explains, with what the text stands under: 0 to 1.</summary>
    /// <param name="content">Title and headings, and the text.</param>
    /// <param name="textStart">Where the text starts.</param>
    public double Of(string content, int textStart)
    {
        _sentences.Clear();
        SentenceSegmenter.Segment(content.AsSpan(textStart), _sentences);
        var (best, looked) = (0.0, 0);
        foreach (var sentence in _sentences)
        {
            if (looked == Most)
                break;
            if (sentence.Length < Shortest && _sentences.Count > 1)
                continue;
            looked++;
            best = Math.Max(best, RankFusion.Explained(CosineWith(content.AsSpan(0, textStart), content.AsSpan(textStart + sentence.Start, sentence.Length)), _fusion));
        }

        return best;
    }

    private float CosineWith(ReadOnlySpan<char> above, ReadOnlySpan<char> sentence)
    {
        if (_buffer.Length < above.Length + sentence.Length)
            _buffer = new char[2 * (above.Length + sentence.Length)];
        above.CopyTo(_buffer);
        sentence.CopyTo(_buffer.AsSpan(above.Length));
        _embedder.Embed(_buffer.AsSpan(0, above.Length + sentence.Length), _vector);
        return CosineKernel.Score(_query.Span, _vector, 1);
    }
}
