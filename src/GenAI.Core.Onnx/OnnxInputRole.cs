namespace GenAI.Core.Onnx;

/// <summary>What an input of a graph takes.</summary>
public enum OnnxInputRole
{
    /// <summary>The ids of the tokens.</summary>
    TokenIds,

    /// <summary>1 for a token, 0 for padding.</summary>
    AttentionMask,

    /// <summary>0 for the first text of a pair, 1 for the second.</summary>
    TokenTypes,

    /// <summary>The place of each token in its text.</summary>
    Positions,
}
