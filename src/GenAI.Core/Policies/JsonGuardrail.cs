using System.Text.Json;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Blocks what is not JSON, or not valid by a schema. It looks at whole texts, so a reply that streams is held until it is complete.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class JsonGuardrail : IWholeTextGuardrail
{
    // Of a text with many mistakes the first say enough.
    private const int MostErrors = 5;

    private readonly JsonSchema? _schema;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="schema">A JSON schema (2020-12); any JSON if <see langword="null"/>. See <see cref="JsonSchema.Parse"/> for what is known of it.</param>
    /// <param name="stages">Where the guardrail holds. The default is what a model wrote.</param>
    /// <exception cref="FormatException">The schema is none, or uses what is not known; the message names the place.</exception>
    public JsonGuardrail(JsonElement? schema = null, GuardrailStages stages = GuardrailStages.Output) =>
        (_schema, Stages) = (schema is { } given ? JsonSchema.Parse(given) : null, stages);

    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Check(text.Text));
    }

    private GuardrailVerdict Check(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            return GuardrailVerdict.Block($"The text is not JSON: line {exception.LineNumber}, byte {exception.BytePositionInLine}.");
        }

        using (document)
        {
            var errors = _schema?.Validate(document.RootElement) ?? [];
            return errors.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Block($"The JSON is not valid: {string.Join("; ", errors.Take(MostErrors))}.");
        }
    }
}
