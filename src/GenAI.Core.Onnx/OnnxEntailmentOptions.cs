namespace GenAI.Core.Onnx;

/// <summary>Options of an <see cref="OnnxEntailmentScorer"/>. What is not set is read from the model folder.</summary>
public sealed class OnnxEntailmentOptions : OnnxModelOptions
{
    /// <summary>The label that says that the premise entails the hypothesis.</summary>
    /// <value>The default, <see langword="null"/>, is the label of <c>config.json</c> that begins with "entail".</value>
    public string? EntailmentLabel { get; set; }

    /// <summary>The label that says that the premise contradicts the hypothesis.</summary>
    /// <value>The default, <see langword="null"/>, is the label of <c>config.json</c> that begins with "contradict"; a model of two labels has none.</value>
    public string? ContradictionLabel { get; set; }
}
