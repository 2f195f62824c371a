using CsCheck;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Tests.Guardrails;

public class RuleFilterTests
{
    private static readonly string[] Patterns =
    [
        "ab", "a{2,3}", "a|ab|abc", "(?:ab){1,3}c?", @"\bab\b", @"\ba{1,3}", @"a\B", "(?<!a)b{1,2}", "a(?!b)", "(?<=b)a", "a(?=b)", "[^a]b", "a.{0,2}c", @"(?<![\w])a?b?c\b", "(?:a|b{2})(?:c|a){1,2}",
        @"(?:\bab|b\b){1,2}", @"[abc]{4}(?!\w)",
    ];

    private static readonly Gen<string> Pattern = Gen.OneOf(
        Any(Patterns),
        Gen.Recursive<string>((depth, inner) => depth > 2
            ? Any("a", "b", "[ab]", "[^a]", " ", @"\b", @"\B", "(?<!a)", "(?!b)", @"\w")
            : Gen.OneOf(
                Gen.Select(inner, inner, (first, second) => first + second),
                Gen.Select(inner, inner, (first, second) => $"(?:{first}|{second})"),
                Gen.Select(inner, Gen.Int[0, 1], Gen.Int[1, 2], (part, min, max) => $"(?:{part}){{{min},{max}}}"),
                Any("a", "b", "c", "[ac]"))));

    private static readonly Gen<string> Text = Any('a', 'b', 'c', ' ').Array[0, 14].Select(characters => new string(characters));

    [Fact]
    public void What_is_let_through_is_the_text_without_what_NET_matches_however_it_is_cut()
    {
        Gen.Select(Pattern, Text, Gen.ULong).Holds(20_000, (pattern, text, places) =>
        {
            if (TryRule(pattern) is not { } rule)
                return;
            var expected = new RuleOracle(pattern, rule.MaxLength).Remove(text);
            var rules = new RuleSet([rule]);

            var pieces = RulePieces.Filter(rules, RulePieces.Cut(text, places));

            string.Concat(pieces).Should().Be(expected, "'{0}' in '{1}'", pattern, text);
            string.Concat(RulePieces.Filter(rules, [text])).Should().Be(expected);
        });
    }

    [Fact]
    public void Only_the_shortest_suffix_that_could_become_a_match_is_held_back()
    {
        // What could follow, up to three characters.
        string[] ends = [.. from a in Ends() from b in Ends() from c in Ends() select a + b + c];
        Gen.Select(Any(Patterns), Text).Holds(1000, (pattern, text) =>
        {
            var rule = TextRule.Regex("r", pattern, replacement: "");
            var oracle = new RuleOracle(pattern, rule.MaxLength);
            var filter = new RuleFilter(new RuleSet([rule]));

            filter.Read(text);

            filter.HeldLength.Should().BeLessThanOrEqualTo(rule.MaxLength);
            var start = text.Length - filter.HeldLength;
            if (filter.HeldLength > 0)
                ends.Any(end => Grows(oracle, text + end, start, text.Length)).Should().BeTrue("'{0}' is held back of '{1}' for '{2}'", text[start..], text, pattern);
        });

        static string[] Ends() => ["", "a", "b", "c", " "];

        // A match that covers the first that is held back and ends in what follows, or at the end of what is here by grace of what follows.
        static bool Grows(RuleOracle oracle, string whole, int held, int length) =>
            Enumerable.Range(0, held + 1).Any(start => Enumerable.Range(length, whole.Length - length + 1).Any(end => oracle.Matches(whole, start, end)));
    }

    [Fact]
    public void Several_rules_remove_what_any_of_them_matches()
    {
        Gen.Select(Gen.Select(Any(Patterns), Any(Patterns)), Text, Gen.ULong).Holds(3000, (patterns, text, places) =>
        {
            TextRule[] rules = [TextRule.Regex("one", patterns.Item1, replacement: ""), TextRule.Regex("two", patterns.Item2, replacement: "")];
            var one = new RuleOracle(patterns.Item1, rules[0].MaxLength).Covered(text);
            var two = new RuleOracle(patterns.Item2, rules[1].MaxLength).Covered(text);
            var expected = new string([.. text.Where((_, i) => !one[i] && !two[i])]);

            string.Concat(RulePieces.Filter(new RuleSet(rules), RulePieces.Cut(text, places))).Should().Be(expected);
        });
    }

    [Fact]
    public void Nothing_of_a_text_is_let_through_from_a_blocking_match_on()
    {
        Gen.Select(Any(Patterns), Text, Gen.ULong).Holds(3000, (pattern, text, places) =>
        {
            var rule = TextRule.Regex("r", pattern, RuleAction.Block);
            var covered = new RuleOracle(pattern, rule.MaxLength).Covered(text);
            var rules = new RuleSet([rule]);

            var released = string.Concat(RulePieces.Filter(rules, RulePieces.Cut(text, places)));

            // The match that ends first blocks; one that begins before it may still have been open.
            released.Should().Be(string.Concat(RulePieces.Filter(rules, [text])));
            text.Should().StartWith(released);
            if (Array.IndexOf(covered, true) is >= 0 and var first)
                released.Length.Should().BeLessThanOrEqualTo(first);
            else
                released.Should().Be(text);
        });
    }

    [Fact]
    public void Overlapping_matches_of_a_rule_are_replaced_as_one_and_those_of_others_are_not()
    {
        RuleSet rules = new([TextRule.Regex("digits", @"\d{4}"), TextRule.Regex("word", "4x{1,3}y")]);

        string.Concat(RulePieces.Filter(rules, ["no 12345 or 1234", "xxyz"])).Should().Be("no [digits] or [digits][word]z");
    }

    [Fact]
    public void A_rule_is_asked_about_every_length_and_the_longest_it_accepts_counts()
    {
        RuleSet rules = new([TextRule.Regex("even", @"(?<!\d)\d{2,7}", test: match => (match[^1] - '0') % 2 == 0)]);

        string.Concat(RulePieces.Filter(rules, ["12345", "679 and 1357"])).Should().Be("[even]79 and 1357");
    }

    [Fact]
    public void Half_a_character_is_not_let_through()
    {
        var filter = new RuleFilter(new RuleSet([TextRule.Terms("t", ["secret"])]));

        filter.Read("a\uD83D").Should().Be("a");
        filter.Read("\uDE00b").Should().Be("\uD83D\uDE00b");
    }

    [Theory]
    [InlineData("ss", "\u017F\u017F")]
    [InlineData("kelvin", "\u212Aelvin")]
    [InlineData("\u03C3\u03C2", "\u03A3\u03C3")]
    public void Case_is_ignored_over_every_variant_of_a_letter(string term, string text)
    {
        string.Concat(RulePieces.Filter(new RuleSet([TextRule.Terms("t", [term])]), [text])).Should().Be("[t]");
    }

    [Fact]
    public void A_long_text_of_one_piece_takes_time_in_proportion_and_all_of_its_matches_go()
    {
        RuleSet rules = new([TextRule.Terms("t", ["secret"], replacement: "")]);
        var text = string.Concat(Enumerable.Repeat("a secret word, ", 100_000));

        string.Concat(RulePieces.Filter(rules, [text])).Should().Be(text.Replace("secret", "", StringComparison.Ordinal));
    }

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static TextRule? TryRule(string pattern)
    {
        try
        {
            return TextRule.Regex("r", pattern, replacement: "");
        }
        catch (FormatException)
        {
            // It may match the empty text, or repeat a condition.
            return null;
        }
    }
}
