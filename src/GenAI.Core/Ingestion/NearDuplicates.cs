namespace GenAI.Core.Ingestion;

/// <summary>How documents that nearly repeat another one are looked for.</summary>
/// <remarks>
/// Compared are the sets of all sequences of three words, without regard to case, accents and punctuation; the similarity of two documents is the share of sequences that
/// both have among those that either has (Jaccard), estimated from sketches of 128 bytes (MinHash, A. Broder 1997) that are stored with the documents. Each new or
/// changed document is compared with all that are stored or came before it; the documents that were stored while this was off are sketched when they are ingested next.
/// </remarks>
public sealed class NearDuplicateOptions
{
    /// <summary>The similarity from which on a document is a near-duplicate.</summary>
    /// <value>From 0.5 to 1. The default is 0.9: one changed word in sixty.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Threshold
    {
        get;
        set
        {
            if (value is not (>= 0.5 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(Threshold), value, $"Threshold is {value}; choose from 0.5 (much in common) to 1 (the same words).");
            field = value;
        }
    } = 0.9;

    /// <summary>Whether near-duplicates are left out instead of only being reported. What was stored of one before is removed.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>A document that is left out is looked at again at each ingestion, and stored once the other one is gone or different.</remarks>
    public bool LeaveOut { get; set; }
}

/// <summary>A document that nearly repeats another one.</summary>
public sealed class NearDuplicate
{
    /// <summary>The document's id.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The id of the most similar document that was there before.</summary>
    public required string OtherDocumentId { get; init; }

    /// <summary>The estimated share of word sequences that both have, from 0 to 1; its standard deviation is below 0.05.</summary>
    public required double Similarity { get; init; }

    /// <summary>Whether it was left out.</summary>
    public required bool WasLeftOut { get; init; }

    /// <summary>Both documents and their similarity.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{DocumentId} repeats {OtherDocumentId} ({Similarity:0.00})");
}
