namespace GenAI.Core.Onnx;

/// <summary>Options of an <see cref="OnnxEmbeddingGenerator"/>. What is not set is read from the model folder.</summary>
public sealed class OnnxEmbeddingOptions : OnnxModelOptions
{
    /// <summary>How tokens become the vector of the text.</summary>
    /// <value>The default, <see langword="null"/>, is an output of the graph that is pooled already, else what <c>1_Pooling/config.json</c> says, else the mean.</value>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>Whether vectors get unit length.</summary>
    /// <value>The default, <see langword="null"/>, is whether <c>modules.json</c> has a normalising step; without that file, yes.</value>
    public bool? Normalize { get; set; }

    /// <summary>What is put before a text of purpose <see cref="Embeddings.EmbeddingPurpose.Query"/>; empty for nothing.</summary>
    /// <value>The default, <see langword="null"/>, is what <c>config_sentence_transformers.json</c> says.</value>
    public string? QueryPrompt { get; set; }

    /// <summary>What is put before a text of purpose <see cref="Embeddings.EmbeddingPurpose.Document"/>; empty for nothing.</summary>
    /// <value>The default, <see langword="null"/>, is what <c>config_sentence_transformers.json</c> says.</value>
    public string? DocumentPrompt { get; set; }

    /// <summary>Shortens vectors to this many dimensions, for models that were trained for it (Kusupati et al., "Matryoshka representation learning", 2022).</summary>
    /// <value>1 to the model's. The default, <see langword="null"/>, is all of them. A call may ask for fewer by <c>EmbeddingGenerationOptions.Dimensions</c>.</value>
    public int? Dimensions
    {
        get;
        set
        {
            if (value is { } dimensions)
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions, nameof(Dimensions));
            field = value;
        }
    }

    /// <summary>What happens to a text that has more tokens than the model takes.</summary>
    /// <value>The default is <see cref="OverlongText.Truncate"/>.</value>
    public OverlongText OverlongText { get; set; }
}
