namespace GenAI.Core.Verification;

/// <summary>A text that claims are checked against. Source <c>[n]</c> is the n-th of a list, from 1.</summary>
/// <remarks>Immutable. What is found out about the text is kept, so a source that is used again costs less.</remarks>
public sealed class ClaimSource
{
    private readonly Lazy<EvidenceIndex> _index;

    /// <summary>Makes a source.</summary>
    /// <param name="text">Its text; may be empty, and then supports nothing.</param>
    /// <param name="id">What <see cref="ClaimEvidence.DocumentId"/> is to say; <see langword="null"/> for nothing.</param>
    /// <param name="context">What the text is about, such as its title and headings: names in it count as named in the text. <see langword="null"/> for nothing.</param>
    /// <param name="start">Where the text begins in the document that it is of, so that ranges of evidence are ranges of the document. The default is 0.</param>
    public ClaimSource(string text, string? id = null, string? context = null, int start = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        (Text, Id, Context, Start) = (text, id, context, start);
        _index = new Lazy<EvidenceIndex>(() => new EvidenceIndex(Text, Context));
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>What it is known by.</summary>
    public string? Id { get; }

    /// <summary>What the text is about.</summary>
    public string? Context { get; }

    /// <summary>Where the text begins in its document.</summary>
    public int Start { get; }

    internal EvidenceIndex Index => _index.Value;

    /// <summary>The id. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => Id ?? "(no id)";
}
