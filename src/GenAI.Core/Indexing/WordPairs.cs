using GenAI.Core.Text;

namespace GenAI.Core.Indexing;

/// <summary>Cuts runs of scripts without spaces between words into overlapping pairs of characters.</summary>
/// <remarks>
/// Pairs find words of two or more characters wherever they stand, without a dictionary. Han characters, most of which mean
/// something alone, are added one by one too: for Chinese, pairs and single characters together are known to rank better than either
/// (J.-Y. Nie et al., "On the use of words and n-grams for Chinese information retrieval", 2000). A character carries its marks.
/// </remarks>
internal static class WordPairs
{
    public static void Add<TSink>(ReadOnlySpan<char> run, WordKind kind, Span<char> buffer, ref TSink sink)
        where TSink : struct, ITermSink
    {
        int previous = 0, start = 0;
        while (start < run.Length)
        {
            var end = EndOfCharacter(run, start);
            var isAlone = start == 0 && end == run.Length;
            if (isAlone || kind == WordKind.Ideographic && IsHan(run, start))
                AddTerm(run[start..end], buffer, ref sink);
            if (start > 0)
                AddTerm(run[previous..end], buffer, ref sink);
            previous = start;
            start = end;
        }
    }

    private static void AddTerm<TSink>(ReadOnlySpan<char> characters, Span<char> buffer, ref TSink sink)
        where TSink : struct, ITermSink
    {
        // A character with more marks than the buffer holds is no writing system's; the rest is noise.
        characters = characters[..Math.Min(characters.Length, WordEnumerator.MaxLength)];
        var length = TextFolding.Fold(characters, buffer);
        if (length > 0)
            sink.Add(buffer[..length]);
    }

    private static int EndOfCharacter(ReadOnlySpan<char> run, int start)
    {
        var end = start + WidthAt(run, start);
        while (end < run.Length && IsMark(run, end))
            end += WidthAt(run, end);
        return end;
    }

    private static int WidthAt(ReadOnlySpan<char> run, int i) =>
        char.IsHighSurrogate(run[i]) && i + 1 < run.Length && char.IsLowSurrogate(run[i + 1]) ? 2 : 1;

    private static bool IsMark(ReadOnlySpan<char> run, int i) => ClassAt(run, i) == CharacterClass.Mark
        // Medial and final letters of decomposed Hangul belong to the syllable.
        || run[i] is >= '\u1160' and <= '\u11FF';

    private static bool IsHan(ReadOnlySpan<char> run, int i) => ClassAt(run, i) == CharacterClass.Han;

    private static CharacterClass ClassAt(ReadOnlySpan<char> run, int i) => WidthAt(run, i) == 2
        ? CharacterClasses.OfSurrogates(run[i], run[i + 1])
        : (CharacterClass)CharacterClasses.OfCodeUnits[run[i]];
}
