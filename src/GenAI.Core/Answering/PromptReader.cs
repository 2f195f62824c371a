using System.Globalization;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Answering;

/// <summary>Reads the sources and the question back out of the messages that <see cref="PromptFormat"/> wrote.</summary>
internal static class PromptReader
{
    /// <summary>Finds the newest message that holds a grounded prompt. Text that middleware put around it does not matter.</summary>
    /// <returns>The prompt; null if no message holds one.</returns>
    public static ReadPrompt? Read(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages.Reverse())
        {
            if (Read(message.Text) is { } prompt)
                return prompt;
        }

        return null;
    }

    public static ReadPrompt? Read(string text)
    {
        // The first key line stands in front of every untrusted character.
        const string KeyStart = PromptFormat.Open + PromptFormat.KeyLine + " ";
        var start = text.IndexOf(KeyStart, StringComparison.Ordinal);
        if (start < 0)
            return null;
        start += KeyStart.Length;
        var end = text.IndexOf(PromptFormat.Close, start, StringComparison.Ordinal);
        if (end <= start)
            return null;
        var ending = " " + text[start..end] + PromptFormat.Close;

        string? question = null;
        var sources = new List<ReadSource>();
        var at = end + PromptFormat.Close.Length;
        while (Next(text, ending, ref at) is { } line)
        {
            if (line == PromptFormat.QuestionLine)
                question = Body(text, ending, ref at);
            else if (line.StartsWith(PromptFormat.SourceLine + " ", StringComparison.Ordinal)
                && int.TryParse(line.AsSpan(PromptFormat.SourceLine.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                sources.Add(ReadSource(number, header: Body(text, ending, ref at), body: Body(text, ending, ref at)));
        }

        return question is null ? null : new ReadPrompt(question, sources);
    }

    private static ReadSource ReadSource(int number, string header, string body)
    {
        string? title = null, context = null;
        string[] headings = [];
        for (var rest = header; rest.Length > 0;)
        {
            var end = rest.IndexOf('\n', StringComparison.Ordinal);
            var line = end < 0 ? rest : rest[..end];
            if (line.StartsWith(PromptFormat.TitleLabel, StringComparison.Ordinal))
                title = line[PromptFormat.TitleLabel.Length..];
            else if (line.StartsWith(PromptFormat.SectionLabel, StringComparison.Ordinal))
                headings = line[PromptFormat.SectionLabel.Length..].Split(PromptFormat.HeadingSeparator);
            else if (line.StartsWith(PromptFormat.ContextLabel, StringComparison.Ordinal))
            {
                context = rest[PromptFormat.ContextLabel.Length..];
                break;
            }

            rest = end < 0 ? "" : rest[(end + 1)..];
        }

        return new ReadSource(number, title, headings, context, body);
    }

    /// <summary>The name in the next structure line; <paramref name="at"/> moves behind it.</summary>
    private static string? Next(string text, string ending, ref int at)
    {
        var end = text.IndexOf(ending, at, StringComparison.Ordinal);
        if (end < 0)
            return null;
        var start = text.LastIndexOf(PromptFormat.Open, end, StringComparison.Ordinal);
        at = end + ending.Length;
        return start < 0 ? "" : text[(start + PromptFormat.Open.Length)..end];
    }

    /// <summary>The lines up to the next structure line; <paramref name="at"/> moves behind that.</summary>
    private static string Body(string text, string ending, ref int at)
    {
        var start = at < text.Length && text[at] == '\n' ? at + 1 : at;
        if (Next(text, ending, ref at) is null)
        {
            at = text.Length;
            return "";
        }

        var end = text.LastIndexOf(PromptFormat.Open, at - 1, StringComparison.Ordinal);
        if (end > start && text[end - 1] == '\n')
            end--;
        return text[start..Math.Max(start, end)];
    }
}

/// <summary>A prompt as a chat client reads it.</summary>
internal sealed record ReadPrompt(string Question, IReadOnlyList<ReadSource> Sources)
{
    public override string ToString() => $"{Sources.Count} sources";
}

/// <summary>A source as a chat client reads it.</summary>
internal sealed record ReadSource(int Number, string? Title, IReadOnlyList<string> Headings, string? Context, string Text)
{
    public override string ToString() => $"source {Number}";
}
