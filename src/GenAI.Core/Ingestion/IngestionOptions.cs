namespace GenAI.Core.Ingestion;

/// <summary>Options of an <see cref="IngestionPipeline"/>.</summary>
public sealed class IngestionOptions
{
    /// <summary>How many documents are read and cut at once, and how many calls of the embedding generator are under way at once.</summary>
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

    /// <summary>How much may be between reading and writing, in bytes of the documents' files or texts: while a store or an embedding service is slow, no more is read.</summary>
    /// <value>1 or more. The default is 4,194,304. Each document counts 4,096 more; a document above the limit passes alone.</value>
    public long MaxPendingBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxPendingBytes));
            field = value;
        }
    } = 4 << 20;

    /// <summary>
    /// Whether ingesting a folder removes the documents that came from this folder and are not in it any more: deleted and renamed files, and files that the
    /// reader does not read any more. Files that could not be read are not missing.
    /// </summary>
    /// <value>The default is <see langword="false"/>: documents stay until they are removed by name.</value>
    /// <remarks>An empty folder, such as one whose drive is not mounted, removes all of them. A folder is known by its full path.</remarks>
    public bool RemoveMissing { get; set; }

    /// <summary>Whether a file of the same length and the same time of its last write as when it was ingested is taken for unchanged without reading it.</summary>
    /// <value>The default is <see langword="false"/>: files are read and their content is compared, so that no change is missed.</value>
    /// <remarks>Tools that set times back (archives, some synchronisers) hide a change of the same length from it. A file that was written to less than two seconds before it was ingested is read again.</remarks>
    public bool TrustFileTimes { get; set; }

    /// <summary>Looks for documents that nearly repeat another one.</summary>
    /// <value>The default is <see langword="null"/>: nobody looks.</value>
    public NearDuplicateOptions? NearDuplicates { get; set; }
}
