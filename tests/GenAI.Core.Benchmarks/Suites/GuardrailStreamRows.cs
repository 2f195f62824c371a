using GenAI.Core.Guardrails;
using GenAI.Core.Leaks;
using GenAI.Core.PersonalData;
using GenAI.Core.Policies;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Violating texts of every built-in rule, cut into pieces in every way in two and in three, and in more by chance: what was released at any time must be the beginning of the text without what the rules remove.</summary>
internal static class GuardrailStreamRows
{
    private const int Cases = 1_000_000, QuickCases = 100_000;

    public static void Run(BenchmarkReport report)
    {
        var personal = new PersonalDataOptions();
        personal.Kinds.Add(PersonalDataKind.WebAddress);
        personal.Kinds.Add(PersonalDataKind.Age);
        (string Name, IRuleBased Guardrail)[] guardrails =
        [
            ("personal-data", new PersonalDataGuardrail(personal)), ("secrets", new SecretsGuardrail()), ("exfiltration", new ExfiltrationGuardrail()), ("refusal", new RefusalGuardrail(RuleAction.Redact)),
            ("profanity", TermsGuardrail.Profanity()), ("terms", new TermsGuardrail("terms", ["strike", "blue heron", "罢工"])),
        ];
        var wanted = report.Quick ? QuickCases : Cases;
        var (cases, leaks, without, rules) = (0, 0, 0, 0);
        foreach (var (_, guardrail) in guardrails)
        {
            var set = guardrail.Rules.Set;
            for (var rule = 0; rule < guardrail.Rules.Rules.Count; rule++)
            {
                rules++;
                var texts = RuleExamples.Of(set, rule, guardrail.Rules.Rules[rule]).Take(report.Quick ? 1 : 3).ToArray();
                if (texts.Length == 0)
                {
                    without++;
                    Console.Error.WriteLine($"  no text violates the rule {guardrail.Rules.Rules[rule].Name}, number {rule}");
                }

                foreach (var text in texts)
                    Cut(set, text, wanted / (report.Quick ? 150 : 200), ref cases, ref leaks);
            }
        }

        report.Higher("guardrails/streaming/rules", rules, "rules", rules);
        report.Lower("guardrails/streaming/rules-without-a-violating-text", without, "rules", rules, floor: 0);
        report.Higher("guardrails/streaming/cases", cases, "cases", rules, floor: wanted);
        report.Lower("guardrails/streaming/leaks", leaks, "cases", cases, floor: 0);
    }

    private static void Cut(RuleSet set, string text, int most, ref int cases, ref int leaks)
    {
        var whole = new RuleFilter(set);
        var expected = whole.Read(text) + whole.Complete();
        var random = new Random(text.Length);
        var made = 0;
        for (var first = 0; first < text.Length && made < most; first++)
        {
            for (var second = first; second < text.Length && made < most; second++, made++)
                leaks += Leaks(set, text, [first, second], expected) ? 1 : 0;
        }

        for (; made < most; made++)
            leaks += Leaks(set, text, [.. Enumerable.Range(1, text.Length - 1).Where(_ => random.Next(3) == 0)], expected) ? 1 : 0;
        cases += made;
    }

    private static bool Leaks(RuleSet set, string text, int[] cuts, string expected)
    {
        var filter = new RuleFilter(set);
        var (start, length) = (0, 0);
        foreach (var cut in cuts)
        {
            if (!IsNext(filter.Read(text.AsSpan(start, cut - start))))
                return true;
            start = cut;
        }

        return !IsNext(filter.Read(text.AsSpan(start))) || !IsNext(filter.Complete()) || length != expected.Length;

        bool IsNext(string released)
        {
            var isNext = expected.AsSpan(length).StartsWith(released, StringComparison.Ordinal);
            length += released.Length;
            return isNext;
        }
    }
}
