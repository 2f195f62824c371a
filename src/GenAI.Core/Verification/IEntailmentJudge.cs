namespace GenAI.Core.Verification;

/// <summary>Says whether a claim follows from a text: a model of natural-language inference, or a chat client that is asked.</summary>
/// <remarks>
/// Called only for claims that the checks without a model leave open. Must be safe for concurrent use. What it throws, a judgement that is no probability, and taking longer than
/// <see cref="ClaimVerifierOptions.JudgeTimeout"/> make the claim <see cref="ClaimVerdict.Unscorable"/>; nothing of it is thrown on.
/// </remarks>
public interface IEntailmentJudge
{
    /// <summary>Judges one claim.</summary>
    /// <param name="premise">The evidence.</param>
    /// <param name="hypothesis">The claim, without its markers.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    ValueTask<EntailmentJudgement> JudgeAsync(string premise, string hypothesis, CancellationToken cancellationToken = default);
}

/// <summary>What a judge says of a claim. Both are at least 0, and at most 1 together; the rest is that it neither follows nor is contradicted.</summary>
/// <param name="Entailment">How likely it follows from the evidence.</param>
/// <param name="Contradiction">How likely the evidence contradicts it.</param>
public readonly record struct EntailmentJudgement(double Entailment, double Contradiction)
{
    // Sums of single-precision shares.
    private const double Tolerance = 1e-3;

    internal bool IsValid => Entailment >= 0 && Contradiction >= 0 && Entailment + Contradiction <= 1 + Tolerance;
}
