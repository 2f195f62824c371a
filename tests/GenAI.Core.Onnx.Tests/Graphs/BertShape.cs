namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>The size of a BERT network (Devlin et al., "BERT: Pre-training of deep bidirectional transformers", 2019).</summary>
internal sealed record BertShape(int Vocabulary, int Width, int Layers, int Heads, int Inner, int MaxPositions)
{
    /// <summary>Small enough for tests, with everything that a large one has.</summary>
    public static BertShape Small { get; } = new(Vocabulary: TestVocabulary.Size, Width: 32, Layers: 2, Heads: 4, Inner: 64, MaxPositions: 64);

    /// <summary>That of all-MiniLM-L6-v2 and bge-small's little sisters: six layers of 384.</summary>
    public static BertShape MiniLm { get; } = new(Vocabulary: 30_522, Width: 384, Layers: 6, Heads: 12, Inner: 1536, MaxPositions: 512);
}

/// <summary>A dense layer: <c>x W + b</c>, <c>W</c> row by row of inputs.</summary>
internal sealed record Dense(int Inputs, int Outputs, float[] Weights, float[] Bias);

/// <summary>A layer normalisation.</summary>
internal sealed record Norm(float[] Scale, float[] Bias);

/// <summary>One layer of the encoder.</summary>
internal sealed record BertLayer(Dense Query, Dense Key, Dense Value, Dense Output, Norm AttentionNorm, Dense Inner, Dense Outer, Norm OutputNorm);

/// <summary>Seeded random weights, spread so that every layer changes what goes through it.</summary>
internal sealed class BertWeights
{
    private readonly Random _random;

    public BertWeights(BertShape shape, int seed = 17, int labels = 0)
    {
        Shape = shape;
        _random = new Random(seed);
        Words = Uniform(shape.Vocabulary * shape.Width, 1);
        Types = Uniform(2 * shape.Width, 0.5f);
        Positions = Uniform(shape.MaxPositions * shape.Width, 0.5f);
        EmbeddingNorm = NewNorm(shape.Width);
        Layers = [.. Enumerable.Range(0, shape.Layers).Select(_ => new BertLayer(
            NewDense(shape.Width, shape.Width),
            NewDense(shape.Width, shape.Width),
            NewDense(shape.Width, shape.Width),
            NewDense(shape.Width, shape.Width),
            NewNorm(shape.Width),
            NewDense(shape.Width, shape.Inner),
            NewDense(shape.Inner, shape.Width),
            NewNorm(shape.Width)))];
        Pooler = NewDense(shape.Width, shape.Width);
        Classifier = labels == 0 ? null : NewDense(shape.Width, labels);
    }

    public BertShape Shape { get; }

    public float[] Words { get; }

    public float[] Types { get; }

    public float[] Positions { get; }

    public Norm EmbeddingNorm { get; }

    public BertLayer[] Layers { get; }

    public Dense Pooler { get; }

    /// <summary>The head of a cross-encoder or classifier, over the pooled first token.</summary>
    public Dense? Classifier { get; }

    private float[] Uniform(int count, float limit, float center = 0)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = center + limit * (2 * _random.NextSingle() - 1);
        return values;
    }

    private Dense NewDense(int inputs, int outputs) => new(inputs, outputs, Uniform(inputs * outputs, MathF.Sqrt(3f / inputs)), Uniform(outputs, 0.1f));

    private Norm NewNorm(int width) => new(Uniform(width, 0.2f, center: 1), Uniform(width, 0.1f));
}
