using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>GPT-2's expression, by hand: contractions, runs of letters, of digits and of others with the space before them, white space.</summary>
internal sealed class Gpt2Pattern : TextPattern
{
    public const string Expression = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const byte Other = 0, Letter = 1, Number = 2, Space = 3;

    private static readonly byte[] Classes = Build();

    /// <summary>The end of the piece that begins at <paramref name="start"/>: every text is pieces from end to end.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        var first = text[start];
        if (first == '\'' && Contraction(text[start..]) is var contraction and > 0)
            return start + contraction;

        var kind = Class(text, start, out var units);
        if (kind != Space)
            return Run(text, start + units, kind);

        if (first == ' ' && start + 1 < text.Length && Class(text, start + 1, out units) is var next and not Space)
            return Run(text, start + 1 + units, next);

        var end = start + 1;
        while (end < text.Length && Classes[text[end]] == Space)
            end++;
        // White space before a word leaves its last character to the word.
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        start = from;
        length = from < text.Length ? End(text, from) - from : 0;
        return length > 0;
    }

    private static int Run(ReadOnlySpan<char> text, int end, byte kind)
    {
        while (end < text.Length && Class(text, end, out var units) == kind)
            end += units;
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Class(ReadOnlySpan<char> text, int index, out int units)
    {
        units = 1;
        var unit = text[index];
        if (!char.IsHighSurrogate(unit) || index + 1 >= text.Length)
            return Classes[unit];
        units = 2;
        return Class(char.ConvertToUtf32(unit, text[index + 1]));
    }

    private static byte Class(int codePoint)
    {
        var flags = UnicodeData.Flags(codePoint);
        return (flags & UnicodeData.Letter) != 0 ? Letter : (flags & UnicodeData.Number) != 0 ? Number : (flags & UnicodeData.Whitespace) != 0 ? Space : Other;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
            return 0;
        if (text[1] is 's' or 't' or 'm' or 'd')
            return 2;
        return text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static byte[] Build()
    {
        var classes = new byte[0x10000];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = Class(i);
        return classes;
    }
}
