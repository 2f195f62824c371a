using GenAI.Core.Embeddings;

namespace GenAI.Core.Answering;

/// <summary>How near the sources of a prompt, and their sentences, are to the question in meaning. For one prompt and one thread.</summary>
/// <remarks>
/// Nearness is 1 for the same text and about 0 for an unrelated one, whatever the model makes of unrelated texts. All sources were found for the question, so near ones
/// are no news: evidence is what stands out from the other sources. The figures were fitted and checked as decision 0042 says.
/// </remarks>
internal sealed class QuestionMeaning
{
    /// <summary>Log-odds for each unit of nearness that a source has more than the others.</summary>
    private const double Weight = 8;

    /// <summary>What meaning can take away at most: what words prove, it does not disprove. The model knows few names and part numbers.</summary>
    private const double MinEvidence = -1;

    /// <summary>What meaning can give at most: by itself, without any word of the question, it proves nothing.</summary>
    private const double MaxEvidence = 3;

    /// <summary>A sentence counts in place of its source, which may treat much else, less this: short texts come near by chance more often than long ones.</summary>
    private const double SentenceDiscount = 0.05;

    /// <summary>How near a source is that was found and does not answer; stands beside the others, so that a lone source is compared with something.</summary>
    private const double Expected = 0.3;

    private readonly StaticEmbeddingGenerator _embedder;
    private readonly float[] _question;
    private readonly float[] _vector;
    private readonly string[] _contexts;
    private readonly double[] _nearness;
    private char[] _buffer = [];

    private QuestionMeaning(StaticEmbeddingGenerator embedder, float[] question, ReadPrompt prompt)
    {
        _embedder = embedder;
        _question = question;
        _vector = new float[question.Length];
        _contexts = [.. prompt.Sources.Select(source => string.Join('\n', [source.Title, .. source.Headings, ""]))];
        _nearness = [.. prompt.Sources.Select((source, rank) => NearnessOf(source.Text, rank))];
    }

    /// <summary>Reads a prompt's sources.</summary>
    /// <returns>Their meaning; null if the question has no token that the model knows.</returns>
    public static QuestionMeaning? Of(StaticEmbeddingGenerator embedder, ReadPrompt prompt)
    {
        var (question, nothing) = (new float[embedder.Dimensions], new float[embedder.Dimensions]);
        embedder.Embed(prompt.Question, question);
        embedder.Embed("", nothing);
        return question.AsSpan().SequenceEqual(nothing) ? null : new QuestionMeaning(embedder, question, prompt);
    }

    /// <summary>How near a whole source is, with what it stands under.</summary>
    public double NearnessOf(int sourceRank) => _nearness[sourceRank];

    /// <summary>How near a text of a source is, with what the source stands under.</summary>
    public double NearnessOf(ReadOnlySpan<char> text, int sourceRank)
    {
        var context = _contexts[sourceRank];
        if (_buffer.Length < context.Length + text.Length)
            _buffer = new char[2 * (context.Length + text.Length)];
        context.CopyTo(_buffer);
        text.CopyTo(_buffer.AsSpan(context.Length));
        _embedder.Embed(_buffer.AsSpan(0, context.Length + text.Length), _vector);
        var unrelated = _embedder.UnrelatedCosine ?? 0;
        return (Cosine(_question, _vector) - unrelated) / (1 - unrelated);
    }

    /// <summary>What meaning adds to the log-odds that a sentence answers.</summary>
    public double EvidenceOf(CandidateSentence sentence)
    {
        var source = _nearness[sentence.SourceRank];
        var others = (_nearness.Sum() - source + Expected) / _nearness.Length;
        var nearness = Math.Max(source, NearnessOf(sentence.Text, sentence.SourceRank) - SentenceDiscount);
        return Math.Clamp(Weight * (nearness - others), MinEvidence, MaxEvidence);
    }

    // Added up in order, so that it is the same on every machine, as the vectors are.
    private static double Cosine(float[] left, float[] right)
    {
        double product = 0, leftSquares = 0, rightSquares = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += (double)left[i] * right[i];
            leftSquares += (double)left[i] * left[i];
            rightSquares += (double)right[i] * right[i];
        }

        return product / Math.Sqrt(leftSquares * rightSquares);
    }
}
