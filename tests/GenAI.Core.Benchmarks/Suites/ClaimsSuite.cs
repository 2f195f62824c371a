using System.Globalization;
using System.Text;
using GenAI.Core.Benchmarks.Claims;
using GenAI.Core.Verification;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Claim checks without a model: false sentences that are caught, true ones that are not blamed, SciFact's claims, and what it costs.</summary>
/// <remarks>Thresholds and lists were tuned on three fifths of the documents; the floors are those of the other two, which were looked at for the final figures only.</remarks>
internal static class ClaimsSuite
{
    private const int Cases = 400;
    private const int QuickCases = 60;
    private const int Seed = 20261127;

    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-mini") is { } mini && BenchmarkData.Find("scifact", "corpus.jsonl") is { } scifact)
            Synthetic(report, TrueSentence.OfMarkdown(mini), TrueSentence.OfAbstracts(scifact));
        else
            report.Absent("claims/synthetic", "the data folder has no corpus-mini or no scifact");

        if (report.Wants("claims/scifact"))
            ScifactRows.Run(report);
        if (report.Wants("claims/speed"))
            Speed(report);
    }

    private static void Synthetic(BenchmarkReport report, List<TrueSentence> documentation, List<TrueSentence> abstracts)
    {
        foreach (var isHeldOut in (bool[])[false, true])
        {
            var part = isHeldOut ? "claims/held-out" : "claims/tuned";
            if (!report.Wants(part))
                continue;
            var total = 0;
            var sets = new[] { Shuffled(documentation, isHeldOut), Shuffled(abstracts, isHeldOut) };
            foreach (var kind in Corruptor.Kinds)
            {
                var floor = kind switch { "entity" => 0.85, "negation" => 0.80, _ => 0.95 };
                Corruptions(report, $"{part}/caught/{kind}", kind, sets, floor, ref total);
            }

            Verbatim(report, $"{part}/false-alarms/verbatim", sets);
            Paraphrases(report, $"{part}/false-alarms", sets);
            report.Higher($"{part}/corruptions", total, "cases", 1, report.Quick ? null : 5000);
        }
    }

    private static void Corruptions(BenchmarkReport report, string row, string kind, TrueSentence[][] sets, double floor, ref int total)
    {
        int caught = 0, made = 0;
        foreach (var sentences in sets)
        {
            var names = sentences.Take(3000).SelectMany(sentence => Corruptor.NamesOf(sentence.Text)).Distinct().Take(2000).ToArray();
            var corruptor = new Corruptor(Seed, names);
            var ofSet = 0;
            for (var i = 0; i < sentences.Length && ofSet < CasesOf(report); i++)
            {
                var other = sentences[(i + 1) % sentences.Length];
                if (kind == "id")
                {
                    // Half of the markers name no source, half a source of another document.
                    if (other.Document == sentences[i].Document)
                        continue;
                    ofSet++;
                    caught += Alarm(sentences[i].Text, i % 2 == 0 ? 3 : 2, sentences[i].Source, other.Source, row) ? 1 : 0;
                }
                else if (corruptor.Make(kind, sentences[i]) is var (claim, source))
                {
                    ofSet++;
                    caught += Alarm(claim, 1, source, other.Source, row) ? 1 : Missed(row, claim, sentences[i].Text);
                }
            }

            made += ofSet;
        }

        total += made;
        report.Higher(row, (double)caught / Math.Max(1, made), "share", made, floor);
    }

    private static void Verbatim(BenchmarkReport report, string row, TrueSentence[][] sets)
    {
        int alarms = 0, made = 0;
        foreach (var sentence in sets.SelectMany(sentences => sentences.Take(3 * CasesOf(report))))
        {
            made++;
            alarms += Alarm(sentence.Text, 1, sentence.Source, null, row) ? 1 - Missed(row, sentence.Text, "") : 0;
        }

        report.Lower(row, (double)alarms / made, "share", made, 0.01);
    }

    private static void Paraphrases(BenchmarkReport report, string row, TrueSentence[][] sets)
    {
        int allAlarms = 0, all = 0;
        foreach (var kind in Paraphraser.Kinds)
        {
            int alarms = 0, made = 0;
            foreach (var sentences in sets)
            {
                var paraphraser = new Paraphraser(Seed);
                var ofSet = 0;
                for (var i = 0; i < sentences.Length && ofSet < CasesOf(report); i++)
                {
                    if (paraphraser.Make(kind, sentences[i]) is not var (claim, source))
                        continue;
                    ofSet++;
                    alarms += Alarm(claim, 1, source, null, row + "/" + kind) ? 1 - Missed(row + "/" + kind, claim, sentences[i].Text) : 0;
                }

                made += ofSet;
            }

            report.Lower($"{row}/{kind}", (double)alarms / Math.Max(1, made), "share", made, 0.10);
            allAlarms += alarms;
            all += made;
        }

        report.Lower($"{row}/paraphrases", (double)allAlarms / all, "share", all, 0.10);
    }

    /// <summary>Whether any part of a claim is not supported.</summary>
    private static bool Alarm(string claim, int number, string source, string? other, string row)
    {
        var verifier = new ClaimVerifier();
        ClaimSource[] sources = other is null ? [new(source)] : [new(source), new(other)];
        var result = verifier.Verify($"{claim} [{number}]", sources);
        var alarm = result.Claims.Any(part => part.Verdict is not (ClaimVerdict.Supported or ClaimVerdict.NotCheckable));
        if (alarm && row.Contains("false-alarms", StringComparison.Ordinal) && Environment.GetEnvironmentVariable("GENAI_CORE_CLAIMS_SHOW") is not null)
            Console.Error.WriteLine("    because " + string.Join("; ", result.Claims.SelectMany(part => part.Failures).Select(failure => $"{failure.Check}: {failure.Reason}")));
        return alarm;
    }

    // With GENAI_CORE_CLAIMS_SHOW the cases that went wrong are written out.
    private static int Missed(string row, string claim, string sentence)
    {
        if (Environment.GetEnvironmentVariable("GENAI_CORE_CLAIMS_SHOW") is { } shown && row.Contains(shown, StringComparison.Ordinal))
            Console.Error.WriteLine($"    {row}\n      {claim}\n      {sentence}");
        return 0;
    }

    private static void Speed(BenchmarkReport report)
    {
        var sentences = BenchmarkData.Find("corpus-mini") is { } mini ? TrueSentence.OfMarkdown(mini) : [];
        var documents = sentences.Where(sentence => sentence.Source.Length is > 1800 and < 2600).GroupBy(sentence => sentence.Document).Select(group => group.First()).Take(8).ToArray();
        if (documents.Length < 8)
        {
            report.Absent("claims/speed", "the data folder has no corpus-mini");
            return;
        }

        var answer = new StringBuilder();
        for (var i = 0; i < 10; i++)
            answer.Append(CultureInfo.InvariantCulture, $"{new Paraphraser(i).Make("synonyms", documents[i % 8])?.Claim ?? documents[i % 8].Text} [{i % 8 + 1}] ");
        var text = answer.ToString();
        var verifier = new ClaimVerifier();
        var runs = report.Quick ? 20 : 200;
        var whole = Measure.Seconds(runs, () => verifier.Verify(text, Sources()));
        report.Lower("claims/speed/ten-sentences-eight-sources", whole * 1000, "ms", runs, 10);
        var first = $"{documents[0].Text} [1]";
        var one = Measure.Seconds(runs, () => verifier.Verify(first, Sources()));
        report.Lower("claims/speed/first-sentence", one * 1000, "ms", runs, 1);

        ClaimSource[] Sources() => [.. documents.Select(document => new ClaimSource(document.Source))];
    }

    private static int CasesOf(BenchmarkReport report) => report.Quick ? QuickCases : Cases;

    private static TrueSentence[] Shuffled(List<TrueSentence> sentences, bool isHeldOut)
    {
        var chosen = sentences.Where(sentence => sentence.IsHeldOut == isHeldOut).ToArray();
        new Random(Seed).Shuffle(chosen);
        return chosen;
    }
}
