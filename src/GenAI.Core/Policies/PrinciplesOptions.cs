using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>How replies are reviewed by principles.</summary>
public sealed class PrinciplesOptions
{
    /// <summary>How often a reply is revised and reviewed again before it is given up.</summary>
    /// <value>0 to 10. The default is 2; with 0 it is reviewed only.</value>
    public int MaxRevisions
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxRevisions));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10, nameof(MaxRevisions));
            field = value;
        }
    } = 2;

    /// <summary>How long the judge may take for a review, and for a revision.</summary>
    /// <value>The default is 20 seconds. Where the review runs as a guardrail, <see cref="GuardrailOptions.Timeout"/> must leave room for all of them.</value>
    public TimeSpan Timeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(Timeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(20);

    /// <summary>What happens to a reply that violates nothing but of which some principle has no verdict.</summary>
    /// <value>The default is <see cref="GuardrailFailure.Block"/>.</value>
    public GuardrailFailure OnUnscorable { get; set; }

    /// <summary>Told of every review that a guardrail makes. It must be safe for concurrent use and fast.</summary>
    public Action<PrinciplesReport>? OnReviewed { get; set; }

    internal PrinciplesOptions Copy() => (PrinciplesOptions)MemberwiseClone();
}
