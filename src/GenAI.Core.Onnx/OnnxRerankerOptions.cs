namespace GenAI.Core.Onnx;

/// <summary>Options of an <see cref="OnnxReranker"/>. What is not set is read from the model folder.</summary>
public sealed class OnnxRerankerOptions : OnnxModelOptions
{
    /// <summary>What turns the model's value into the score.</summary>
    /// <value>
    /// The default, <see langword="null"/>, is what <c>config.json</c> names for cross-encoders, else <see cref="ScoreActivation.Sigmoid"/> for a model with one
    /// value and <see cref="ScoreActivation.Softmax"/> for one with two, of which the second is the score.
    /// </value>
    public ScoreActivation? Activation { get; set; }
}
