namespace GenAI.Core.Verification;

/// <summary>The claims of a text with their verdicts.</summary>
public sealed class ClaimReport
{
    internal ClaimReport(IReadOnlyList<Claim> claims) => Claims = claims;

    /// <summary>All of them, in the order of the text; together they cover it but for white space.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>Whether every claim that can be checked is supported, and there is one.</summary>
    public bool IsSupported => Count(ClaimVerdict.Supported) is > 0 and var supported && supported + Count(ClaimVerdict.NotCheckable) == Claims.Count;

    /// <summary>The number of claims with a verdict.</summary>
    public int Count(ClaimVerdict verdict) => Claims.Count(claim => claim.Verdict == verdict);

    /// <summary>The numbers of verdicts.</summary>
    public override string ToString() => string.Join(", ", Claims.GroupBy(claim => claim.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
}
