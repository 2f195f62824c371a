namespace GenAI.Core.Verification;

/// <summary>How much a failed check weighs.</summary>
internal enum Severity : byte
{
    /// <summary>A detail is not in the evidence: the claim is supported in part.</summary>
    Detail,

    /// <summary>Something that the claim rests on is not in the evidence.</summary>
    Missing,

    /// <summary>The evidence says something else.</summary>
    Opposite,
}

/// <summary>A failed check, with ranges of the text that was verified.</summary>
internal sealed record Finding(ClaimCheck Check, Severity Severity, TextRange Range, string Reason);

/// <summary>A claim and the evidence that it is compared with.</summary>
internal sealed record Comparison(string Text, Statement Claim, EvidenceMatch Evidence)
{
    /// <summary>The characters of a word or number of the claim.</summary>
    public string Of(TextRange range) => range.Of(Text);

    public string Of(Word word) => Text.Substring(word.Start, word.Length);

    /// <summary>The characters of a word or number of the evidence.</summary>
    public string Evident(TextRange range) => range.Of(Evidence.Index.Text);
}

/// <summary>A check of a claim against evidence, without a model.</summary>
internal interface IStatementCheck
{
    /// <summary>Adds what is wrong.</summary>
    void Check(Comparison comparison, List<Finding> findings);
}
