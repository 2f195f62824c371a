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
    public required ulong Own { get; init; }

    /// <summary>Terms that follow one another here as they do in the question: bit n for terms n - 1 and n.</summary>
    public required ulong Pairs { get; init; }

    /// <summary>The terms of the nearest heading in the text, or of a question in the text that stands for one.</summary>
    public required ulong Heading { get; init; }

    /// <summary>The terms of the source's title, headings and context.</summary>
    public required ulong Header { get; init; }

    /// <summary>The terms of the sentences before it in its paragraph.</summary>
    public required ulong Before { get; init; }

    /// <summary>The sentence's distinct terms, also those that are not in the question, to compare sentences by.</summary>
    public required HashSet<string> Terms { get; init; }

    public int WordCount { get; init; }

    /// <summary>Whether it asks instead of answering.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>How well it answers; higher is better.</summary>
    public double Score { get; set; }

    public ReadOnlySpan<char> Text => Sentence.In(Source.Text);

    public override string ToString() => $"{Source} sentence {Position} score {Score:0.###}";
}
