namespace GenAI.Core.Training;

/// <summary>What came of a training.</summary>
public sealed class StaticEmbeddingTrainingResult
{
    /// <summary>The model file.</summary>
    public required string Path { get; init; }

    /// <summary>The number of tokens that have vectors: words, pieces and buckets.</summary>
    public required int Tokens { get; init; }

    /// <summary>The number of pairs trained on.</summary>
    public required int Pairs { get; init; }

    /// <summary>How many pairs were left out because a side has no word but stop words.</summary>
    public required int PairsWithoutWords { get; init; }

    /// <summary>The step whose model was written: that of the best validation, or the last.</summary>
    public required int BestStep { get; init; }

    /// <summary>nDCG@10 of the validation pairs with the vectors as they are in the file, at 8 bits; <see langword="null"/> if there are no such pairs.</summary>
    public required double? WrittenGain { get; init; }

    /// <summary>Loss and validation over the steps, the state before the first step included.</summary>
    public required IReadOnlyList<StaticEmbeddingTrainingProgress> Curve { get; init; }
}
