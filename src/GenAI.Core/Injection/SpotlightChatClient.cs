using System.Text.Json;
using System.Text.Json.Nodes;
using GenAI.Core.Guardrails;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Injection;

/// <summary>Puts fences around what tools returned before a model reads it, with new names for each request, and tells the model what they mean: see <see cref="Spotlight"/>.</summary>
/// <remarks>Safe for concurrent use if the inner client is.</remarks>
/// <param name="innerClient">The client.</param>
/// <param name="mark">What stands in the place of every blank of a result; nothing if <see langword="null"/>.</param>
public sealed class SpotlightChatClient(IChatClient innerClient, char? mark = null) : DelegatingChatClient(innerClient)
{
    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await base.GetResponseAsync(Fenced(messages), options, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(Fenced(messages), options, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    private List<ChatMessage> Fenced(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var spotlight = new Spotlight(mark);
        var fenced = new List<ChatMessage>();
        var any = false;
        foreach (var message in messages)
        {
            var contents = new List<AIContent>(message.Contents.Count);
            foreach (var content in message.Contents)
                contents.Add(content is FunctionResultContent result ? Fenced(result, spotlight) : content);
            any |= message.Contents.Any(content => content is FunctionResultContent);
            fenced.Add(message.Contents.Any(content => content is FunctionResultContent) ? MessageGuard.WithContents(message, contents) : message);
        }

        if (any)
            fenced.Insert(0, new ChatMessage(ChatRole.System, spotlight.Instruction));
        return fenced;
    }

    private static FunctionResultContent Fenced(FunctionResultContent result, Spotlight spotlight)
    {
        var text = result.Result switch
        {
            null => null,
            string said => said,
            JsonElement element => element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText(),
            JsonNode node => node.ToJsonString(),
            var other => other.ToString(),
        };
        return text is null ? result : new FunctionResultContent(result.CallId, spotlight.Fence(text)) { Exception = result.Exception, AdditionalProperties = result.AdditionalProperties };
    }
}
