using System.Globalization;
using System.Text.Json;
using GenAI.Core.Verification;

namespace GenAI.Core.Benchmarks.Claims;

/// <summary>
/// The command <c>calibrate-claims [FILE] [--target RATE] [--confidence SHARE]</c>: fits <see cref="ClaimVerifierOptions.MinSupport"/> on one half of labelled claims and reports error rate and coverage on both.
/// </summary>
/// <remarks>FILE has a JSON object a line: <c>claim</c>, <c>source</c>, <c>supported</c> (true or false). Without it SciFact's claims are taken.</remarks>
internal static class CalibrateClaims
{
    public static int Run(string[] args)
    {
        string? file = null;
        double target = 0.05, confidence = 0.9;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--target" && i + 1 < args.Length)
                target = double.Parse(args[++i], CultureInfo.InvariantCulture);
            else if (args[i] == "--confidence" && i + 1 < args.Length)
                confidence = double.Parse(args[++i], CultureInfo.InvariantCulture);
            else
                file = args[i];
        }

        var labelled = (file is null ? OfScifact() : OfFile(file)).ToArray();
        if (labelled.Length < 2)
        {
            Console.Error.WriteLine(file is null ? "There are no SciFact claims in the data folder. Name a file." : $"'{file}' has fewer than two claims.");
            return 2;
        }

        // The halves alternate, so that both have claims of every part of the file.
        var fit = ClaimCalibration.Fit(labelled.Where((_, i) => i % 2 == 0), target, confidence);
        var rest = labelled.Where((_, i) => i % 2 == 1).ToArray();
        var passed = rest.Where(claim => claim.Score >= fit.Threshold).ToArray();
        Console.WriteLine(FormattableString.Invariant($"claims           {labelled.Length}, supported {labelled.Count(claim => claim.IsSupported)}"));
        Console.WriteLine(FormattableString.Invariant($"target           error rate {target} with confidence {confidence}"));
        Console.WriteLine(fit.IsReached ? FormattableString.Invariant($"MinSupport       {fit.Threshold:0.###}") : "MinSupport       no threshold reaches the target");
        Console.WriteLine(FormattableString.Invariant($"fitted half      error rate {fit.ErrorRate:0.###} (at most {fit.ErrorBound:0.###}), coverage {fit.Coverage:0.###}, supported claims that pass {fit.Recall:0.###}"));
        Console.WriteLine(FormattableString.Invariant($"other half       error rate {(passed.Length == 0 ? 0 : (double)passed.Count(claim => !claim.IsSupported) / passed.Length):0.###}, coverage {(double)passed.Length / rest.Length:0.###}"));
        return 0;
    }

    private static IEnumerable<LabelledClaim> OfScifact()
    {
        if (BenchmarkData.Find("scifact", "corpus.jsonl") is not { } corpus)
            yield break;
        var abstracts = ScifactRows.Abstracts(corpus);
        foreach (var (claim, document, label) in ScifactRows.Read())
        {
            if (abstracts.TryGetValue(document, out var source))
                yield return new LabelledClaim(ScoreOf(claim, source), label == "SUPPORT");
        }
    }

    private static IEnumerable<LabelledClaim> OfFile(string file)
    {
        foreach (var line in File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            yield return new LabelledClaim(ScoreOf(root.GetProperty("claim").GetString()!, new ClaimSource(root.GetProperty("source").GetString()!)), root.GetProperty("supported").GetBoolean());
        }
    }

    private static double ScoreOf(string claim, ClaimSource source) =>
        new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false }).Verify(claim, [source]).Claims.Select(part => part.Score).DefaultIfEmpty(0).Min();
}
