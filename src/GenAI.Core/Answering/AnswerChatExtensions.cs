using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Answers in the form of Microsoft.Extensions.AI, for code that speaks <see cref="IChatClient"/>.</summary>
public static class AnswerChatExtensions
{
    /// <summary>The key in a <see cref="CitationAnnotation"/>'s additional properties under which the verdict stands: the name of the worst <see cref="ClaimVerdict"/> of the claims that rest on the citation.</summary>
    public const string VerdictProperty = "genai_core.verdict";

    /// <summary>The key under which the lowest <see cref="Claim.Score"/> of these claims stands, a <see cref="double"/>.</summary>
    public const string ScoreProperty = "genai_core.score";

    /// <summary>The answer as a chat response of one assistant message, with a <see cref="CitationAnnotation"/> for each citation.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>
    /// The response. An annotation's <c>FileId</c> is the document's id, its <c>Snippet</c> the quote, its regions what the citation supports, as indexes into the
    /// message's text; <see cref="VerdictProperty"/> and <see cref="ScoreProperty"/> say what became of the claims, where they were verified. The finish reason is <see cref="ChatFinishReason.ContentFilter"/> for a blocked answer, otherwise <see cref="ChatFinishReason.Stop"/>.
    /// </returns>
    public static ChatResponse ToChatResponse(this Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [ToContent(answer.Text, answer.Citations, answer.Claims)]))
        {
            FinishReason = FinishReasonOf(answer),
            Usage = answer.Usage,
        };
    }

    /// <summary>
    /// The updates of an answer as updates of a chat response. Regions of annotations are indexes into the whole message's text. An annotation has a verdict where the verdict comes with its citation:
    /// where text waits for it, see <see cref="Verification.ClaimPolicy"/>.
    /// </summary>
    /// <param name="updates">The updates.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>An update for each that has text or ends the answer; the last one has the finish reason and the usage.</returns>
    public static IAsyncEnumerable<ChatResponseUpdate> ToChatResponseUpdatesAsync(this IAsyncEnumerable<AnswerUpdate> updates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return Stream(updates, cancellationToken);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Stream(IAsyncEnumerable<AnswerUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in updates.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var contents = new List<AIContent>();
            if (update.Text.Length > 0 || update.Citations.Count > 0)
                contents.Add(ToContent(update.Text, update.Citations, update.Claims));
            if (update.Answer?.Usage is { } usage)
                contents.Add(new UsageContent(usage));
            if (contents.Count > 0 || update.Answer is not null)
                yield return new ChatResponseUpdate(ChatRole.Assistant, contents) { FinishReason = update.Answer is { } answer ? FinishReasonOf(answer) : null };
        }
    }

    private static ChatFinishReason FinishReasonOf(Answer answer) =>
        answer.Status == AnswerStatus.Blocked ? ChatFinishReason.ContentFilter : ChatFinishReason.Stop;

    private static TextContent ToContent(string text, IReadOnlyList<Citation> citations, IReadOnlyList<Claim> claims) => new(text)
    {
        Annotations = citations.Count == 0 ? null : [.. citations.Select(citation => ToAnnotation(citation, claims))],
    };

    private static CitationAnnotation ToAnnotation(Citation citation, IReadOnlyList<Claim> claims) => new()
    {
        Title = citation.Title,
        Url = citation.Source,
        FileId = citation.DocumentId,
        Snippet = citation.Quote,
        AnnotatedRegions = [.. citation.AnswerRanges.Select(range => new TextSpanAnnotatedRegion { StartIndex = range.Start, EndIndex = range.End })],
        AdditionalProperties = Verdict(citation, claims),
    };

    private static AdditionalPropertiesDictionary? Verdict(Citation citation, IReadOnlyList<Claim> claims)
    {
        var resting = claims.Where(claim => claim.Sources.Contains(citation.Number) && citation.AnswerRanges.Any(range => range.Overlaps(claim.Range))).ToArray();
        return resting.Length == 0 ? null : new AdditionalPropertiesDictionary
        {
            [VerdictProperty] = resting.Max(claim => claim.Verdict).ToString(),
            [ScoreProperty] = resting.Min(claim => claim.Score),
        };
    }
}
