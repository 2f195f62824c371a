using System.Collections.Frozen;

namespace GenAI.Core.Text;

/// <summary>English words that say nothing about what a text is about.</summary>
internal static class EnglishStopWords
{
    /// <summary>The 33 words that Lucene leaves out too.</summary>
    public static FrozenSet<string> Short { get; } = "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with"
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
