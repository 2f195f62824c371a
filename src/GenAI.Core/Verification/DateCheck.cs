namespace GenAI.Core.Verification;

/// <summary>Every date and time of the claim is in the evidence, as exactly as the claim says it.</summary>
internal sealed class DateCheck : IStatementCheck
{
    public void Check(Comparison comparison, List<Finding> findings)
    {
        foreach (var claimed in comparison.Claim.Dates)
        {
            CalendarDate? rival = null;
            var isSaid = false;
            foreach (var statement in comparison.Evidence.Statements)
            {
                foreach (var known in statement.Dates)
                {
                    isSaid |= claimed.IsSaidBy(known);
                    if (claimed.Excludes(known))
                        rival ??= known;
                }
            }

            if (isSaid)
                continue;
            findings.Add(rival is { } other
                ? new Finding(ClaimCheck.Date, Severity.Opposite, claimed.Range, $"The claim says '{comparison.Of(claimed.Range)}' where the source says '{comparison.Evident(other.Range)}'.")
                : new Finding(ClaimCheck.Date, Severity.Missing, claimed.Range, $"The date '{comparison.Of(claimed.Range)}' is not in the cited text."));
        }
    }
}
