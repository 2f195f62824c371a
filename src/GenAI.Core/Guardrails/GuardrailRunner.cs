using System.Collections.Concurrent;
using System.Text;
using GenAI.Core.Diagnostics;

namespace GenAI.Core.Guardrails;

/// <summary>Runs guardrails on a text: the rules one after the other, then all others at once on what the rules left.</summary>
internal sealed class GuardrailRunner
{
    private readonly RuleGuardrail[] _rules;
    private readonly IGuardrail[] _others;
    private readonly GuardrailOptions _options;

    private readonly ConcurrentDictionary<GuardrailStages, (RuleSet Rules, string[] Guardrails)> _ruleSets = new();
    private readonly GuardrailStages _stages;

    /// <param name="guardrails">The guardrails.</param>
    /// <param name="options">How they are run.</param>
    /// <param name="stages">The stages that count; at others nobody is asked.</param>
    public GuardrailRunner(IEnumerable<IGuardrail> guardrails, GuardrailOptions? options, GuardrailStages stages = GuardrailStages.All)
    {
        _stages = stages;
        var all = guardrails.ToArray();
        _rules = [.. all.OfType<IRuleBased>().Select(guardrail => guardrail.Rules)];
        _others = [.. all.Where(guardrail => guardrail is not IRuleBased)];
        _options = options?.Copy() ?? new GuardrailOptions();
    }

    public GuardrailOptions Options => _options;

    public bool Guards(GuardrailStages stages) => _rules.Any(guardrail => IsAsked(guardrail, stages)) || HasOthers(stages);

    /// <summary>The rules of a stage, for text that streams, as one automaton: made once, since that takes longer than a reply may wait.</summary>
    public (RuleSet Rules, string[] Guardrails) RulesOf(GuardrailStages stage) => _ruleSets.GetOrAdd(stage, MakeRules);

    private (RuleSet Rules, string[] Guardrails) MakeRules(GuardrailStages stage)
    {
        var guardrails = _rules.Where(guardrail => IsAsked(guardrail, stage)).ToArray();
        return (new RuleSet(guardrails.SelectMany(guardrail => guardrail.Rules)), [.. guardrails.SelectMany(guardrail => guardrail.Rules.Select(_ => guardrail.Name))]);
    }

    /// <summary>Whether there is something beside rules at a stage.</summary>
    public bool HasOthers(GuardrailStages stage) => _others.Any(guardrail => IsAsked(guardrail, stage));

    /// <summary>Whether something at a stage has to see whole texts.</summary>
    public bool HasWhole(GuardrailStages stage) => _others.Any(guardrail => guardrail is IWholeTextGuardrail && IsAsked(guardrail, stage));

