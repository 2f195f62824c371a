namespace GenAI.Core.Onnx;

/// <summary>What turns the raw values of a classification head into scores.</summary>
public enum ScoreActivation
{
    /// <summary>Nothing: the values as they are.</summary>
    None,

    /// <summary>The logistic function of each value by itself: 0 to 1, for labels that may hold together and for single scores.</summary>
    Sigmoid,

    /// <summary>Shares that add up to 1, for labels of which one holds.</summary>
    Softmax,
}
