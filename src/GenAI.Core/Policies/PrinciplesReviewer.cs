using System.Globalization;
using System.Text;
using GenAI.Core.Injection;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Policies;

/// <summary>
/// Has a chat client say of each principle whether a reply keeps to it, and revise the reply where it does not, a bounded number of times (Y. Bai et al., Constitutional AI, 2022, at the time of answering).
/// </summary>
/// <remarks>A judge that takes too long, fails, or says something that is no verdict leaves the principle unscorable. Safe for concurrent use if the judge is.</remarks>
public sealed class PrinciplesReviewer
{
    private readonly IChatClient _judge;
    private readonly Principle[] _principles;
    private readonly PrinciplesOptions _options;

    /// <summary>Makes a reviewer.</summary>
    /// <param name="judge">The chat client that judges and revises. Not the guarded client itself, which would review its own reviews.</param>
    /// <param name="principles">The principles, at least one.</param>
    /// <param name="options">How it reviews; the defaults if <see langword="null"/>. Copied.</param>
    /// <exception cref="ArgumentException">There is no principle.</exception>
    public PrinciplesReviewer(IChatClient judge, IEnumerable<Principle> principles, PrinciplesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(judge);
        ArgumentNullException.ThrowIfNull(principles);
        (_judge, _principles, _options) = (judge, [.. principles], options?.Copy() ?? new PrinciplesOptions());
        if (_principles.Length == 0)
            throw new ArgumentException("There is no principle. Give one at least.", nameof(principles));
    }

    /// <summary>Reviews a reply, and revises it while it violates a principle and revisions are left.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="cancellationToken">Stops the review.</param>
    public async Task<PrinciplesReport> ReviewAsync(string reply, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var first = await JudgeAsync(reply, cancellationToken).ConfigureAwait(false);
        var (text, last, revisions) = (reply, first, 0);
        while (revisions < _options.MaxRevisions && last.Any(finding => finding.Verdict == PrincipleVerdict.Violated))
        {
            if (await ReviseAsync(text, last, cancellationToken).ConfigureAwait(false) is not { } revised)
                break;
            revisions++;
            text = revised;
            last = await JudgeAsync(text, cancellationToken).ConfigureAwait(false);
        }

        return new PrinciplesReport { Text = text, Revisions = revisions, First = first, Last = last };
    }

    private async Task<IReadOnlyList<PrincipleFinding>> JudgeAsync(string reply, CancellationToken cancellationToken)
    {
        var fences = new Spotlight();
        var prompt = new StringBuilder("You check whether a reply keeps to principles. For each principle write one line, and nothing else: its number, a colon, KEPT or VIOLATED, a colon, and the reason in one short sentence.\n");
        prompt.Append(fences.Instruction).Append("\n\n");
        for (var i = 0; i < _principles.Length; i++)
            prompt.Append(CultureInfo.InvariantCulture, $"{i + 1}: {_principles[i].Text}\n");
        var said = await AskAsync(prompt.ToString(), fences.Fence(reply), cancellationToken).ConfigureAwait(false);
        return PrincipleLines.Read(said, _principles);
    }

    private async Task<string?> ReviseAsync(string reply, IReadOnlyList<PrincipleFinding> findings, CancellationToken cancellationToken)
    {
        var fences = new Spotlight();
        var prompt = new StringBuilder("Rewrite a reply so that it keeps to all principles, and change nothing else. Write the new reply only.\n");
        prompt.Append(fences.Instruction).Append("\n\nPrinciples:\n");
        foreach (var principle in _principles)
            prompt.Append("- ").Append(principle.Text).Append('\n');
        prompt.Append("\nWhat is wrong:\n");
        foreach (var finding in findings.Where(finding => finding.Verdict == PrincipleVerdict.Violated))
            prompt.Append("- ").Append(finding.Principle.Text).Append(' ').Append(fences.Fence(finding.Reason)).Append('\n');
        var revised = await AskAsync(prompt.ToString(), fences.Fence(reply), cancellationToken).ConfigureAwait(false);
        return string.IsNullOrWhiteSpace(revised) ? null : revised;
    }

    // What the judge says; null if it takes too long or fails.
    private async Task<string?> AskAsync(string instructions, string text, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            var response = await _judge.GetResponseAsync([new ChatMessage(ChatRole.System, instructions), new ChatMessage(ChatRole.User, text)], new ChatOptions { Temperature = 0 }, limit.Token)
                .WaitAsync(limit.Token).ConfigureAwait(false);
            return response.Text;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
