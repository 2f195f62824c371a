namespace GenAI.Core.Embeddings;

/// <summary>A static model in memory, in single precision: what a trainer makes and <see cref="StaticModelFile"/> holds. The vector of a text is the weighted sum of the rows of its tokens, made unit length.</summary>
internal sealed class StaticModel
{
    /// <summary>The model's name, such as <c>genai-core-small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The model's version; another one for other rows.</summary>
    public required string Version { get; init; }

    /// <summary>The tokens of a text; their ids are the rows.</summary>
    public required StaticVocabulary Vocabulary { get; init; }

    /// <summary>How much each token counts; 0 or more.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The components of a row. A vector has one more, before them, which tells a text with tokens from one without: rows of 255 make vectors of 256.</summary>
    public required int RowLength { get; init; }

    /// <summary>The rows, one after the other, each <see cref="RowLength"/> long.</summary>
    public required float[] Rows { get; init; }

    /// <summary>A token that stands n times counts n^(this / 4) times: 4 for each time alike, 0 for once. In quarters, because only square roots are the same on every machine to the last bit.</summary>
    public int CountQuarters { get; init; } = 4;

    /// <summary>The lengths that a vector can be cut to without a training of its own (A. Kusupati et al., "Matryoshka Representation Learning", 2022), the whole one included, in any order.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    /// <summary>Whatever else is to be known: licence, attribution, the model card.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
