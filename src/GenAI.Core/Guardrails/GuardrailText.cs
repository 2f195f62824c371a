namespace GenAI.Core.Guardrails;

/// <summary>A text to be checked, and where it was met.</summary>
/// <param name="text">The text; a sentence of it while a model's output streams.</param>
/// <param name="stage">Where it was met: one stage.</param>
public sealed class GuardrailText(string text, GuardrailStages stage)
{
    /// <summary>The text.</summary>
    public string Text { get; } = text ?? throw new ArgumentNullException(nameof(text));

    /// <summary>Where it was met: one stage.</summary>
    public GuardrailStages Stage { get; } = stage;

    /// <summary>The stage. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => Stage.ToString();
}
