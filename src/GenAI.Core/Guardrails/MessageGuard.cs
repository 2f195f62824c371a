using Microsoft.Extensions.AI;

namespace GenAI.Core.Guardrails;

/// <summary>Guards the contents of messages. What it is given is never changed: whatever differs is a new object.</summary>
internal sealed class MessageGuard(GuardrailRunner runner)
{
    /// <summary>What is sent: users' texts and tools' results.</summary>
    /// <returns>The messages as they may be sent; null if one was blocked.</returns>
    public async ValueTask<List<ChatMessage>?> GuardRequestAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var guarded = new List<ChatMessage>();
        foreach (var message in messages)
        {
            var text = message.Role == ChatRole.User ? GuardrailStages.Input : GuardrailStages.None;
            if (await GuardAsync(message.Contents, text, cancellationToken).ConfigureAwait(false) is not { } contents)
                return null;
            guarded.Add(contents == message.Contents ? message : WithContents(message, contents));
        }

        return guarded;
    }

    /// <summary>What a model replied.</summary>
    /// <returns>The contents as they may be released; null if they are blocked.</returns>
    public ValueTask<IList<AIContent>?> GuardReplyAsync(IList<AIContent> contents, CancellationToken cancellationToken) =>
        GuardAsync(contents, GuardrailStages.Output, cancellationToken);

    /// <summary>A message with other contents. What it was made from, the raw representation, may hold what was removed and does not go along.</summary>
    public static ChatMessage WithContents(ChatMessage message, IList<AIContent> contents) => new(message.Role, contents)
    {
        AuthorName = message.AuthorName,
        CreatedAt = message.CreatedAt,
        MessageId = message.MessageId,
        AdditionalProperties = message.AdditionalProperties,
    };

    /// <summary>The arguments of a call, each text of them checked.</summary>
    /// <returns>The call as it may be made; null if it is blocked.</returns>
    public async ValueTask<FunctionCallContent?> GuardCallAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (call.Arguments is not { } arguments)
            return call;
        var guarded = new Dictionary<string, object?>(arguments.Count);
        var changed = false;
        foreach (var (name, value) in arguments)
        {
            var (isBlocked, becomes) = await JsonTexts.GuardAsync(value, text => runner.RunAsync(text, GuardrailStages.ToolCall, cancellationToken)).ConfigureAwait(false);
            if (isBlocked)
                return null;
            guarded[name] = becomes;
            changed |= !ReferenceEquals(becomes, value);
        }

        return changed
            ? new FunctionCallContent(call.CallId, call.Name, guarded) { Exception = call.Exception, AdditionalProperties = call.AdditionalProperties, InformationalOnly = call.InformationalOnly }
            : call;
    }

    private async ValueTask<IList<AIContent>?> GuardAsync(IList<AIContent> contents, GuardrailStages text, CancellationToken cancellationToken)
    {
        var guarded = new List<AIContent>(contents.Count);
        var changed = false;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is TextContent)
            {
                // Texts that stand side by side are one text: a match may go from one into the next.
                var first = i;
                while (i + 1 < contents.Count && contents[i + 1] is TextContent)
                    i++;
                var joined = string.Concat(contents.Skip(first).Take(i - first + 1).Select(content => ((TextContent)content).Text));
                if (await runner.RunAsync(joined, text, cancellationToken).ConfigureAwait(false) is not { } allowed)
                    return null;
                if (allowed == joined)
                    guarded.AddRange(contents.Skip(first).Take(i - first + 1));
                else
                    guarded.Add(new TextContent(allowed) { AdditionalProperties = contents[first].AdditionalProperties });
                changed |= allowed != joined;
                continue;
            }

            if (await GuardAsync(contents[i], text, cancellationToken).ConfigureAwait(false) is not { } content)
                return null;
            changed |= content != contents[i];
            guarded.Add(content);
        }

        return changed ? guarded : contents;
    }

    private async ValueTask<AIContent?> GuardAsync(AIContent content, GuardrailStages text, CancellationToken cancellationToken)
    {
        switch (content)
        {
            case TextReasoningContent reasoning:
                var allowed = await runner.RunAsync(reasoning.Text, text, cancellationToken).ConfigureAwait(false);
                return allowed is null ? null
                    : allowed == reasoning.Text ? reasoning
                    : new TextReasoningContent(allowed) { AdditionalProperties = reasoning.AdditionalProperties };
            case ErrorContent error:
                var message = await runner.RunAsync(error.Message ?? "", text, cancellationToken).ConfigureAwait(false);
                var details = await runner.RunAsync(error.Details ?? "", text, cancellationToken).ConfigureAwait(false);
                return message is null || details is null ? null
                    : message == (error.Message ?? "") && details == (error.Details ?? "") ? error
                    : new ErrorContent(message) { Details = details, ErrorCode = error.ErrorCode, AdditionalProperties = error.AdditionalProperties };
            case FunctionCallContent call when text == GuardrailStages.Output:
                return await GuardCallAsync(call, cancellationToken).ConfigureAwait(false);
            case FunctionResultContent result:
                var (isBlocked, becomes) = await JsonTexts.GuardAsync(result.Result, value => runner.RunAsync(value, GuardrailStages.ToolResult, cancellationToken)).ConfigureAwait(false);
                return isBlocked ? null
                    : ReferenceEquals(becomes, result.Result) ? result
                    : new FunctionResultContent(result.CallId, becomes) { Exception = result.Exception, AdditionalProperties = result.AdditionalProperties };
            default:
                return content;
        }
    }
}
