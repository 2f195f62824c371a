using GenAI.Core.Chunking;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Blocks what is too long. It looks at whole texts, so a reply that streams is held until it is complete; for replies, the model's own limit of output tokens is better.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class LengthGuardrail : IWholeTextGuardrail
{
    private readonly int _maxCharacters;
    private readonly int _maxTokens;
    private readonly TokenCounter _counter;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="maxCharacters">The most UTF-16 code units; more than 0.</param>
    /// <param name="maxTokens">The most tokens; more than 0.</param>
    /// <param name="counter">Counts tokens; the estimate if <see langword="null"/>.</param>
    /// <param name="stages">Where the guardrail holds. The default is what users write and what tools return.</param>
    public LengthGuardrail(int maxCharacters = int.MaxValue, int maxTokens = int.MaxValue, TokenCounter? counter = null, GuardrailStages stages = GuardrailStages.Input | GuardrailStages.ToolResult)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCharacters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        (_maxCharacters, _maxTokens, _counter, Stages) = (maxCharacters, maxTokens, counter ?? TokenCounter.Estimate, stages);
    }

    /// <inheritdoc/>
    public string Name => "length";

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Text.Length > _maxCharacters)
            return ValueTask.FromResult(GuardrailVerdict.Block($"The text has {text.Text.Length:N0} characters; at most {_maxCharacters:N0} are accepted."));

        // A token has a code unit at least.
        return ValueTask.FromResult(text.Text.Length > _maxTokens && _counter.Count(text.Text) is var tokens && tokens > _maxTokens
            ? GuardrailVerdict.Block($"The text has {tokens:N0} tokens; at most {_maxTokens:N0} are accepted.")
            : GuardrailVerdict.Allow);
    }
}
