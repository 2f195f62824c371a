using System.Text.Json;
using GenAI.Core.Benchmarks.Injection;
using GenAI.Core.Guardrails;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Personal data in texts whose spans are marked, and numbers with check digits in documentation, where there are none.</summary>
internal static class PersonalDataRows
{
    private const int FewestSpans = 20;

    private static readonly Dictionary<string, PersonalDataKind> Kinds = new()
    {
        ["CREDIT_CARD"] = PersonalDataKind.PaymentCard,
        ["PHONE_NUMBER"] = PersonalDataKind.Phone,
        ["EMAIL_ADDRESS"] = PersonalDataKind.Email,
        ["DOMAIN_NAME"] = PersonalDataKind.WebAddress,
        ["IBAN_CODE"] = PersonalDataKind.Iban,
        ["US_SSN"] = PersonalDataKind.UsSocialSecurity,
        ["IP_ADDRESS"] = PersonalDataKind.IpAddress,
    };

    private static readonly PersonalDataKind[] WithCheckDigits = [PersonalDataKind.PaymentCard, PersonalDataKind.Iban, PersonalDataKind.BankRouting, PersonalDataKind.UkNhs, PersonalDataKind.VatId, PersonalDataKind.NationalId, PersonalDataKind.CryptoAddress];

    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("pii", "synthetic-750.json") is { } path)
            Marked(report, path);
        else
            report.Absent("guardrails/personal-data/marked", "needs pii/synthetic-750.json of the data");
        if (BenchmarkData.Find("corpus-docs") is { } folder)
            Documentation(report, folder);
        else
            report.Absent("guardrails/personal-data/documentation", "needs the folder corpus-docs of the data");
    }

    private static void Marked(BenchmarkReport report, string path)
    {
        var options = new PersonalDataOptions();
        options.Kinds.Add(PersonalDataKind.WebAddress);
        var guardrail = new PersonalDataGuardrail(options);
        var counts = Kinds.Values.ToDictionary(kind => kind.ToString(), _ => new int[4]);
        using var samples = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var sample in samples.RootElement.EnumerateArray())
        {
            var text = sample.GetProperty("full_text").GetString()!;
            var spans = sample.GetProperty("spans").EnumerateArray().Where(span => Kinds.ContainsKey(span.GetProperty("entity_type").GetString()!)).Select(span =>
            {
                var value = span.GetProperty("entity_value").GetString()!;

                // Places are counted in code points.
                var at = text.IndexOf(value, Math.Min(text.Length - 1, span.GetProperty("start_position").GetInt32()), StringComparison.Ordinal);
                return (Kind: Kinds[span.GetProperty("entity_type").GetString()!].ToString(), Range: new TextRange(at < 0 ? text.IndexOf(value, StringComparison.Ordinal) : at, value.Length));
            }).ToArray();
            var found = guardrail.CheckAsync(new GuardrailText(text, GuardrailStages.Input)).AsTask().GetAwaiter().GetResult().Findings;
            foreach (var (kind, range) in spans)
                counts[kind][found.Any(finding => finding.Rule == kind && finding.Range.Overlaps(range)) ? 0 : 1]++;
            foreach (var finding in found.Where(finding => counts.ContainsKey(finding.Rule)))
                counts[finding.Rule][spans.Any(span => span.Kind == finding.Rule && span.Range.Overlaps(finding.Range)) ? 2 : 3]++;
        }

        foreach (var (kind, count) in counts)
        {
            var spans = count[0] + count[1];
            report.Higher($"guardrails/personal-data/{kind}/recall", (double)count[0] / spans, "ratio", spans, spans >= FewestSpans ? 0.95 : null);
            report.Higher($"guardrails/personal-data/{kind}/precision", (double)count[2] / Math.Max(1, count[2] + count[3]), "ratio", count[2] + count[3], spans >= FewestSpans ? 0.97 : null);
        }
    }

    // Specifications of crypto currencies hold addresses that are none of anybody, but addresses; they are left out.
    private static void Documentation(BenchmarkReport report, string folder)
    {
        var options = new PersonalDataOptions();
        options.Kinds.IntersectWith(WithCheckDigits);
        var guardrail = new PersonalDataGuardrail(options);
        var counts = WithCheckDigits.ToDictionary(kind => kind.ToString(), _ => 0);
        var read = 0;
        foreach (var section in InjectionData.ReadSections(folder, 12).Where(section => section.Source != "ethereum/EIPs"))
        {
            if (read > (report.Quick ? 2_000_000 : 10_000_000))
                break;
            read += section.Text.Length;
            foreach (var finding in guardrail.CheckAsync(new GuardrailText(section.Text, GuardrailStages.Input)).AsTask().GetAwaiter().GetResult().Findings)
            {
                counts[finding.Rule]++;
                Console.Error.WriteLine($"  {finding.Rule} in {section.Source}: ...{section.Text[Math.Max(0, finding.Range.Start - 40)..finding.Range.End].ReplaceLineEndings(" ")}");
            }
        }

        foreach (var (kind, count) in counts)
            report.Lower($"guardrails/personal-data/{kind}/found-in-documentation", count, "findings", read, floor: 0);
    }
}
