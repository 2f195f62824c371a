namespace GenAI.Core.Guardrails;

/// <summary>Decides on texts on their way to a model, from it, and between it and its tools.</summary>
/// <remarks>
/// An implementation is safe for concurrent calls and does not call the model that it guards. What it throws is handled by the caller: by
/// <see cref="GuardrailOptions.OnFailure"/> the text is blocked, or passes, and the failure is reported.
/// </remarks>
public interface IGuardrail
{
    /// <summary>The name, which decisions report.</summary>
    string Name { get; }

    /// <summary>Where it wants to be asked.</summary>
    GuardrailStages Stages { get; }

    /// <summary>Decides on a text.</summary>
    /// <param name="text">The text and where it was met.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>Whether the text passes, passes with stretches replaced, or is blocked.</returns>
    ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default);
}
