using System.Runtime.CompilerServices;
using GenAI.Core.Guardrails;
using Microsoft.Extensions.AI;

namespace GenAI.Core.PersonalData;

/// <summary>
/// Keeps personal data from a model and gives it back in the answer: every message that is sent has names in its place, and in the reply, in its reasoning and in the arguments of tool calls the names
/// become the originals again, also where a name is split over updates of a stream.
/// </summary>
/// <remarks>
/// Each request has a vault of its own, so nothing of one user can come to another; the history that a request carries is named the same within it. With a service that keeps the history itself, give one
/// <see cref="PersonalDataVault"/> for the conversation. Safe for concurrent use if the inner client is.
/// </remarks>
public sealed class PersonalDataVaultChatClient : DelegatingChatClient
{
    private readonly PersonalDataGuardrail _finder;
    private readonly PersonalDataKind[] _kinds;
    private readonly PersonalDataVault? _vault;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">The client that is not to see personal data.</param>
    /// <param name="options">What is looked for; the defaults if <see langword="null"/>. Operators and stages do not count here.</param>
    /// <param name="vault">The vault of the one conversation that this client has; one for each request if <see langword="null"/>.</param>
    public PersonalDataVaultChatClient(IChatClient innerClient, PersonalDataOptions? options = null, PersonalDataVault? vault = null)
        : base(innerClient)
    {
        var looked = new PersonalDataOptions();
        if (options is not null)
        {
            looked.Kinds.Clear();
            looked.Kinds.UnionWith(options.Kinds);
        }

        _finder = new PersonalDataGuardrail(looked);
        _kinds = [.. ((IRuleBased)_finder).Rules.Rules.Select(rule => Enum.Parse<PersonalDataKind>(rule.Name))];
        _vault = vault;
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var vault = _vault ?? new PersonalDataVault();
        var response = await base.GetResponseAsync(await NamedAsync(messages, vault).ConfigureAwait(false), options, cancellationToken).ConfigureAwait(false);
        foreach (var message in response.Messages)
            message.Contents = await MapAsync(message.Contents, vault.Restore).ConfigureAwait(false);
        response.RawRepresentation = null;
        return response;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var vault = _vault ?? new PersonalDataVault();
        var texts = new Dictionary<(string? Message, bool IsReasoning), RuleFilter>();
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(await NamedAsync(messages, vault).ConfigureAwait(false), options, cancellationToken).ConfigureAwait(false))
        {
            last = update;
            var contents = new List<AIContent>();
            foreach (var content in update.Contents)
                contents.Add(await RestoreAsync(content, update.MessageId, vault, texts).ConfigureAwait(false));
            update.Contents = contents;
            update.RawRepresentation = null;
            yield return update;
        }

        foreach (var ((message, isReasoning), filter) in texts)
        {
            if (filter.Complete() is { Length: > 0 } held)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, [isReasoning ? new TextReasoningContent(held) : new TextContent(held)])
                {
                    MessageId = message,
                    ResponseId = last?.ResponseId,
                    ConversationId = last?.ConversationId,
                    ModelId = last?.ModelId,
                };
            }
        }
    }

    private async ValueTask<List<ChatMessage>> NamedAsync(IEnumerable<ChatMessage> messages, PersonalDataVault vault)
    {
        var named = new List<ChatMessage>();
        foreach (var message in messages)
            named.Add(MessageGuard.WithContents(message, await MapAsync(message.Contents, text => Named(text, vault)).ConfigureAwait(false)));
        return named;
    }

    private string Named(string text, PersonalDataVault vault)
    {
        var filter = new RuleFilter(_finder.Set, match => vault.TokenFor(_kinds[match.Rule], match.Text!));
        return filter.Read(text) + filter.Complete();
    }

    private static async ValueTask<IList<AIContent>> MapAsync(IList<AIContent> contents, Func<string, string> map)
    {
        var mapped = new List<AIContent>(contents.Count);
        foreach (var content in contents)
            mapped.Add(await MapAsync(content, map).ConfigureAwait(false));
        return mapped;
    }

    private static async ValueTask<AIContent> MapAsync(AIContent content, Func<string, string> map)
    {
        switch (content)
        {
            case TextContent text:
                return new TextContent(map(text.Text)) { AdditionalProperties = text.AdditionalProperties, Annotations = text.Annotations };
            case TextReasoningContent reasoning:
                return new TextReasoningContent(map(reasoning.Text)) { AdditionalProperties = reasoning.AdditionalProperties, ProtectedData = reasoning.ProtectedData };
            case FunctionCallContent { Arguments: { } arguments } call:
                var (_, named) = await JsonTexts.GuardAsync(arguments, text => ValueTask.FromResult<string?>(map(text))).ConfigureAwait(false);
                return new FunctionCallContent(call.CallId, call.Name, (IDictionary<string, object?>?)named) { Exception = call.Exception, AdditionalProperties = call.AdditionalProperties, InformationalOnly = call.InformationalOnly };
            case FunctionResultContent result:
                var (isOpaque, value) = await JsonTexts.GuardAsync(result.Result, text => ValueTask.FromResult<string?>(map(text))).ConfigureAwait(false);
                return new FunctionResultContent(result.CallId, isOpaque ? map(result.Result!.ToString()!) : value) { Exception = result.Exception, AdditionalProperties = result.AdditionalProperties };
            default:
                return content;
        }
    }

    private static async ValueTask<AIContent> RestoreAsync(AIContent content, string? message, PersonalDataVault vault, Dictionary<(string? Message, bool IsReasoning), RuleFilter> texts)
    {
        if (content is not (TextContent or TextReasoningContent))
            return await MapAsync(content, vault.Restore).ConfigureAwait(false);
        var key = (message, content is TextReasoningContent);
        if (!texts.TryGetValue(key, out var filter))
            texts.Add(key, filter = vault.Restoring());
        return await MapAsync(content, text => filter.Read(text)).ConfigureAwait(false);
    }
}
