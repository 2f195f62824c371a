using System.Runtime.CompilerServices;
using GenAI.Core.Chunking;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Answers a question from the chunks that were retrieved for it, and cites the exact characters that support the answer.</summary>
/// <remarks>
/// <para>Assemble context, prompt, generate, cite and verify, answer. Every marker in an answer has a citation whose quote was compared with its range;
/// a marker that names no source is removed, also while streaming.</para>
/// <para>Safe for concurrent use if the chat client is, which Microsoft.Extensions.AI asks of every client. Does not dispose the chat client.</para>
/// </remarks>
public sealed class AnswerPipeline
{
    private const int MinQuestionAndSourceTokens = 128;

    private readonly IChatClient _chatClient;
    private readonly ContextAssembler _assembler;
    private readonly AnswerTexts _texts;
    private readonly TokenCounter _counter;
    private readonly int _maxContextTokens;
    private readonly int _maxAnswerTokens;
    private readonly VerifiedAnswers? _claims;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="chatClient">What writes the answers; <see cref="ExtractiveChatClient"/> needs no model.</param>
    /// <param name="options">How to prompt and what to accept; the defaults if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The instructions and the answer leave no room for sources in <see cref="AnswerOptions.MaxContextTokens"/>.</exception>
    public AnswerPipeline(IChatClient chatClient, AnswerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chatClient);
        options ??= new AnswerOptions();
        if (Problem(options) is { } problem)
            throw new ArgumentException(problem, nameof(options));

