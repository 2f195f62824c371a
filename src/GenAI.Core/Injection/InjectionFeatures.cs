namespace GenAI.Core.Injection;

/// <summary>
/// The sentences of a text and the features of each: its words, their beginnings, pairs, triples and pairs with one between, as numbers of buckets (K. Weinberger et al., Feature Hashing for Large Scale
/// Multitask Learning, 2009). Numbers are one word, and a question mark is a word.
/// </summary>
internal static class InjectionFeatures
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 1 << 16;

    // Something without punctuation is cut, so that a long text around it does not dilute what it says.
    private const int LongestSentence = 64;

    private const int PrefixLength = 4;

    private const uint Basis = 2166136261, Prime = 16777619, Number = 0x9E3779B9, Question = 0x85EBCA6B, Before = 0xC2B2AE35;

    /// <summary>Reads a normal text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sink">Is told of each feature and of where sentences end.</param>
    /// <typeparam name="TSink">What is told.</typeparam>
    public static void Read<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : struct, ISink
    {
        var (previous, beforePrevious) = (Before, Before);
        var (words, start) = (0, 0);
        var i = 0;
        while (i < text.Length)
        {
            var c = text[i];
            if (IsWord(c))
            {
                var (hash, prefix, first) = (Basis, 0u, i);
                var digits = true;
                do
                {
                    c = text[i];
                    hash = (hash ^ c) * Prime;
                    digits &= c is >= '0' and <= '9';
                    if (++i - first == PrefixLength)
                        prefix = hash;
                }
                while (i < text.Length && IsWord(text[i]));
                Word(digits ? Number : hash, digits ? 0 : prefix, ref sink);
                if (words == LongestSentence)
                    End(i, ref sink);
                continue;
            }

            i++;
            if (c == '\n' || (c is '.' or '?' or '!' or '\u3002' or '\uFF1F' && (i == text.Length || text[i] is ' ' or '\n' or '\r' or '\t' or '"' or '\'' or ')')))
            {
                if (c is '?' or '\uFF1F')
                    Word(Question, 0, ref sink);
                End(i, ref sink);
            }
        }

        End(text.Length, ref sink);

        void Word(uint hash, uint prefix, ref TSink to)
        {
            to.Feature(Bucket(hash));
            to.Feature(Bucket(hash * 31 + previous));
            to.Feature(Bucket((hash * 31 + previous) * 31 + beforePrevious + 1));
            to.Feature(Bucket(hash * 37 + beforePrevious + 2));
            if (prefix != 0)
                to.Feature(Bucket(prefix + 3));
            (beforePrevious, previous) = (previous, hash);
            words++;
        }

        void End(int end, ref TSink to)
        {
            if (words > 0)
                to.Sentence(TextRange.FromBounds(start, end), words);
            (words, start) = (0, end);
            (previous, beforePrevious) = (Before, Before);
        }
    }

    private static int Bucket(uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6D;
        return (int)(hash >> 16);
    }

    // Letters of all scripts and digits; of the signs only those that normal text keeps within words.
    private static bool IsWord(char c) => c < 0x80 ? c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '\'' : char.IsLetterOrDigit(c);

    /// <summary>What is told of features and sentences.</summary>
    internal interface ISink
    {
        /// <summary>A feature of the present sentence.</summary>
        void Feature(int bucket);

        /// <summary>The present sentence has ended.</summary>
        void Sentence(TextRange range, int words);
    }
}
