using GenAI.Core.Guardrails;

namespace GenAI.Core.Injection;

/// <summary>How an <see cref="InjectionGuardrail"/> decides.</summary>
public sealed class InjectionOptions
{
    /// <summary>From which score on what a user writes is taken for an attack: the logarithm of the odds, as the model sees it, less what keeps false alarms rare.</summary>
    /// <value>The default is 0, where fewer than one in a hundred harmless texts were taken for attacks when the model was made; higher finds less and errs less.</value>
    public float InputThreshold { get; set; }

    /// <summary>The same for a sentence in a document or in a tool's result.</summary>
    /// <value>As for <see cref="InputThreshold"/>.</value>
    public float EvidenceThreshold { get; set; }

    /// <summary>How deep encodings are undone: text in base 64 within text in base 64 is of depth two.</summary>
    /// <value>0 to 5. The default is 3.</value>
    public int MaxDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxDepth));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 5, nameof(MaxDepth));
            field = value;
        }
    } = 3;

    /// <summary>What is done with a tool's result in which sentences are addressed to the model. What a user writes is blocked, and a retrieved chunk left out, in any case.</summary>
    /// <value>The default is to put <c>[instructions removed]</c> in the place of the sentences.</value>
    public RuleAction ToolResultAction { get; set; } = RuleAction.Redact;

    /// <summary>Where the guardrail holds.</summary>
    /// <value>The default is what users write, retrieved chunks and tools' results.</value>
    public GuardrailStages Stages { get; set; } = GuardrailStages.Input | GuardrailStages.Evidence | GuardrailStages.ToolResult;
}