        var format = new PromptFormat(options.Instructions, options.FenceSecret);
        _chatClient = chatClient;
        _assembler = new ContextAssembler(format, options.Counter);
        _texts = new AnswerTexts(options.NoEvidenceText, options.BlockedText, options.RequireCitations);
        _counter = options.Counter;
        _maxContextTokens = options.MaxContextTokens;
        _maxAnswerTokens = options.MaxAnswerTokens;
        _claims = options.Claims is null ? null : new VerifiedAnswers(options.Claims);
    }

    /// <summary>Answers <paramref name="question"/>.</summary>
    /// <param name="question">The question; not empty.</param>
    /// <param name="chunks">What was retrieved for it, best first. Without any the answer is <see cref="AnswerStatus.NoEvidence"/> and the chat client is not called.</param>
    /// <param name="options">Options of this question; only <see cref="AskOptions.Chat"/> and <see cref="AskOptions.Claims"/> are used here, and they are not changed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>
    /// The answer. It is <see cref="AnswerStatus.NoEvidence"/> too if the model says so, replies nothing, or cites no source although
    /// <see cref="AnswerOptions.RequireCitations"/> is set; <see cref="AnswerStatus.Blocked"/> if the chat client's content filter stopped it.
    /// </returns>
    /// <exception cref="ArgumentException">The question is empty, or too long to leave room for a source.</exception>
    /// <remarks>What the chat client throws is not caught.</remarks>
    public async Task<Answer> AnswerAsync(string question, IReadOnlyList<RetrievedChunk> chunks, AskOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var chat = RequestOptions(options);
        var claims = ClaimsOf(options);
        if (Assemble(question, chunks, chat, claims) is not { } prompt)
            return NoEvidence(chunks);

        var messages = prompt.ToMessages();
        UsageDetails? usage = null;
        for (var retries = 0; ; retries++)
        {
            var response = await _chatClient.GetResponseAsync(messages, chat, cancellationToken).ConfigureAwait(false);
            if (response.Usage is { } spent)
                (usage ??= new UsageDetails()).Add(spent);
            var writer = new AnswerWriter(prompt, _texts);
            var isBlocked = response.FinishReason == ChatFinishReason.ContentFilter;
            if (claims is null)
            {
                if (!isBlocked)
                    writer.Write(response.Text);
                return writer.Answer(response.FinishReason, usage, chunks);
            }

            var verified = claims.Writer(writer, _texts, prompt);
            if (!isBlocked)
                await verified.WriteAsync(response.Text, cancellationToken).ConfigureAwait(false);
            var last = await verified.CompleteAsync(response.FinishReason, usage, chunks, cancellationToken).ConfigureAwait(false);
            if (verified.Failed.Count == 0 || retries == claims.Policy.MaxRetries)
                return last.Answer!;
            messages = ClaimFeedback.Messages(prompt, verified.Failed, _counter);
        }
    }

    /// <summary>Answers <paramref name="question"/> piece by piece.</summary>
    /// <returns>
    /// The pieces; the last one carries the whole <see cref="Answer"/>, equal to what <see cref="AnswerAsync"/> makes of the same reply. Nothing released is taken back:
    /// if the content filter stops the chat client midway, the notice follows what was released.
    /// </returns>
    /// <inheritdoc cref="AnswerAsync" path="/param"/>
    /// <inheritdoc cref="AnswerAsync" path="/exception"/>
    /// <remarks>What the chat client throws is not caught, and no last piece comes then.</remarks>
    public IAsyncEnumerable<AnswerUpdate> AnswerStreamingAsync(string question, IReadOnlyList<RetrievedChunk> chunks, AskOptions? options = null, CancellationToken cancellationToken = default)
    {
        // Outside the iterator, so that a mistake shows at the call and not at the first piece.
        var chat = RequestOptions(options);
        var claims = ClaimsOf(options);
        return Stream(Assemble(question, chunks, chat, claims), chunks, chat, claims, cancellationToken);
    }

    private async IAsyncEnumerable<AnswerUpdate> Stream(GroundedPrompt? prompt, IReadOnlyList<RetrievedChunk> chunks, ChatOptions chat, VerifiedAnswers? claims, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (prompt is null)
        {
            yield return new AnswerUpdate { Text = _texts.NoEvidence, Answer = NoEvidence(chunks) };
            yield break;
        }

        var messages = prompt.ToMessages();
        UsageDetails? usage = null;
        for (var retries = 0; ; retries++)
        {
            var writer = new AnswerWriter(prompt, _texts);
            var verified = claims?.Writer(writer, _texts, prompt);
            ChatFinishReason? finishReason = null;
            await foreach (var update in _chatClient.GetStreamingResponseAsync(messages, chat, cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                finishReason = update.FinishReason ?? finishReason;
                foreach (var spent in update.Contents.OfType<UsageContent>())
                    (usage ??= new UsageDetails()).Add(spent.Details);
                if (finishReason == ChatFinishReason.ContentFilter)
                    continue;
                var released = verified is null ? writer.Write(update.Text) : await verified.WriteAsync(update.Text, cancellationToken).ConfigureAwait(false);
                if (released is not null)
                    yield return released;
            }

            var last = verified is null
                ? writer.Complete(finishReason, usage, chunks)
                : await verified.CompleteAsync(finishReason, usage, chunks, cancellationToken).ConfigureAwait(false);

            // Nothing was released yet where the client may be asked again.
            if (verified is null || verified.Failed.Count == 0 || retries == claims!.Policy.MaxRetries)
            {
                yield return last;
                yield break;
            }

            messages = ClaimFeedback.Messages(prompt, verified.Failed, _counter);
        }
    }

    /// <summary>What is wrong with the options, and the remedy; null if nothing is.</summary>
    internal static string? Problem(AnswerOptions options)
    {
        if (options.Claims?.Verifier.Problem() is { } problem)
            return problem;
        var instructions = options.Counter.Count(new PromptFormat(options.Instructions, options.FenceSecret).SystemText);
        return options.MaxContextTokens - options.MaxAnswerTokens - instructions < MinQuestionAndSourceTokens
            ? $"A context of {options.MaxContextTokens} tokens has no room for sources: the answer takes {options.MaxAnswerTokens} and the instructions {instructions}, and a question with a source needs {MinQuestionAndSourceTokens}. Raise {nameof(AnswerOptions.MaxContextTokens)} or lower {nameof(AnswerOptions.MaxAnswerTokens)}."
            : null;
    }

    private GroundedPrompt? Assemble(string question, IReadOnlyList<RetrievedChunk> chunks, ChatOptions chat, VerifiedAnswers? claims)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(question);
        ArgumentNullException.ThrowIfNull(chunks);
        if (chunks.Count == 0)
            return null;

        var budget = _maxContextTokens - Math.Max(_maxAnswerTokens, chat.MaxOutputTokens ?? 0);
        if (!string.IsNullOrEmpty(chat.Instructions))
            budget -= _counter.Count(chat.Instructions);
        if (claims is { Policy.MayAskAgain: true })
            budget -= ClaimFeedback.MaxTokens;
        return _assembler.Assemble(question, chunks, budget);
    }

    private VerifiedAnswers? ClaimsOf(AskOptions? options) => options?.Claims is { } own ? new VerifiedAnswers(own) : _claims;

    private ChatOptions RequestOptions(AskOptions? options)
    {
        var chat = options?.Chat?.Clone() ?? new ChatOptions();
        chat.Temperature ??= 0;
        chat.MaxOutputTokens ??= _maxAnswerTokens;
        return chat;
    }

    private Answer NoEvidence(IReadOnlyList<RetrievedChunk> chunks) => new() { Status = AnswerStatus.NoEvidence, Text = _texts.NoEvidence, Sources = chunks };
}
