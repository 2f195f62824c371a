namespace GenAI.Core.Onnx;

/// <summary>What was decided when an embedding model was loaded, from its files and the options: everything that its vectors depend on.</summary>
/// <remarks>Available from <see cref="OnnxEmbeddingGenerator.Description"/> and, through decorators, by <c>GetService</c>.</remarks>
public sealed record OnnxModelDescription
{
    /// <summary>The name of the model: that of its folder.</summary>
    public required string ModelId { get; init; }

    /// <summary>The graph, a full path.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The number of dimensions of the vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The number of dimensions before <see cref="OnnxEmbeddingOptions.Dimensions"/> shortens them.</summary>
    public required int ModelDimensions { get; init; }

    /// <summary>The most tokens of a text that the model reads, special tokens included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>How tokens become the vector of a text; <see langword="null"/> if the graph does it.</summary>
    public required EmbeddingPooling? Pooling { get; init; }

    /// <summary>Whether the vectors have unit length.</summary>
    public required bool Normalize { get; init; }

    /// <summary>What is put before queries; empty for nothing.</summary>
    public required string QueryPrompt { get; init; }

    /// <summary>What is put before documents; empty for nothing.</summary>
    public required string DocumentPrompt { get; init; }

    /// <summary>What is put before texts of which no purpose is said; empty for nothing.</summary>
    public required string DefaultPrompt { get; init; }

    /// <summary>Whether pooling reads the prompt's tokens too.</summary>
    public required bool PoolsPrompt { get; init; }

    /// <summary>Whether texts are put in lower case before they are cut into tokens.</summary>
    public required bool LowerCase { get; init; }

    /// <summary>Whether padding goes before the tokens.</summary>
    public required bool PadsLeft { get; init; }

    /// <summary>The output that is read.</summary>
    public required string Output { get; init; }

    /// <summary>The provider that the model runs on.</summary>
    public required OnnxExecutionProvider ExecutionProvider { get; init; }

    /// <summary>
    /// 32 hexadecimal digits that stand for the content of the graph, its data and its tokenizer, and for every decision above that a vector depends on:
    /// equal fingerprints mean equal vectors, up to rounding. Where the model runs and in what batches is not part of it.
    /// </summary>
    public required string Fingerprint { get; init; }

    /// <summary>The model and its fingerprint.</summary>
    public override string ToString() => $"{ModelId} {Fingerprint}";
}
