namespace GenAI.Core.Ingestion;

/// <summary>Options of an <see cref="IngestionPipeline"/>.</summary>
public sealed class IngestionOptions
{
    /// <summary>How many documents are cut and embedded at once.</summary>
    /// <value>1 or more. The default is the number of processors.</value>
    public int MaxDegreeOfParallelism
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxDegreeOfParallelism));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>The most chunks in one call of the embedding generator. A batch takes in chunks of several documents.</summary>
    /// <value>1 or more. The default is 128.</value>
    public int EmbeddingBatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(EmbeddingBatchSize));
            field = value;
        }
    } = 128;

    /// <summary>The most tokens in one call of the embedding generator; a single chunk above it is sent alone.</summary>
    /// <value>1 or more. The default is 65,536: below the request limit of every hosted model we know.</value>
    public int EmbeddingBatchTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(EmbeddingBatchTokens));
            field = value;
        }
    } = 65_536;
}
