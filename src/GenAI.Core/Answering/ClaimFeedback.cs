using System.Text;
using GenAI.Core.Chunking;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Tells a chat client which statements of its answer failed, and asks it again.</summary>
internal static class ClaimFeedback
{
    /// <summary>The tokens that are kept free for it.</summary>
    public const int MaxTokens = 384;

    private const string Beginning = "These statements of your answer could not be verified against the sources:\n";
    private const string End = "Answer the question once more by the same rules. Say only what the sources say, with the numbers, names and words that they have, and leave out what they do not say.";
    private const int MaxStatement = 240;

    /// <summary>The prompt, with the failures behind it.</summary>
    public static IList<ChatMessage> Messages(GroundedPrompt prompt, IReadOnlyList<Claim> failed, TokenCounter counter)
    {
        var messages = prompt.ToMessages();
        messages.Add(new ChatMessage(ChatRole.User, Text(failed, counter)));
        return messages;
    }

    private static string Text(IReadOnlyList<Claim> failed, TokenCounter counter)
    {
        var text = new StringBuilder(Beginning);
        foreach (var claim in failed)
        {
            var line = $"- \"{Cut(claim.Text)}\": {Cut(claim.Failures.Count > 0 ? claim.Failures[0].Reason : "Its words are not in the source.")}\n";
            if (counter.Count(text.ToString() + line + End) > MaxTokens)
                break;
            text.Append(line);
        }

        return text.Append(End).ToString();
    }

    // On one line, and never inside a surrogate pair.
    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= MaxStatement ? line : line[..(char.IsHighSurrogate(line[MaxStatement - 1]) ? MaxStatement - 1 : MaxStatement)] + "...";
    }
}
