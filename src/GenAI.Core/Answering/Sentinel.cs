using System.Text;

namespace GenAI.Core.Answering;

/// <summary>Finds <see cref="PromptFormat.NoEvidenceSentinel"/> in a text that grows. Case does not count; it must stand as a word.</summary>
internal static class Sentinel
{
    private const string Value = PromptFormat.NoEvidenceSentinel;

    /// <summary>The index of the sentinel, or -1.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="from">Where to begin; moves behind what needs no second look.</param>
    /// <param name="atEnd">Whether a sentinel that ends the text counts: what follows could still make a longer word of it.</param>
    public static int Find(StringBuilder text, ref int from, bool atEnd)
    {
        for (; from + Value.Length <= text.Length; from++)
        {
            if (!Matches(text, from, Value.Length))
                continue;

            var end = from + Value.Length;
            if (end == text.Length && !atEnd)
                return -1;
            if (end == text.Length || !IsWordCharacter(text[end]))
                return from;
        }

        return -1;
    }

    /// <summary>How many characters at the end of the text could be the beginning of a sentinel, or all of it.</summary>
    public static int PrefixLength(StringBuilder text)
    {
        for (var length = Math.Min(Value.Length, text.Length); length > 0; length--)
        {
            if (Matches(text, text.Length - length, length))
                return length;
        }

        return 0;
    }

    private static bool Matches(StringBuilder text, int start, int length)
    {
        if (start > 0 && IsWordCharacter(text[start - 1]))
            return false;

        for (var i = 0; i < length; i++)
        {
            if (char.ToUpperInvariant(text[start + i]) != Value[i])
                return false;
        }

        return true;
    }

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';
}
