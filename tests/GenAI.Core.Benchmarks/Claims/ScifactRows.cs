using System.Text.Json;
using GenAI.Core.Verification;

namespace GenAI.Core.Benchmarks.Claims;

/// <summary>SciFact's claims against the abstracts that support or refute them (Wadden et al. 2020, "Fact or Fiction: Verifying Scientific Claims").</summary>
internal static class ScifactRows
{
    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("groundedness", "claims_train.csv") is null || BenchmarkData.Find("scifact", "corpus.jsonl") is not { } corpus)
        {
            report.Absent("claims/scifact", "the data folder has no groundedness/claims_train.csv or no scifact");
            return;
        }

        var abstracts = Abstracts(corpus);
        var scored = new List<(double Score, string Label)>();
        var verifier = new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false });
        foreach (var (claim, document, label) in Read())
        {
            if (!abstracts.TryGetValue(document, out var source))
                continue;
            var claims = verifier.Verify(claim, [source]).Claims;
            scored.Add((claims.Min(part => part.Score), label));
        }

        var supported = scored.Where(item => item.Label == "SUPPORT").Select(item => item.Score).ToArray();
        var refuted = scored.Where(item => item.Label == "CONTRADICT").Select(item => item.Score).ToArray();
        var unrelated = scored.Where(item => item.Label.Length == 0).Select(item => item.Score).ToArray();
        report.Higher("claims/scifact/supported-against-refuted", Auroc(supported, refuted), "AUROC", supported.Length + refuted.Length);
        report.Higher("claims/scifact/supported-against-no-evidence", Auroc(supported, unrelated), "AUROC", supported.Length + unrelated.Length);
    }

    /// <summary>The claims with the abstract that decides on each, or that was cited where none does; those of the test file have no labels.</summary>
    public static IEnumerable<(string Claim, string Document, string Label)> Read()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var part in (string[])["train", "validation"])
        {
            if (BenchmarkData.Find("groundedness", $"claims_{part}.csv") is not { } file)
                continue;
            foreach (var line in File.ReadLines(file).Skip(1))
            {
                var fields = Fields(line);
                var document = fields[2].Length > 0 ? fields[2] : fields[5].Trim('[', ']').Split(',', ' ')[0];
                if (seen.Add((fields[1], document)))
                    yield return (fields[1], document, fields[3]);
            }
        }
    }

    public static Dictionary<string, ClaimSource> Abstracts(string file)
    {
        var abstracts = new Dictionary<string, ClaimSource>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            abstracts[json.RootElement.GetProperty("_id").GetString()!] = new ClaimSource(json.RootElement.GetProperty("text").GetString()!, context: json.RootElement.GetProperty("title").GetString());
        }

        return abstracts;
    }

    /// <summary>The chance that one of the first scores above one of the second; ties count half.</summary>
    private static double Auroc(double[] positive, double[] negative)
    {
        var wins = 0.0;
        foreach (var p in positive)
        {
            foreach (var n in negative)
                wins += p > n ? 1 : p == n ? 0.5 : 0;
        }

        return wins / ((double)positive.Length * negative.Length);
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
