using GenAI.Core.Guardrails;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Policies;

/// <summary>Reviews replies by principles, and puts the revised reply in their place or blocks them: see <see cref="PrinciplesReviewer"/>. A reply that streams is held until it is complete.</summary>
/// <remarks>Safe for concurrent use if the judge is.</remarks>
/// <param name="judge">The chat client that judges and revises.</param>
/// <param name="principles">The principles, at least one.</param>
/// <param name="options">How it reviews; the defaults if <see langword="null"/>. Copied.</param>
public sealed class PrinciplesGuardrail(IChatClient judge, IEnumerable<Principle> principles, PrinciplesOptions? options = null) : IWholeTextGuardrail
{
    private readonly PrinciplesReviewer _reviewer = new(judge, principles, options);
    private readonly PrinciplesOptions _options = options?.Copy() ?? new PrinciplesOptions();

    /// <inheritdoc/>
    public string Name => "principles";

    /// <inheritdoc/>
    public GuardrailStages Stages => GuardrailStages.Output;

    /// <inheritdoc/>
    public async ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text.Text))
            return GuardrailVerdict.Allow;
        var report = await _reviewer.ReviewAsync(text.Text, cancellationToken).ConfigureAwait(false);
        _options.OnReviewed?.Invoke(report);
        var whole = new TextRange(0, text.Text.Length);
        var violated = report.Last.Where(finding => finding.Verdict == PrincipleVerdict.Violated).ToArray();
        var unscorable = report.Last.Where(finding => finding.Verdict == PrincipleVerdict.Unscorable).ToArray();
        if (violated.Length > 0)
            return GuardrailVerdict.Block($"The reply violates: {Names(violated)}.", [.. violated.Select(finding => new GuardrailFinding(whole, finding.Principle.Name, ""))]);
        if (unscorable.Length > 0 && _options.OnUnscorable == GuardrailFailure.Block)
            return GuardrailVerdict.Block($"There is no verdict on: {Names(unscorable)}.", [.. unscorable.Select(finding => new GuardrailFinding(whole, finding.Principle.Name, ""))]);
        return report.Revisions == 0
            ? GuardrailVerdict.Allow
            : GuardrailVerdict.Replace([.. report.First.Where(finding => finding.Verdict == PrincipleVerdict.Violated).Select(finding => new GuardrailFinding(whole, finding.Principle.Name, report.Text))]);
    }

    private static string Names(IEnumerable<PrincipleFinding> findings) => string.Join(", ", findings.Select(finding => finding.Principle.Name));
}
