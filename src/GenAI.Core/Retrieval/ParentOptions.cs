namespace GenAI.Core.Retrieval;

/// <summary>What a chunk is part of.</summary>
public enum ChunkParent
{
    /// <summary>The section: the chunks of the document under the same headings.</summary>
    Section,

    /// <summary>The whole document.</summary>
    Document,
}

/// <summary>Options of a <see cref="ParentRetriever"/>.</summary>
public sealed class ParentOptions
{
    /// <summary>What each chunk is expanded to.</summary>
    /// <value>The default is <see cref="ChunkParent.Section"/>.</value>
    public ChunkParent Parent { get; set; }

    /// <summary>The most tokens that a parent may have to be taken whole; of a larger one the chunk alone is taken.</summary>
    /// <value>1 or more. The default is 2,048.</value>
    public int MaxTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxTokens));
            field = value;
        }
    } = 2048;
}
