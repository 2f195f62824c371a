using System.Globalization;

namespace GenAI.Core.Guardrails;

/// <summary>Reads <c>{n}</c>, <c>{n,}</c> and <c>{n,m}</c>.</summary>
internal static class PatternCount
{
    /// <returns>Whether there is a count; if not, the brace stands for itself, as in .NET.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, out int min, out int? max, out int length)
    {
        (min, max, length) = (0, null, 0);
        var end = text.IndexOf('}');
        if (end < 2)
            return false;
        var inside = text[1..end];
        var comma = inside.IndexOf(',');
        if (!TryNumber(comma < 0 ? inside : inside[..comma], out min))
            return false;
        length = end + 1;
        if (comma < 0)
        {
            max = min;
            return true;
        }

        if (comma == inside.Length - 1)
            return true;
        if (!TryNumber(inside[(comma + 1)..], out var most))
            return false;
        max = most;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
