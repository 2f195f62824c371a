using GenAI.Core.Diagnostics;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Verifies the claims of a reply while it is written, and does with each what the policy says.</summary>
/// <remarks>Stands behind an <see cref="AnswerWriter"/>, whose text it never takes back either. One for each reply.</remarks>
internal sealed class VerifiedWriter(AnswerWriter writer, AnswerTexts texts, ClaimVerifier verifier, ClaimPolicy policy, IReadOnlyList<ClaimSource> sources)
{
    private readonly ClaimReader _reader = new();
    private readonly ClaimedText _result = new(policy.MarkText);
    private readonly List<Citation> _citations = [];
    private readonly List<Claim> _claims = [];
    private readonly List<Claim> _failed = [];
    private char[] _text = new char[1024];
    private int _length;
    private int _verified;
    private int _released;
    private int _reported;
    private bool _abstains;

    /// <summary>The claims because of which the client is to be asked again.</summary>
    public IReadOnlyList<Claim> Failed => _failed;

    /// <summary>Reads the next piece of the reply.</summary>
    /// <returns>What may be released now; null if nothing.</returns>
    public async ValueTask<AnswerUpdate?> WriteAsync(string piece, CancellationToken cancellationToken)
    {
        if (writer.Write(piece) is not { } update)
            return null;
        Append(update);
        if (policy.NeedsAll)
            return null;
        if (policy.Changes)
        {
            await VerifyAsync(isWhole: false, cancellationToken).ConfigureAwait(false);
            return Release();
        }

        // Text that nothing becomes of does not wait for a model.
        if (verifier.HasModels)
            return update;
        await VerifyAsync(isWhole: false, cancellationToken).ConfigureAwait(false);
        return new AnswerUpdate { Text = update.Text, Citations = update.Citations, Claims = Report(_claims) };
    }

    /// <summary>Ends the reply.</summary>
    /// <returns>The last update, with the whole answer.</returns>
    public async ValueTask<AnswerUpdate> CompleteAsync(ChatFinishReason? finishReason, UsageDetails? usage, IReadOnlyList<RetrievedChunk> chunks, CancellationToken cancellationToken)
    {
        var last = writer.Complete(finishReason, usage, chunks);
        var answer = last.Answer!;
        if (answer.Status is AnswerStatus.Answered)
        {
            Append(last);
            await VerifyAsync(isWhole: true, cancellationToken).ConfigureAwait(false);
        }

        if (!policy.Changes)
            return new AnswerUpdate { Text = last.Text, Citations = last.Citations, Claims = Report(_claims), Answer = answer.With(answer.Status, answer.Text, answer.Citations, _claims) };
        if (answer.Status is not AnswerStatus.Answered)
            return End(answer, answer.Status);
        if (!_abstains)
            _result.Complete();
        if (_abstains || _result.Length == 0)
            return End(answer, AnswerStatus.NoEvidence);

        var rest = Release();
        Citation[] citations = [.. answer.Citations.Select(_result.Map).OfType<Citation>()];
        var whole = answer.With(AnswerStatus.Answered, _result.Slice(0), citations, _result.Claims);
        return new AnswerUpdate { Text = rest?.Text ?? "", Citations = rest?.Citations ?? [], Claims = rest?.Claims ?? [], Answer = whole };
    }

    private void Append(AnswerUpdate update)
    {
        if (_length + update.Text.Length > _text.Length)
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + update.Text.Length));
        update.Text.CopyTo(_text.AsSpan(_length));
        _length += update.Text.Length;
        _citations.AddRange(update.Citations);
    }

    private async ValueTask VerifyAsync(bool isWhole, CancellationToken cancellationToken)
    {
        while (_reader.Next(_text.AsSpan(0, _length), isWhole) is { } cited)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var claim = await verifier.CheckAsync(cited, sources, cancellationToken).ConfigureAwait(false);
            GenAIDiagnostics.Claimed(claim.Verdict);
            _claims.Add(claim);
            var action = policy.Of(claim.Verdict);
            if (action is ClaimAction.AskAgain)
                _failed.Add(claim);
            _abstains |= action is ClaimAction.Abstain;
            if (policy.Changes)
                _result.Add(cited, claim, new string(_text, _verified, cited.Start - _verified), action);
            _verified = cited.Range.End;
        }
    }

    private AnswerUpdate? Release()
    {
        var citations = new List<Citation>();
        for (var i = 0; i < _citations.Count; i++)
        {
            if (_result.Map(_citations[i]) is not { } citation)
                continue;
            citations.Add(citation);
            _citations.RemoveAt(i--);
        }

        var text = _result.Slice(_released);
        var claims = Report(_result.Claims);
        _released = _result.Length;
        return text.Length == 0 && citations.Count == 0 && claims.Count == 0 ? null : new AnswerUpdate { Text = text, Citations = citations, Claims = claims };
    }

    private List<Claim> Report(List<Claim> claims)
    {
        var fresh = claims[_reported..];
        _reported = claims.Count;
        return fresh;
    }

    /// <summary>Ends with a text of ours, behind what was released.</summary>
    private AnswerUpdate End(Answer answer, AnswerStatus status)
    {
        var notice = status is AnswerStatus.Blocked ? texts.Blocked : texts.NoEvidence;
        var rest = _released == 0 ? notice : "\n\n" + notice;
        var released = _result.Slice(0)[.._released];
        IReadOnlyList<Citation> citations = _released == 0 ? [] : [.. writer.Citations.Select(_result.Map).OfType<Citation>()];
        List<Claim> claims = _released > 0 ? _result.Claims : [.. _claims.Select(claim => claim.With(default, _abstains ? ClaimAction.Abstain : ClaimAction.Drop))];
        return new AnswerUpdate { Text = rest, Claims = _released > 0 ? Report(_result.Claims) : claims, Answer = answer.With(status, released + rest, citations, claims) };
    }
}
