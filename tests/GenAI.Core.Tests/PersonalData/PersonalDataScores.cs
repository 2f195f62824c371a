using System.Text.Json;
using GenAI.Core.Guardrails;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Tests.PersonalData;

/// <summary>What is found of the pattern types in texts whose spans are marked. A finding counts for a span that it overlaps.</summary>
internal sealed class PersonalDataScores
{
    private static readonly Dictionary<string, PersonalDataKind> Kinds = new()
    {
        ["CREDIT_CARD"] = PersonalDataKind.PaymentCard,
        ["PHONE_NUMBER"] = PersonalDataKind.Phone,
        ["EMAIL_ADDRESS"] = PersonalDataKind.Email,
        ["IBAN_CODE"] = PersonalDataKind.Iban,
        ["US_SSN"] = PersonalDataKind.UsSocialSecurity,
        ["IP_ADDRESS"] = PersonalDataKind.IpAddress,
        ["US_DRIVER_LICENSE"] = PersonalDataKind.DrivingLicence,
        ["DOMAIN_NAME"] = PersonalDataKind.WebAddress,
    };

    public int Spans { get; private set; }

    public List<string> Missed { get; } = [];

    public List<string> Wrong { get; } = [];

    public int Right { get; private set; }

    public double Recall => 1 - (double)Missed.Count / Spans;

    public double Precision => (double)Right / (Right + Wrong.Count);

    public static async Task<Dictionary<PersonalDataKind, PersonalDataScores>> MeasureAsync(string path)
    {
        var options = new PersonalDataOptions();
        options.Kinds.Add(PersonalDataKind.WebAddress);
        var guardrail = new PersonalDataGuardrail(options);
        var scores = Kinds.Values.ToDictionary(kind => kind, _ => new PersonalDataScores());
        using var samples = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        foreach (var sample in samples.RootElement.EnumerateArray())
        {
            var text = sample.GetProperty("full_text").GetString()!;
            var spans = sample.GetProperty("spans").EnumerateArray().Where(span => Kinds.ContainsKey(span.GetProperty("entity_type").GetString()!))
                .Select(span => (Kind: Kinds[span.GetProperty("entity_type").GetString()!], Range: RangeOf(text, span))).ToList();
            var found = (await guardrail.CheckAsync(new GuardrailText(text, GuardrailStages.Input))).Findings;
            foreach (var (kind, range) in spans)
            {
                scores[kind].Spans++;
                if (!found.Any(finding => finding.Rule == kind.ToString() && finding.Range.Overlaps(range)))
                    scores[kind].Missed.Add($"{range.Of(text)} in '{text[Math.Max(0, range.Start - 30)..range.Start]}'");
            }

            foreach (var finding in found)
            {
                if (!scores.TryGetValue(Enum.Parse<PersonalDataKind>(finding.Rule), out var score))
                    continue;
                if (spans.Any(span => span.Kind.ToString() == finding.Rule && span.Range.Overlaps(finding.Range)))
                    score.Right++;
                else
                    score.Wrong.Add(finding.Range.Of(text));
            }
        }

        return scores;
    }

    // The places are counted in code points.
    private static TextRange RangeOf(string text, JsonElement span)
    {
        var value = span.GetProperty("entity_value").GetString()!;
        var start = Math.Min(text.Length - 1, span.GetProperty("start_position").GetInt32());
        var at = text.IndexOf(value, start, StringComparison.Ordinal);
        return new TextRange(at < 0 ? text.IndexOf(value, StringComparison.Ordinal) : at, value.Length);
    }
}
