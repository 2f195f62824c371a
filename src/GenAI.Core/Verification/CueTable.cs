using System.Collections.Frozen;

namespace GenAI.Core.Verification;

/// <summary>Words that deny, and words that say how much of something a statement holds for.</summary>
internal static class CueTable
{
    private static readonly FrozenDictionary<string, WordCue> Words = All().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a word in lower case does.</summary>
    public static WordCue CueOf(string word)
    {
        if (Words.TryGetValue(word, out var cue))
            return cue;
        return word.EndsWith("n't", StringComparison.Ordinal) ? WordCue.Negation : WordCue.None;
    }

    private static Dictionary<string, WordCue> All()
    {
        var words = new Dictionary<string, WordCue>(StringComparer.Ordinal);
        Add(WordCue.Negation, "not no never without cannot cant dont doesnt isnt wont nor neither none nobody nothing nowhere hardly barely scarcely rarely seldom unable fail fails failed fails failing lack lacks lacked lacking absence absent nicht kein keine keinen nie niemals ohne ne pas jamais sans");
        Add(WordCue.All, "all every always each everyone everybody everything everywhere entirely completely fully both");
        Add(WordCue.Some, "some sometimes several most mostly many often usually generally typically partially partly occasionally might probably possibly few");
        Add(WordCue.Only, "only solely exclusively merely just");
        Add(WordCue.Break, "but because although though whereas which who while however since unless if when");
        return words;

        void Add(WordCue cue, string list)
        {
            foreach (var word in list.Split(' '))
                words[word] = cue;
        }
    }
}
