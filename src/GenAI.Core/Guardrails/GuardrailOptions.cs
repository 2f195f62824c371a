namespace GenAI.Core.Guardrails;

/// <summary>What happens to a text that a guardrail could not decide on.</summary>
public enum GuardrailFailure
{
    /// <summary>It is blocked.</summary>
    Block,

    /// <summary>It passes, as if this guardrail were not there.</summary>
    Allow,
}

/// <summary>How guardrails are run.</summary>
public sealed class GuardrailOptions
{
    /// <summary>What happens to a text if a guardrail throws or takes longer than <see cref="Timeout"/>. Either way the failure is reported to <see cref="OnDecision"/>.</summary>
    /// <value>The default is <see cref="GuardrailFailure.Block"/>: fail closed.</value>
    public GuardrailFailure OnFailure { get; set; }

    /// <summary>How long a guardrail may take for a text. Rules do not wait for anything and are not measured; the others run in parallel, so a text takes so long at the most.</summary>
    /// <value>More than zero, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. The default is 10 seconds.</value>
    public TimeSpan Timeout
    {
        get;
        set
        {
            if (value != System.Threading.Timeout.InfiniteTimeSpan)
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(Timeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>What stands in place of a reply that is blocked.</summary>
    /// <value>The default says that the reply was withheld.</value>
    public string BlockedText { get; set; } = "The reply was withheld because it does not keep to the rules of this application.";

    /// <summary>Told of every decision but to let a text pass unchanged, while the text waits: it should be fast, and must be safe for concurrent use. What it throws is thrown on.</summary>
    /// <value>The default is nobody.</value>
    public Action<GuardrailDecision>? OnDecision { get; set; }

    internal GuardrailOptions Copy() => (GuardrailOptions)MemberwiseClone();
}
