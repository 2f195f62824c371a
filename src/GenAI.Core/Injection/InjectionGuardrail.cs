using GenAI.Core.Guardrails;

namespace GenAI.Core.Injection;

/// <summary>
/// Finds attempts to take over a model: in what a user writes, attacks on its instructions; in retrieved text and in tools' results, sentences that are addressed to it. Texts are read as a reader sees
/// them, without invisible characters and lookalikes, and encodings are undone. Rules find what hardly anybody writes otherwise; two small linear models score the rest.
/// </summary>
/// <remarks>
/// No classifier finds all attacks, and this one knows the common ones: keep what a model may do small, put untrusted text behind fences (<see cref="Spotlight"/>), and guard what leaves by an
/// <see cref="Leaks.ExfiltrationGuardrail"/>. Safe for concurrent use.
/// </remarks>
public sealed class InjectionGuardrail : IGuardrail
{
    private readonly InjectionDetector _detector;
    private readonly RuleAction _toolResultAction;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="options">How it decides; the defaults if <see langword="null"/>. Copied.</param>
    public InjectionGuardrail(InjectionOptions? options = null)
    {
        options ??= new InjectionOptions();
        _detector = new InjectionDetector(InjectionModel.Default, options.InputThreshold, options.EvidenceThreshold, options.MaxDepth);
        (_toolResultAction, Stages) = (options.ToolResultAction, options.Stages);
    }

    /// <inheritdoc/>
    public string Name => "injection";

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Check(text));
    }

    private GuardrailVerdict Check(GuardrailText text)
    {
        var isDirect = (text.Stage & (GuardrailStages.Evidence | GuardrailStages.ToolResult)) == 0;
        var found = isDirect ? _detector.FindDirect(text.Text) : _detector.FindIndirect(text.Text);
        if (found.Count == 0)
            return GuardrailVerdict.Allow;
        GuardrailFinding[] findings = [.. found.Select(finding => new GuardrailFinding(finding.Range, finding.Rule, "[instructions removed]", Probability(finding.Score)))];
        return isDirect ? GuardrailVerdict.Block("The text tries to change what the model was told to do.", findings)
            : _toolResultAction == RuleAction.Block ? GuardrailVerdict.Block("The text holds instructions to the model.", findings)
            : GuardrailVerdict.Replace(findings);
    }

    private static float Probability(float logOdds) => 1 / (1 + MathF.Exp(-logOdds));
}