    /// <summary>Runs all guardrails of a stage.</summary>
    /// <returns>What the text has become; null if it was blocked.</returns>
    public async ValueTask<string?> RunAsync(string text, GuardrailStages stage, CancellationToken cancellationToken)
    {
        foreach (var guardrail in _rules)
        {
            if (!IsAsked(guardrail, stage))
                continue;
            var verdict = await guardrail.CheckAsync(new GuardrailText(text, stage), cancellationToken).ConfigureAwait(false);
            Report(guardrail.Name, stage, verdict, error: null);
            if (verdict.Outcome == GuardrailOutcome.Block)
                return null;
            text = Apply(text, verdict.Findings);
        }

        return await RunOthersAsync(text, stage, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs what is beside rules.</summary>
    public ValueTask<string?> RunOthersAsync(string text, GuardrailStages stage, CancellationToken cancellationToken) =>
        RunOthersAsync(text, stage, guardrail => true, cancellationToken);

    /// <summary>Runs what is beside rules and can decide on a sentence.</summary>
    public ValueTask<string?> RunOnSentenceAsync(string sentence, GuardrailStages stage, CancellationToken cancellationToken) =>
        RunOthersAsync(sentence, stage, guardrail => guardrail is not IWholeTextGuardrail, cancellationToken);

    /// <summary>Runs what has to see whole texts.</summary>
    public ValueTask<string?> RunOnWholeAsync(string text, GuardrailStages stage, CancellationToken cancellationToken) =>
        RunOthersAsync(text, stage, guardrail => guardrail is IWholeTextGuardrail, cancellationToken);

    private async ValueTask<string?> RunOthersAsync(string text, GuardrailStages stage, Func<IGuardrail, bool> isWanted, CancellationToken cancellationToken)
    {
        if (!HasOthers(stage))
            return text;
        var subject = new GuardrailText(text, stage);
        var verdicts = await Task.WhenAll(_others.Where(guardrail => IsAsked(guardrail, stage) && isWanted(guardrail)).Select(guardrail => CheckAsync(guardrail, subject, cancellationToken))).ConfigureAwait(false);
        return verdicts.Any(verdict => verdict.Outcome == GuardrailOutcome.Block)
            ? null
            : Apply(text, [.. verdicts.Where(verdict => verdict.Outcome == GuardrailOutcome.Replace).SelectMany(verdict => verdict.Findings)]);
    }

    /// <summary>Tells of a decision.</summary>
    public void Report(string guardrail, GuardrailStages stage, GuardrailVerdict verdict, Exception? error)
    {
        if (verdict.Outcome == GuardrailOutcome.Allow && error is null)
            return;
        GenAIDiagnostics.Guarded(guardrail, stage.ToString(), error is null ? verdict.Outcome.ToString() : "Failed");
        _options.OnDecision?.Invoke(new GuardrailDecision
        {
            Guardrail = guardrail,
            Stage = stage,
            Outcome = verdict.Outcome,
            Findings = verdict.Findings,
            Reason = verdict.Reason,
            Error = error,
        });
    }

    private bool IsAsked(IGuardrail guardrail, GuardrailStages stages) => (guardrail.Stages & stages & _stages) != 0;

    private async Task<GuardrailVerdict> CheckAsync(IGuardrail guardrail, GuardrailText text, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(_options.Timeout);

            // A guardrail that does not look at its token is not waited for either.
            var verdict = await guardrail.CheckAsync(text, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"The guardrail '{guardrail.Name}' returned null. It must return a verdict.");
            foreach (var finding in verdict.Findings)
            {
                if (finding.Range.End > text.Text.Length)
                    throw new InvalidOperationException($"The guardrail '{guardrail.Name}' found something at {finding.Range}, but the text has {text.Text.Length} characters.");
            }

            Report(guardrail.Name, text.Stage, verdict, error: null);
            return verdict;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var error = exception is OperationCanceledException && limit.IsCancellationRequested
                ? new TimeoutException($"The guardrail '{guardrail.Name}' took longer than {_options.Timeout}.", exception)
                : exception;
            var verdict = _options.OnFailure == GuardrailFailure.Allow ? GuardrailVerdict.Allow : GuardrailVerdict.Block($"The guardrail '{guardrail.Name}' could not decide.");
            Report(guardrail.Name, text.Stage, verdict, error);
            return verdict;
        }
    }

    private static string Apply(string text, IReadOnlyList<GuardrailFinding> findings)
    {
        if (findings.Count == 0)
            return text;
        var result = new StringBuilder(text.Length);
        var (done, rule) = (0, "");
        foreach (var finding in findings.OrderBy(finding => finding.Range.Start).ThenByDescending(finding => finding.Range.End))
        {
            if (finding.Range.End < done || (finding.Range.End == done && finding.Range.Length > 0))
                continue;

            // Overlapping findings of one rule are replaced as one.
            var continues = finding.Range.Start < done && finding.Rule == rule;
            if (finding.Range.Start > done)
                result.Append(text, done, finding.Range.Start - done);
            if (!continues)
                result.Append(finding.Replacement);
            (done, rule) = (finding.Range.End, finding.Rule);
        }

        return result.Append(text, done, text.Length - done).ToString();
    }
}
