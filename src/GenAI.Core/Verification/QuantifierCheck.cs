namespace GenAI.Core.Verification;

/// <summary>All, some and only: the claim does not say more of them than the evidence.</summary>
internal sealed class QuantifierCheck : IStatementCheck
{
    private static readonly ulong Any = SynonymTable.StemOf("any");
    private static readonly ulong Just = SynonymTable.StemOf("just");

    public void Check(Comparison comparison, List<Finding> findings)
    {
        var evidence = comparison.Evidence;
        foreach (var word in comparison.Claim.Words)
        {
            var cue = word.Entry.Cue;
            if (cue is not (WordCue.All or WordCue.Some or WordCue.Only) || Has(evidence, cue) || evidence.Has(word.Entry))
                continue;
            var severity = cue switch
            {
                WordCue.All when Has(evidence, WordCue.Some) => Severity.Missing,
                WordCue.All when evidence.IsNearVerbatim && !HasStem(evidence, Any) => Severity.Detail,
                WordCue.Some when evidence.IsNearVerbatim && Has(evidence, WordCue.All) && !Array.Exists(comparison.Claim.Words, other => other.Entry.Cue is WordCue.All) => Severity.Missing,
                WordCue.Only when word.Entry.Stem != Just && evidence.IsNearVerbatim && !HasStem(evidence, Just) => Severity.Missing,
                _ => (Severity?)null,
            };
            if (severity is { } weight)
                findings.Add(new Finding(ClaimCheck.Quantifier, weight, new TextRange(word.Start, word.Length), $"The claim says '{comparison.Of(word)}', the source does not."));
        }
    }

    private static bool Has(EvidenceMatch evidence, WordCue cue) => Array.Exists(evidence.Statements, statement => Array.Exists(statement.Words, word => word.Entry.Cue == cue));

    private static bool HasStem(EvidenceMatch evidence, ulong stem) => Array.Exists(evidence.Statements, statement => Array.Exists(statement.Words, word => word.Entry.Stem == stem));
}
