using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>What a word does to the statement that it stands in.</summary>
internal enum WordCue : byte
{
    None,

    /// <summary>Denies what follows: not, never, without.</summary>
    Negation,

    /// <summary>Says it of everything: all, every, always.</summary>
    All,

    /// <summary>Says it of a part: some, most, often, may.</summary>
    Some,

    /// <summary>Says it of nothing besides: only, solely.</summary>
    Only,

    /// <summary>Ends the reach of a negation: but, because, which.</summary>
    Break,
}

/// <summary>What is known of a word by itself, in whatever text it stands.</summary>
internal sealed class WordEntry
{
    private const int Known = 1 << 13;

    // Few words make most of a text. A slot is written whole, so readers see one entry or another, never a mixture.
    private static readonly WordEntry?[] Entries = new WordEntry?[Known];

    private WordEntry(ulong folded, ReadOnlySpan<char> word)
    {
        Folded = folded;
        var text = word.ToString();
        IsStop = EnglishStopWords.All.Contains(text);
        Cue = CueTable.CueOf(text);
        Month = CalendarNames.Month(text);
        IsWeekday = CalendarNames.IsWeekday(text);
        (NumberWord, NumberKind) = NumberWords.Find(text);
        Span<char> stem = text.ToCharArray();
        stem = stem[..EnglishStemmer.Stem(stem)];
        Stem = TermHash.Of(stem);
        Meaning = SynonymTable.MeaningOf(Stem);
        (Axis, Direction) = OppositeTable.Find(Stem);
    }

    /// <summary>The hash of the word without case and accents.</summary>
    public ulong Folded { get; }

    /// <summary>The hash of its stem.</summary>
    public ulong Stem { get; }

    /// <summary>The hash of its stem, or what stands for all its synonyms.</summary>
    public ulong Meaning { get; }

    /// <summary>Whether it says nothing about what a text is about.</summary>
    public bool IsStop { get; }

    public WordCue Cue { get; }

    /// <summary>The pair of opposites that it is of, from 1; 0 for none.</summary>
    public int Axis { get; }

    /// <summary>Which of the two it is: 1 or -1.</summary>
    public int Direction { get; }

    /// <summary>1 to 12 for the name of a month; 0 for other words.</summary>
    public int Month { get; }

    public bool IsWeekday { get; }

    public double NumberWord { get; }

    public NumberWordKind NumberKind { get; }

    /// <summary>The entry of a word, folded to lower case.</summary>
    public static WordEntry Of(ReadOnlySpan<char> folded)
    {
        var hash = TermHash.Of(folded);
        ref var slot = ref Entries[(int)(hash % Known)];
        if (Volatile.Read(ref slot) is { } known && known.Folded == hash)
            return known;
        var entry = new WordEntry(hash, folded);
        Volatile.Write(ref slot, entry);
        return entry;
    }
}
