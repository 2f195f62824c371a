namespace GenAI.Core.Answering;

/// <summary>A sentence that may answer, with which of the question's terms it and its surroundings hold, one bit a term.</summary>
internal sealed class CandidateSentence
{
    public required ReadSource Source { get; init; }

    /// <summary>The source's place in the prompt, from 0.</summary>
    public required int SourceRank { get; init; }

    public required PassageSentence Sentence { get; init; }

    /// <summary>The sentence's place in its source, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>How many sentences stand between this one and its heading, from 0.</summary>
    public required int Depth { get; init; }

    /// <summary>The sentence's own terms.</summary>
    public required TermScan Own { get; init; }

    /// <summary>The nearest heading, or a question in the text that stands for one.</summary>
    public required TermScan Heading { get; init; }

    /// <summary>The terms of the source's title, of the headings further out, and of its context.</summary>
    public required ulong Outer { get; init; }

    /// <summary>The terms of the sentences before it in its paragraph, and of the paragraph that introduces its list.</summary>
    public required ulong Before { get; init; }

    /// <summary>The terms of the sentence and of what it stands under.</summary>
    public ulong Reach => Own.Bits | Heading.Bits | Outer;

    /// <summary>Whether it asks instead of answering.</summary>
    public required bool IsQuestion { get; init; }

    /// <summary>What stands in front of the verb of a sentence that may be a definition; nothing if no definition is asked for.</summary>
    public required TermScan Subject { get; init; }

    /// <summary>Whether it is code, fenced or not.</summary>
    public required bool IsCode { get; init; }

    /// <summary>Whether it only points elsewhere.</summary>
    public required bool IsNavigation { get; init; }

    /// <summary>How well it answers; higher is better.</summary>
    public double Score { get; set; }

    public ReadOnlySpan<char> Text => Sentence.In(Source.Text);

    public override string ToString() => $"{Source} sentence {Position} score {Score:0.###}";
}

/// <summary>What a run of text holds of a question.</summary>
/// <param name="Bits">The question's terms in it.</param>
/// <param name="Pairs">Terms that follow one another in it as they do in the question: bit n for terms n - 1 and n.</param>
/// <param name="Length">How many terms it has, those of the question and others.</param>
internal readonly record struct TermScan(ulong Bits, ulong Pairs, int Length);
