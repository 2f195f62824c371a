namespace GenAI.Core.Indexing;

/// <summary>Up to 128 postings of one term: what a search must know of them before it unpacks them.</summary>
internal struct PostingBlock
{
    /// <summary>The most postings in a block.</summary>
    public const int MaxCount = 128;

    /// <summary>The text of the first posting.</summary>
    public int FirstText;

    /// <summary>The text of the last posting.</summary>
    public int LastText;

    /// <summary>Where the packed postings are, in the <see cref="PostingArena"/>; nowhere if there is only one.</summary>
    public int Data;

    /// <summary>The highest frequency in the block; the frequency itself if there is only one posting.</summary>
    public int MaxFrequency;

    /// <summary>The lowest quotient of a text's length and its frequency.</summary>
    public float MinLengthPerFrequency;

    /// <summary>The number of postings.</summary>
    public byte Count;

    /// <summary>The width of a packed distance between texts, in bits.</summary>
    public byte TextBits;

    /// <summary>The width of a packed frequency, in bits.</summary>
    public byte FrequencyBits;

    /// <summary>The size of the memory at <see cref="Data"/>, in units of the arena; 0 if there is none.</summary>
    public byte Units;

    /// <summary>The width of a packed posting, in bits.</summary>
    public readonly int Width => TextBits + FrequencyBits;
}
