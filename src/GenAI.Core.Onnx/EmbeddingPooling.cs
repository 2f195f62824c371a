namespace GenAI.Core.Onnx;

/// <summary>How the vectors of a text's tokens become the vector of the text. More than one are put side by side, in the order of these values.</summary>
[Flags]
public enum EmbeddingPooling
{
    /// <summary>The vector of the first token, <c>[CLS]</c>.</summary>
    Cls = 1,

    /// <summary>The greatest value of each dimension.</summary>
    Max = 2,

    /// <summary>The mean.</summary>
    Mean = 4,

    /// <summary>The sum, divided by the square root of the number of tokens.</summary>
    MeanSqrtLength = 8,

    /// <summary>The mean with weights 1, 2, 3 ... from the first token to the last (Muennighoff, "SGPT: GPT sentence embeddings for semantic search", 2022).</summary>
    WeightedMean = 16,

    /// <summary>The vector of the last token.</summary>
    LastToken = 32,
}
