using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Blocks a text that is written in a language that is not allowed. A text of a few words, or of none, passes, since its language cannot be told.</summary>
/// <remarks>
/// Told apart are the scripts, and where several languages share one, the most frequent words of some thirty. A text in a language that is not among them is in none of the allowed ones only if its script
/// is. It looks at whole texts, so a reply that streams is held until it is complete. Safe for concurrent use.
/// </remarks>
public sealed class LanguageGuardrail : IWholeTextGuardrail
{
    private readonly HashSet<string> _allowed;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="allowed">The languages, by their codes of ISO 639-1, such as <c>en</c>.</param>
    /// <param name="stages">Where the guardrail holds. The default is what users and models write.</param>
    /// <exception cref="ArgumentException">There is none, or one that is not known; the message lists those that are.</exception>
    public LanguageGuardrail(IEnumerable<string> allowed, GuardrailStages stages = GuardrailStages.Input | GuardrailStages.Output)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        _allowed = allowed.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Stages = stages;
        if (_allowed.Count == 0)
            throw new ArgumentException("No language is allowed. Name one at least.", nameof(allowed));
        if (_allowed.FirstOrDefault(code => !LanguageGuess.Known.Contains(code, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new ArgumentException($"The language '{unknown}' is not known. Known are: {string.Join(", ", LanguageGuess.Known)}.", nameof(allowed));
    }

    /// <inheritdoc/>
    public string Name => "language";

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(LanguageGuess.Of(text.Text) is { } language && !_allowed.Contains(language)
            ? GuardrailVerdict.Block($"The text seems to be in the language '{language}'.")
            : GuardrailVerdict.Allow);
    }
}
