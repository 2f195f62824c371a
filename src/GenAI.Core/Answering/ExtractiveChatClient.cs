using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using GenAI.Core.Chunking;
using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>A chat client that needs no model: it answers with sentences of the sources, word for word, or says that they hold no answer.</summary>
/// <remarks>
/// <para>It reads the prompts that <see cref="AnswerPipeline"/> writes, also behind middleware that adds messages. To any other message it replies that it only answers
/// from sources. It matches words and their forms, and with an embedder meanings as well, but never meanings alone.</para>
/// <para>Equal prompts give equal replies, on every machine. Immutable and safe for concurrent use; disposing it does nothing.</para>
/// </remarks>
public sealed class ExtractiveChatClient : IChatClient
{
    private const string ModelId = "extractive";

    private const string NotAPrompt = "I can only answer from sources, and this message holds none. Ask through an AnswerPipeline.";

    private static readonly ChatClientMetadata Metadata = new("genai.core", providerUri: null, ModelId);

    private readonly StaticEmbeddingGenerator? _embedder;

    /// <summary>A client that compares words and their forms.</summary>
    public ExtractiveChatClient()
    {
    }

    /// <summary>A client that compares meanings too: a source that is nearer to the question than the others counts as evidence, and its nearest sentences are preferred.</summary>
    /// <param name="embedder">
    /// Says how near a sentence is, in some microseconds for each sentence of a prompt, which is why it is of this type and no other. It is not disposed of with the client.
    /// The weights were fitted to the model of the package GenAI.Core.Models.Small.
    /// </param>
    public ExtractiveChatClient(StaticEmbeddingGenerator embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        _embedder = embedder;
    }

    /// <summary>Replies to the newest message that holds sources and a question.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">Only <see cref="ChatOptions.MaxOutputTokens"/> is observed: sentences that would exceed it, by estimate, are left out.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The reply, with an estimate of the tokens read and written.</returns>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var conversation = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var reply = string.Concat(Reply(conversation, options, cancellationToken));
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply))
        {
            ModelId = ModelId,
            FinishReason = ChatFinishReason.Stop,
            Usage = UsageOf(conversation, reply),
        });
    }

    /// <summary>Replies sentence by sentence; together the updates say what <see cref="GetResponseAsync"/> says.</summary>
    /// <inheritdoc cref="GetResponseAsync" path="/param"/>
    /// <returns>An update for each sentence, then one with the finish reason and the usage.</returns>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var conversation = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var pieces = Reply(conversation, options, cancellationToken);
        foreach (var piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece) { ModelId = ModelId };
        }

        await Task.CompletedTask.ConfigureAwait(false);
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(UsageOf(conversation, string.Concat(pieces)))])
        {
            ModelId = ModelId,
            FinishReason = ChatFinishReason.Stop,
        };
    }

    /// <summary>This client, or its <see cref="ChatClientMetadata"/>.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }

    private List<string> Reply(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        if (PromptReader.Read(messages) is not { } prompt)
            return [NotAPrompt];

        var pieces = new List<string>();
        var room = options?.MaxOutputTokens ?? int.MaxValue;
        foreach (var sentence in SentenceSelector.Select(prompt, _embedder, cancellationToken))
        {
            var piece = Write(sentence, isFirst: pieces.Count == 0);
            room -= TokenCounter.Estimate.Count(piece);
            if (room < 0)
                break;
            pieces.Add(piece);
        }

        return pieces.Count == 0 ? [PromptFormat.NoEvidenceSentinel] : pieces;
    }

    private static string Write(CandidateSentence sentence, bool isFirst)
    {
        // Numbers in brackets that stand in the document would read as markers of ours.
        var text = MarkerScanner.WithoutMarkers(sentence.Text);
        var marker = string.Create(CultureInfo.InvariantCulture, $" [{sentence.Source.Number}]");
        return sentence.Sentence.Kind switch
        {
            SentenceKind.Prose => (isFirst ? "" : " ") + text + marker,
            SentenceKind.Code => (isFirst ? "`" : "\n`") + text + "`" + marker,
            SentenceKind.ListItem => (isFirst ? "- " : "\n- ") + text + marker,
            _ => (isFirst ? "" : "\n") + text + marker,
        };
    }

    private static UsageDetails UsageOf(IReadOnlyList<ChatMessage> messages, string reply)
    {
        long input = 0;
        foreach (var message in messages)
            input += TokenCounter.Estimate.Count(message.Text);
        var output = TokenCounter.Estimate.Count(reply);
        return new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
    }
}
