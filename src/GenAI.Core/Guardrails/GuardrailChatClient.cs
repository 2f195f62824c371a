using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Guardrails;

/// <summary>Guards a chat client: what users and tools send to it, and what it replies, also while it streams.</summary>
/// <remarks>
/// <para>Checked are users' texts (<see cref="GuardrailStages.Input"/>), tools' results (<see cref="GuardrailStages.ToolResult"/>), and of the reply its texts, reasoning and refusals
/// (<see cref="GuardrailStages.Output"/>) and the arguments of tool calls (<see cref="GuardrailStages.ToolCall"/>). Put it behind function invocation in the pipeline, next to the model, so that it sees the calls.</para>
/// <para>A reply that is blocked, or whose request is, is <see cref="GuardrailOptions.BlockedText"/> with the finish reason <see cref="ChatFinishReason.ContentFilter"/>; a request that is blocked never
/// reaches the model. While a reply streams, what was released is never taken back and holds no part of what a rule removes; where nothing fires the text is the same, character by character.</para>
/// <para>Raw representations do not pass: they would carry what was removed. Safe for concurrent use if the inner client is.</para>
/// </remarks>
public sealed class GuardrailChatClient : DelegatingChatClient
{
    private readonly GuardrailRunner _runner;
    private readonly MessageGuard _messages;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">The client to guard.</param>
    /// <param name="guardrails">The guardrails, in the order in which their rules apply.</param>
    /// <param name="options">How they are run; the defaults if <see langword="null"/>. Copied.</param>
    public GuardrailChatClient(IChatClient innerClient, IEnumerable<IGuardrail> guardrails, GuardrailOptions? options = null)
        : this(innerClient, guardrails, options, GuardrailStages.All)
    {
    }

    internal GuardrailChatClient(IChatClient innerClient, IEnumerable<IGuardrail> guardrails, GuardrailOptions? options, GuardrailStages stages)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(guardrails);
        _runner = new GuardrailRunner(guardrails, options, stages);
        _messages = new MessageGuard(_runner);
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (await _messages.GuardRequestAsync(messages, cancellationToken).ConfigureAwait(false) is not { } guarded)
            return new ChatResponse(BlockedMessage()) { FinishReason = ChatFinishReason.ContentFilter };

        var response = await base.GetResponseAsync(guarded, options, cancellationToken).ConfigureAwait(false);
        var replies = new List<ChatMessage>(response.Messages.Count);
        var blocked = false;
        foreach (var message in response.Messages)
        {
            var contents = await _messages.GuardReplyAsync(message.Contents, cancellationToken).ConfigureAwait(false);
            blocked |= contents is null;
            if (contents is not null)
                replies.Add(MessageGuard.WithContents(message, contents));
        }

        return new ChatResponse(blocked ? [BlockedMessage()] : replies)
        {
            FinishReason = blocked ? ChatFinishReason.ContentFilter : response.FinishReason,
            ResponseId = response.ResponseId,
            ConversationId = response.ConversationId,
            ModelId = response.ModelId,
            CreatedAt = response.CreatedAt,
            Usage = response.Usage,
            AdditionalProperties = response.AdditionalProperties,
        };
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (await _messages.GuardRequestAsync(messages, cancellationToken).ConfigureAwait(false) is not { } guarded)
        {
            yield return BlockedUpdate(last: null);
            yield break;
        }

        var reply = new ReplyStream(_runner, _messages);
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(guarded, options, cancellationToken).ConfigureAwait(false))
        {
            last = update;
            foreach (var released in await reply.ReadAsync(update, cancellationToken).ConfigureAwait(false))
                yield return released;
            if (reply.IsBlocked)
                break;
        }

        foreach (var released in await reply.CompleteAsync(cancellationToken).ConfigureAwait(false))
            yield return released;
        if (reply.IsBlocked)
            yield return BlockedUpdate(last);
    }

    private ChatMessage BlockedMessage() => new(ChatRole.Assistant, _runner.Options.BlockedText);

    private ChatResponseUpdate BlockedUpdate(ChatResponseUpdate? last) => new(ChatRole.Assistant, _runner.Options.BlockedText)
    {
        FinishReason = ChatFinishReason.ContentFilter,
        ResponseId = last?.ResponseId,
        ConversationId = last?.ConversationId,
        ModelId = last?.ModelId,
    };
}
