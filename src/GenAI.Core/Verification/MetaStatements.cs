namespace GenAI.Core.Verification;

/// <summary>Tells sentences that say nothing about the matter: greetings, transitions, and what the sources do not hold.</summary>
internal static class MetaStatements
{
    private static readonly string[] Beginnings =
    [
        "i hope this helps", "hope this helps", "let me know if", "let me know whether", "feel free to", "sure,", "sure!", "of course,", "of course!", "certainly,", "certainly!", "here is ", "here are ", "here's ",
        "based on the sources", "according to the sources", "to summarize", "to summarise", "in summary", "if you have any", "if you need more", "you're welcome", "thank you for", "thanks for",
    ];

    private static readonly string[] Holders = ["the sources", "the source", "the documents", "the provided", "the context", "the given", "none of the sources", "no source", "the text"];

    private static readonly string[] Verbs = ["say", "mention", "contain", "provide", "state", "specify", "hold", "include", "answer", "cover", "describe", "discuss"];

    /// <summary>Whether a sentence without a marker is one.</summary>
    public static bool Is(ReadOnlySpan<char> text, Statement statement)
    {
        if (statement.Quantities.Length == 0 && statement.Dates.Length == 0 && !Array.Exists(statement.Words, word => word.IsContent || word.Is(WordTraits.Code)))
            return true;
        if (statement.Quantities.Length > 0)
            return false;

        // Only short ones: a long sentence with such a beginning goes on to say something.
        if (StartsWithAny(text, Beginnings) && text.Length < 120 && Array.TrueForAll(statement.Words, word => word.Is(WordTraits.First) || !word.Is(WordTraits.Capital | WordTraits.Code)))
            return true;
        return StartsWithAny(text, Holders) && Array.Exists(statement.Words, word => word.Entry.Cue is WordCue.Negation) && HasVerb(text);
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, string[] beginnings)
    {
        foreach (var beginning in beginnings)
        {
            if (text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool HasVerb(ReadOnlySpan<char> text)
    {
        foreach (var verb in Verbs)
        {
            if (text.Contains(verb, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
