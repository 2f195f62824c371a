using Microsoft.Extensions.AI;

namespace GenAI.Core.Guardrails;

/// <summary>Guards the way from a question to an answer.</summary>
internal sealed class AskGuard
{
    // The request to the chat client is the prompt that was made here, of a question and of chunks that have been guarded.
    private const GuardrailStages OfReplies = GuardrailStages.Output | GuardrailStages.ToolCall | GuardrailStages.ToolResult;

    private readonly IGuardrail[] _guardrails;
    private readonly GuardrailRunner _runner;

    public AskGuard(IEnumerable<IGuardrail> guardrails, GuardrailOptions options)
    {
        _guardrails = [.. guardrails];
        _runner = new GuardrailRunner(_guardrails, options);
    }

    public string BlockedText => _runner.Options.BlockedText;

    /// <summary>The client, guarded where there is something to guard.</summary>
    public IChatClient Wrap(IChatClient client) =>
        _runner.Guards(OfReplies) ? new GuardrailChatClient(client, _guardrails, _runner.Options, OfReplies) : client;

    /// <returns>The question as it may be asked; null if it is blocked, or if nothing was left of it.</returns>
    public async ValueTask<string?> QuestionAsync(string question, CancellationToken cancellationToken)
    {
        var allowed = await _runner.RunAsync(question, GuardrailStages.Input, cancellationToken).ConfigureAwait(false);
        return string.IsNullOrWhiteSpace(allowed) ? null : allowed;
    }

    /// <returns>The chunks in which nothing was found.</returns>
    public async ValueTask<IReadOnlyList<RetrievedChunk>> EvidenceAsync(IReadOnlyList<RetrievedChunk> chunks, CancellationToken cancellationToken)
    {
        if (!_runner.Guards(GuardrailStages.Evidence))
            return chunks;
        var kept = new List<RetrievedChunk>(chunks.Count);
        foreach (var chunk in chunks)
        {
            if (await _runner.RunAsync(chunk.Chunk.Text, GuardrailStages.Evidence, cancellationToken).ConfigureAwait(false) == chunk.Chunk.Text)
                kept.Add(chunk);
        }

        return kept;
    }
}
