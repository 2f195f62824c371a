using CsCheck;
using GenAI.Core.Guardrails;
using GenAI.Core.Leaks;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Tests.Guardrails;

public class RuleScannerTests
{
    private static readonly string[] Patterns =
    [
        "ab", "a{2,9}", "a|ab|abc", @"(?:ab){1,3}c?", @"\bab\b", @"\ba{1,12}c", @"(?<![a])b{1,20}(?!c)", "a(?=b)", "a.{0,12}c", @"(?<![\w])a?b?c\b", "(?:a|b{2}){3,7}c", "[abc]{9}(?!\\w)", "(?:a{0,3} ?){1,6}c",
    ];

    // What built-in rules begin with, find, and nearly find.
    private static readonly string[] Fragments =
    [
        "anna@example.org", "4111 1111 1111 1111", "4111 1111 1111 1112", "+49 30 901820", "GB82 WEST 1234 5698 7654 32", "192.168.0.1", "999.1.1.1", "00:1B:44:11:3A:B7", "078-05-1120", "https://u:p@example.org/", "AKIAIOSFODNN7EXAMPLE",
        "ghp_0123456789abcdefghijklmnopqrstuvwxyz", "password = ", "hunter2hunter2", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "-----BEGIN PRIVATE KEY-----", "token", "born on 1 May 1980", "a", "word", " ", "\n", ".", "-", "9", "12345678", "\u00E4\u4E2D",
    ];

    [Fact]
    public void A_whole_text_has_the_matches_that_it_has_in_one_piece()
    {
        var sets = Patterns.Select(pattern => Set(TextRule.Regex(pattern, pattern, replacement: ""))).Append(Set([.. Patterns.Select(pattern => TextRule.Regex(pattern, pattern, replacement: ""))])).ToArray();
        Gen.Select(Gen.Int[0, sets.Length - 1], Any('a', 'a', 'b', 'c', ' ', '-').Array[0, 60].Select(characters => new string(characters))).Holds(20_000, (set, text) => BothFind(sets[set], text));
    }

    [Fact]
    public void A_whole_text_has_the_matches_of_built_in_rules_that_it_has_in_one_piece()
    {
        RuleSet[] sets = [((IRuleBased)new PersonalDataGuardrail()).Rules.Set, ((IRuleBased)new SecretsGuardrail()).Rules.Set];
        Gen.Select(Gen.Int[0, 1], Any(Fragments).Array[0, 12].Select(string.Concat)).Holds(3_000, (set, text) => BothFind(sets[set], text));
    }

    [Fact]
    public void A_text_that_fills_the_filter_is_read_without_one()
    {
        // Of twelve places back each may be an a or not: more sets of states than a filter has room for.
        var rules = Set(TextRule.Regex("r", "a[ab]{12}c(?:a[ab][ab]){2}x", replacement: ""), TextRule.Regex("s", "a[ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab]c", replacement: ""));
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(_ => random.Next(80) == 0 ? 'c' : (char)('a' + random.Next(2))));
        new PatternFilterProbe(rules).IsFilledBy(text).Should().BeTrue();

        BothFind(rules, text);
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static RuleSet Set(params TextRule[] rules) => new(rules);

    private static void BothFind(RuleSet rules, string text)
    {
        var (whole, piece) = (new RuleScanner(rules), new RuleScanner(rules));
        whole.ReadWhole(text);
        piece.Read(text);
        piece.Complete();
        whole.Blocked.Should().Be(piece.Blocked, "in '{0}'", text);
        if (piece.Blocked is null)
            whole.TakeSettled().Should().Equal(piece.TakeSettled(), "in '{0}'", text);
    }

    private sealed class PatternFilterProbe(RuleSet rules)
    {
        public bool IsFilledBy(string text)
        {
            for (var at = 0; at <= text.Length;)
            {
                var result = rules.Automaton.Filter.Find(text, at, out _, out var place);
                if (result != FilterResult.Match)
                    return result == FilterResult.Full;
                at = place + 1;
            }

            return false;
        }
    }
}
