namespace GenAI.Core.Verification;

/// <summary>What a word looks like where it stands.</summary>
[Flags]
internal enum WordTraits : byte
{
    None = 0,

    /// <summary>It begins with a capital letter.</summary>
    Capital = 1,

    /// <summary>It is the first of its sentence, where a capital says nothing.</summary>
    First = 2,

    /// <summary>It is no word of a language: letters and digits, capitals inside, underscores.</summary>
    Code = 4,

    /// <summary>It begins with a digit, or belongs to a number or date.</summary>
    Number = 8,

    /// <summary>It is written in capitals only.</summary>
    Acronym = 16,
}

/// <summary>A word of a statement.</summary>
/// <param name="Start">Where it stands in the text.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Entry">What is known of it in any text.</param>
/// <param name="Clause">The number of the clause that it stands in: commas, semicolons, colons and brackets part them.</param>
/// <param name="Traits">What it looks like.</param>
internal readonly record struct Word(int Start, int Length, WordEntry Entry, int Clause, WordTraits Traits)
{
    public int End => Start + Length;

    /// <summary>Whether the word says something about what the statement is about.</summary>
    public bool IsContent => !Entry.IsStop && (Traits & WordTraits.Number) == 0 && Entry.Cue is WordCue.None && Entry.NumberKind is NumberWordKind.None;

    public bool Is(WordTraits trait) => (Traits & trait) != 0;
}
