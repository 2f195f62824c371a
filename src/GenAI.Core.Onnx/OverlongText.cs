namespace GenAI.Core.Onnx;

/// <summary>What happens to a text that has more tokens than the model takes.</summary>
public enum OverlongText
{
    /// <summary>What is beyond is left out, and the text is counted in <see cref="OnnxRunStatistics.TruncatedTexts"/>.</summary>
    Truncate,

    /// <summary>An <see cref="ArgumentException"/> that names the text, its tokens and the limit.</summary>
    Throw,

    /// <summary>The text is read in windows that fit, and its vector is the mean of theirs, weighted by tokens and of unit length if the model's vectors are.</summary>
    WindowAndAverage,
}
