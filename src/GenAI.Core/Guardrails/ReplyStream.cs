using Microsoft.Extensions.AI;

namespace GenAI.Core.Guardrails;

/// <summary>
/// Guards a reply that streams: a text of its own for each message and kind of content. What is held back follows with the message's next text, with its finish reason, or at the
/// end; other contents, such as tool calls, do not wait for it, so that no match is missed for standing on both sides of one.
/// </summary>
internal sealed class ReplyStream(GuardrailRunner runner, MessageGuard messages)
{
    private readonly Dictionary<(string? Message, bool IsReasoning), (ReplyGuard Guard, ChatResponseUpdate Update)> _texts = [];

    public bool IsBlocked { get; private set; }

    /// <summary>Reads an update.</summary>
    /// <returns>What may be released now.</returns>
    public async ValueTask<List<ChatResponseUpdate>> ReadAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        var contents = new List<AIContent>();
        foreach (var content in update.Contents)
        {
            if (!IsBlocked)
                await ReadAsync(content, update, contents, cancellationToken).ConfigureAwait(false);
        }

        if (update.FinishReason is not null)
        {
            foreach (var (key, (guard, _)) in _texts)
            {
                if (key.Message == update.MessageId)
                    await CompleteAsync(guard, key.IsReasoning, contents, cancellationToken).ConfigureAwait(false);
            }
        }

        // An update that had contents and lost them all for now says nothing.
        if (contents.Count == 0 && (IsBlocked || (update.Contents.Count > 0 && update.FinishReason is null)))
            return [];
        var released = With(update, contents);
        if (IsBlocked)
            released.FinishReason = null;
        return [released];
    }

    /// <summary>Ends the reply.</summary>
    /// <returns>What was held back and may be released.</returns>
    public async ValueTask<List<ChatResponseUpdate>> CompleteAsync(CancellationToken cancellationToken)
    {
        var released = new List<ChatResponseUpdate>();
        foreach (var ((_, isReasoning), (guard, update)) in _texts)
        {
            var contents = new List<AIContent>();
            await CompleteAsync(guard, isReasoning, contents, cancellationToken).ConfigureAwait(false);
            if (contents.Count > 0)
                released.Add(With(update, contents));
        }

        return released;
    }

    private async ValueTask ReadAsync(AIContent content, ChatResponseUpdate update, List<AIContent> released, CancellationToken cancellationToken)
    {
        if (content is not (TextContent or TextReasoningContent))
        {
            if (await messages.GuardReplyAsync([content], cancellationToken).ConfigureAwait(false) is { } guarded)
                released.AddRange(guarded);
            else
                IsBlocked = true;
            return;
        }

        var (text, isReasoning) = content is TextContent plain ? (plain.Text, false) : (((TextReasoningContent)content).Text, true);
        var key = (update.MessageId, isReasoning);
        var guard = _texts.TryGetValue(key, out var known) ? known.Guard : new ReplyGuard(runner, GuardrailStages.Output);
        _texts[key] = (guard, update);
        Add(released, await guard.ReadAsync(text, cancellationToken).ConfigureAwait(false), isReasoning, content);
        IsBlocked |= guard.IsBlocked;
    }

    private async ValueTask CompleteAsync(ReplyGuard guard, bool isReasoning, List<AIContent> released, CancellationToken cancellationToken)
    {
        if (IsBlocked)
            return;
        Add(released, await guard.CompleteAsync(cancellationToken).ConfigureAwait(false), isReasoning, content: null);
        IsBlocked = guard.IsBlocked;
    }

    private static void Add(List<AIContent> contents, string text, bool isReasoning, AIContent? content)
    {
        if (text.Length == 0)
            return;
        var becomes = Content(text, isReasoning);
        becomes.AdditionalProperties = content?.AdditionalProperties;
        contents.Add(becomes);
    }

    private static AIContent Content(string text, bool isReasoning) => isReasoning ? new TextReasoningContent(text) : new TextContent(text);

    private static ChatResponseUpdate With(ChatResponseUpdate update, IList<AIContent> contents) => new(update.Role, contents)
    {
        AuthorName = update.AuthorName,
        ResponseId = update.ResponseId,
        MessageId = update.MessageId,
        ConversationId = update.ConversationId,
        CreatedAt = update.CreatedAt,
        ModelId = update.ModelId,
        FinishReason = update.FinishReason,
        AdditionalProperties = update.AdditionalProperties,
    };
}
