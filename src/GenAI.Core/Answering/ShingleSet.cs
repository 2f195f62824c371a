using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core.Answering;

/// <summary>The runs of four words in a text, to tell near-duplicates (Broder 1997, "On the resemblance and containment of documents").</summary>
/// <remarks>Case, punctuation and spacing do not count.</remarks>
internal sealed class ShingleSet
{
    private const int WordsPerShingle = 4;

    private readonly ulong[] _shingles;
    private readonly HashSet<string> _words;

    private ShingleSet(ulong[] shingles, HashSet<string> words) => (_shingles, _words) = (shingles, words);

    public static ShingleSet Of(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                if (start < 0)
                    start = i;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i].ToLowerInvariant());
                start = -1;
            }
        }

        var shingles = new HashSet<ulong>();
        var hash = new XxHash3();
        for (var i = 0; i < Math.Max(1, words.Count - WordsPerShingle + 1); i++)
        {
            hash.Reset();
            foreach (var word in CollectionsMarshal.AsSpan(words)[i..Math.Min(words.Count, i + WordsPerShingle)])
            {
                hash.Append(MemoryMarshal.AsBytes(word.AsSpan()));
                hash.Append([0, 0]);
            }

            shingles.Add(hash.GetCurrentHashAsUInt64());
        }

        ulong[] sorted = [.. shingles];
        Array.Sort(sorted);
        return new ShingleSet(sorted, [.. words]);
    }

    /// <summary>The share of shingles that both texts have among those that either has, 0 to 1.</summary>
    public double Resemblance(ShingleSet other)
    {
        int i = 0, j = 0, shared = 0;
        while (i < _shingles.Length && j < other._shingles.Length)
        {
            var order = _shingles[i].CompareTo(other._shingles[j]);
            if (order == 0)
                shared++;
            if (order <= 0)
                i++;
            if (order >= 0)
                j++;
        }

        return (double)shared / (_shingles.Length + other._shingles.Length - shared);
    }

    /// <summary>Whether the text has a number, or one of <paramref name="words"/>, that <paramref name="other"/> lacks.</summary>
    /// <remarks>Two pages that differ in a version or a product name resemble each other and still say different things.</remarks>
    public bool AddsTo(ShingleSet other, ShingleSet words)
    {
        foreach (var word in _words)
        {
            if ((words._words.Contains(word) || word.AsSpan().ContainsAnyInRange('0', '9')) && !other._words.Contains(word))
                return true;
        }

        return false;
    }
}
