using System.Runtime.CompilerServices;

namespace GenAI.Core.Ingestion;

/// <summary>The form in which a text is embedded: line ends are <c>\n</c>, and no line ends in white space.</summary>
/// <remarks>
/// Two files that differ in what an editor or a checkout does by itself have the same embeddings. Because this form is what is embedded, an
/// embedding is a function of it, and it makes no difference whose is reused. Unicode normalisation is left alone: embedders differ in it, and the
/// platform's is not the same on every system.
/// </remarks>
internal static class EmbeddedText
{
    /// <summary>The text in that form; the same object if it has it already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string Normalize(string text)
    {
        if (IsNormal(text))
            return text;

        var normal = new char[text.Length];
        var (length, lineEnd) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r' or '\n')
            {
                if (c == '\n' && i > 0 && text[i - 1] == '\r')
                    continue;
                (length, c) = (lineEnd, '\n');
            }

            normal[length++] = c;
            if (c is not (' ' or '\t'))
                lineEnd = length;
        }

        return new string(normal, 0, lineEnd);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsNormal(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal) || text is [.., ' ' or '\t'])
            return false;
        for (var rest = text.AsSpan(); rest.IndexOf('\n') is >= 0 and var at; rest = rest[(at + 1)..])
        {
            if (at > 0 && rest[at - 1] is ' ' or '\t')
                return false;
        }

        return true;
    }
}
