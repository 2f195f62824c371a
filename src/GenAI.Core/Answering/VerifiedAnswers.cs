using GenAI.Core.Verification;

namespace GenAI.Core.Answering;

/// <summary>How the claims of answers are verified: a policy with its verifier.</summary>
internal sealed class VerifiedAnswers
{
    private readonly ClaimVerifier _verifier;

    public VerifiedAnswers(ClaimPolicy policy)
    {
        Policy = policy.Copy();
        _verifier = new ClaimVerifier(Policy.Verifier);
    }

    public ClaimPolicy Policy { get; }

    /// <summary>What verifies one reply.</summary>
    public VerifiedWriter Writer(AnswerWriter writer, AnswerTexts texts, GroundedPrompt prompt) =>
        new(writer, texts, _verifier, Policy, [.. prompt.Sources.Select(SourceOf)]);

    private static ClaimSource SourceOf(SourcePassage passage)
    {
        var first = passage.First;
        string?[] context = [first.Title, .. first.Headings, first.Context];
        return new ClaimSource(passage.Text, first.DocumentId, string.Join("\n", context.OfType<string>()), passage.Range.Start);
    }
}
