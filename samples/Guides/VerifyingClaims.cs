using GenAI.Core;
using GenAI.Core.Answering;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;

namespace Guides;

internal static class VerifyingClaims
{
    public static async Task RunAsync()
    {
        // <snippet:verdicts>
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(new Document { Id = "office", Text = "The office opens at seven. Bicycles are kept in the cellar." });

        Answer answer = await knowledgeBase.AskAsync("Where are bicycles kept?");
        foreach (var claim in answer.Claims)
            Console.WriteLine($"{claim.Verdict}: {claim.Text}, by {claim.Evidence?.DocumentId} {claim.Evidence?.Range}");
        // </snippet:verdicts>

        // <snippet:verify>
        var verifier = new ClaimVerifier();
        var report = verifier.Verify(
            "The office opens at eight [1]. Bicycles are kept in the basement [1].",
            [new ClaimSource("The office opens at seven. Bicycles are kept in the cellar.")]);

        foreach (var claim in report.Claims)
        {
            Console.WriteLine($"{claim.Verdict}: {claim.Text}");
            foreach (var failure in claim.Failures)
                Console.WriteLine($"  {failure.Check}: {failure.Reason}");
        }
        // </snippet:verify>

        // <snippet:claim-policy>
        var options = new KnowledgeBaseOptions();
        options.Answering.Claims = new ClaimPolicy
        {
            Partly = ClaimAction.Mark,
            Unsupported = ClaimAction.AskAgain,
            Contradicted = ClaimAction.AskAgain,
            MaxRetries = 1,
        };
        // </snippet:claim-policy>

        using var strict = new KnowledgeBase(options);
        Console.WriteLine((await strict.AskAsync("Where are bicycles kept?")).Status);

        // <snippet:calibrate>
        LabelledClaim[] labelled = [new(0.95, true), new(0.9, true), new(0.7, true), new(0.4, false)];
        var fit = ClaimCalibration.Fit(labelled, targetErrorRate: 0.5);
        if (fit.IsReached)
            Console.WriteLine($"MinSupport = {fit.Threshold}: {fit.Coverage:P0} of the claims pass, at most {fit.ErrorBound:P0} of them wrong");
        // </snippet:calibrate>
    }

    // <snippet:claim-judge>
    public static ClaimPolicy Judged(IChatClient judge) => new()
    {
        Unsupported = ClaimAction.Drop,
        Contradicted = ClaimAction.Drop,
        Unscorable = ClaimAction.Mark,
        Verifier = new ClaimVerifierOptions { Judge = new ChatEntailmentJudge(judge), JudgeTimeout = TimeSpan.FromSeconds(5) },
    };
    // </snippet:claim-judge>
}
