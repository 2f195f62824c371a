using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>A question with its numbered sources, written out for a model.</summary>
internal sealed class GroundedPrompt
{
    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>The sources; source <c>[n]</c> of the prompt is element <c>n - 1</c>.</summary>
    public required IReadOnlyList<SourcePassage> Sources { get; init; }

    /// <summary>The same for every question, so that a provider can cache it.</summary>
    public required string SystemText { get; init; }

    /// <summary>The sources, then the question.</summary>
    public required string UserText { get; init; }

    /// <summary>The prompt as messages; new ones at each call, because a chat client may change what it is given.</summary>
    public IList<ChatMessage> ToMessages() => [new(ChatRole.System, SystemText), new(ChatRole.User, UserText)];

    public override string ToString() => $"{Sources.Count} sources";
}
