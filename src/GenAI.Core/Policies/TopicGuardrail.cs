using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Blocks a text that is about a denied topic, or about none of the required ones. It looks at whole texts, so a reply that streams is held until it is complete.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="denied">The topics that are not spoken of.</param>
/// <param name="required">The topics of which a text must be about one; none if it may be about anything.</param>
/// <param name="stages">Where the guardrail holds. The default is what users write.</param>
public sealed class TopicGuardrail(IEnumerable<Topic> denied, IEnumerable<Topic>? required = null, GuardrailStages stages = GuardrailStages.Input) : IWholeTextGuardrail
{
    private readonly Topic[] _denied = [.. denied ?? throw new ArgumentNullException(nameof(denied))];
    private readonly Topic[] _required = [.. required ?? []];

    /// <inheritdoc/>
    public string Name => "topics";

    /// <inheritdoc/>
    public GuardrailStages Stages => stages;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var topic in _denied)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (topic.Find(text.Text) is { Count: > 0 } found)
                return ValueTask.FromResult(GuardrailVerdict.Block($"The text is about '{topic.Name}'.", [.. found.Select(range => new GuardrailFinding(range, topic.Name, ""))]));
        }

        return ValueTask.FromResult(_required.Length == 0 || _required.Any(topic => topic.Find(text.Text).Count > 0)
            ? GuardrailVerdict.Allow
            : GuardrailVerdict.Block($"The text is about none of: {string.Join(", ", _required.Select(topic => topic.Name))}."));
    }
}
