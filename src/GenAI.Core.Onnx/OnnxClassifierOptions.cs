namespace GenAI.Core.Onnx;

/// <summary>Options of an <see cref="OnnxTextClassifier"/>. What is not set is read from the model folder.</summary>
public sealed class OnnxClassifierOptions : OnnxModelOptions
{
    /// <summary>What turns the model's values into scores.</summary>
    /// <value>
    /// The default, <see langword="null"/>, is <see cref="ScoreActivation.Sigmoid"/> where <c>config.json</c> says that labels may hold together or where there is
    /// one, and <see cref="ScoreActivation.Softmax"/> otherwise.
    /// </value>
    public ScoreActivation? Activation { get; set; }

    /// <summary>The least score at which a label holds.</summary>
    /// <value>The default is 0.5.</value>
    public float Threshold { get; set; } = 0.5f;

    /// <summary>Thresholds of single labels, by name, in place of <see cref="Threshold"/>.</summary>
    public IDictionary<string, float> LabelThresholds { get; } = new Dictionary<string, float>(StringComparer.Ordinal);

    /// <summary>What happens to a text that has more tokens than the model takes.</summary>
    /// <value>
    /// The default is <see cref="OverlongText.WindowAndAverage"/>, which for a classifier takes the greatest value of each label over the windows: what is looked for may
    /// stand anywhere in a text.
    /// </value>
    public OverlongText OverlongText { get; set; } = OverlongText.WindowAndAverage;
}
