using System.Text;
using GenAI.Core.Text;

namespace GenAI.Core.Guardrails;

/// <summary>
/// Guards one stream of text of a reply: rules hold back the shortest suffix that could still be a match; other guardrails are asked about each sentence when it is complete, and
/// a sentence waits for them. What is released is never taken back.
/// </summary>
internal sealed class ReplyGuard(GuardrailRunner runner, GuardrailStages stage)
{
    private readonly (RuleSet Rules, string[] Guardrails) _rules = runner.RulesOf(stage);
    private readonly bool _bySentence = runner.HasOthers(stage);
    private readonly bool _asWhole = runner.HasWhole(stage);
    private readonly StringBuilder _sentences = new();
    private readonly StringBuilder _whole = new();
    private readonly List<TextRange> _ranges = [];
    private RuleFilter? _filter;
    private int _reported;

    /// <summary>Whether something forbids the reply; nothing is released from then on.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Reads the next piece.</summary>
    /// <returns>What may be released now.</returns>
    public ValueTask<string> ReadAsync(string piece, CancellationToken cancellationToken)
    {
        _filter ??= new RuleFilter(_rules.Rules);
        return GuardAsync(_filter.Read(piece), isComplete: false, cancellationToken);
    }

    /// <summary>Ends the text; another may follow, which no match goes over into.</summary>
    /// <returns>What was held back and may be released.</returns>
    public async ValueTask<string> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filter is null)
            return "";
        var released = await GuardAsync(_filter.Complete(), isComplete: true, cancellationToken).ConfigureAwait(false);
        (_filter, _reported) = (null, 0);
        if (!_asWhole || IsBlocked)
            return released;
        var whole = await runner.RunOnWholeAsync(_whole.ToString(), stage, cancellationToken).ConfigureAwait(false);
        _whole.Clear();
        IsBlocked = whole is null;
        return whole ?? "";
    }

    private async ValueTask<string> GuardAsync(string text, bool isComplete, CancellationToken cancellationToken)
    {
        if (IsBlocked)
            return "";
        Report();
        if (!_bySentence)
        {
            IsBlocked = _filter!.Blocked is not null;
            return text;
        }

        _sentences.Append(text);
        var released = await TakeSentencesAsync(isComplete, cancellationToken).ConfigureAwait(false);
        IsBlocked |= _filter!.Blocked is not null;
        if (!_asWhole)
            return released;

        // Nothing of a text goes before all of it was seen.
        _whole.Append(released);
        return "";
    }

    // A sentence is complete when the next one has begun.
    private async ValueTask<string> TakeSentencesAsync(bool isComplete, CancellationToken cancellationToken)
    {
        var text = _sentences.ToString();
        _ranges.Clear();
        SentenceSegmenter.Segment(text, _ranges);
        var released = new StringBuilder();
        var done = 0;
        for (var i = 0; i < _ranges.Count - (isComplete ? 0 : 1); i++)
        {
            // With the white space before the next one.
            var end = i + 1 < _ranges.Count ? _ranges[i + 1].Start : text.Length;
            if (await runner.RunOnSentenceAsync(text[done..end], stage, cancellationToken).ConfigureAwait(false) is not { } allowed)
            {
                IsBlocked = true;
                break;
            }

            released.Append(allowed);
            done = end;
        }

        if (isComplete && _ranges.Count == 0 && !IsBlocked)
        {
            released.Append(text);
            done = text.Length;
        }

        _sentences.Remove(0, done);
        return released.ToString();
    }

    private void Report()
    {
        for (; _reported < _filter!.Matches.Count; _reported++)
            Report(_filter.Matches[_reported], isBlocked: false);
        if (_filter.Blocked is { } blocked)
            Report(blocked, isBlocked: true);
    }

    private void Report(RuleMatch match, bool isBlocked)
    {
        var rule = _rules.Rules[match.Rule];
        var finding = new GuardrailFinding(TextRange.FromBounds((int)match.Start, (int)match.End), rule.Name, rule.ReplacementFor(match.Text));
        var verdict = isBlocked ? GuardrailVerdict.Block($"The text matches the rule '{rule.Name}'.", [finding]) : GuardrailVerdict.Replace([finding]);
        runner.Report(_rules.Guardrails[match.Rule], stage, verdict, error: null);
    }
}
