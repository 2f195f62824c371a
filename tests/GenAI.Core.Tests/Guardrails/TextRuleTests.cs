using GenAI.Core.Guardrails;

namespace GenAI.Core.Tests.Guardrails;

public class TextRuleTests
{
    [Theory]
    [InlineData("a*", "upper bound")]
    [InlineData("a+", "upper bound")]
    [InlineData("a{2,}", "upper bound")]
    [InlineData("(a{1,9}){1,9}b+", "position 14")]
    [InlineData("^a", "whole text")]
    [InlineData("a$", "whole text")]
    [InlineData(@"a\z", "whole text")]
    [InlineData(@"(a)\1", "back reference")]
    [InlineData("a{3,2}", "Swap")]
    [InlineData("a{2000}", "At most 1000")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "closes no group")]
    [InlineData("[a", "not closed")]
    [InlineData("[b-a]", "range")]
    [InlineData("[a-z-[b]]", "taken out")]
    [InlineData("a?", "empty text")]
    [InlineData("(?:|a)", "empty text")]
    [InlineData("a{1,3}?", "lazy")]
    [InlineData("a?+", "possessive")]
    [InlineData("?a", "repeats nothing")]
    [InlineData(@"\b{2}a", "condition on a place")]
    [InlineData("(?<=ab)c", "single character")]
    [InlineData("(?<name>a)", "kind of group")]
    [InlineData(@"\p{Greekish}", "general category")]
    [InlineData(@"\q", "no known escape")]
    [InlineData(@"\x1", "hexadecimal")]
    [InlineData("[\U0001F600]", "alternatives")]
    [InlineData(@"(?:[a-z]{1,1000}){1,1000}", "at most 10,000")]
    public void A_pattern_that_cannot_be_kept_is_refused_with_place_and_remedy(string pattern, string said)
    {
        var making = () => TextRule.Regex("rule", pattern);

        making.Should().Throw<FormatException>().WithMessage($"*{said}*");
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_a_stack_overflow()
    {
        var making = () => TextRule.Regex("rule", new string('(', 10_000) + "a" + new string(')', 10_000));

        making.Should().Throw<FormatException>().WithMessage("*nest*");
    }

    [Fact]
    public void Rules_that_are_too_large_together_are_refused()
    {
        var rule = TextRule.Regex("rule", @"(?:\w{1,99}\.){1,99}");
        var making = () => new RuleGuardrail("large", Enumerable.Repeat(rule, 30));

        making.Should().Throw<FormatException>().WithMessage("*200,000 states*");
    }

    [Theory]
    [InlineData(@"\d{3}-\d{4}", 8)]
    [InlineData("a|bcd", 3)]
    [InlineData(@"\bx?(?:ab){0,4}c(?!d)", 10)]
    public void The_longest_match_is_known(string pattern, int length)
    {
        TextRule.Regex("rule", pattern).MaxLength.Should().Be(length);
    }

    [Fact]
    public void Terms_are_whole_words_unless_told_otherwise()
    {
        Check(TextRule.Terms("t", ["cat", "C++"]), "Cat, concat, cats, c++ and C+++.").Should().Be("[t], concat, cats, [t] and [t]+.");
        Check(TextRule.Terms("t", ["cat"], wholeWords: false, ignoreCase: false), "Cat, concat.").Should().Be("Cat, con[t].");
    }

    [Fact]
    public void A_term_that_is_empty_or_no_term_at_all_is_refused()
    {
        ((Func<TextRule>)(() => TextRule.Terms("t", ["a", ""]))).Should().Throw<ArgumentException>().WithMessage("*'t' is empty*");
        ((Func<TextRule>)(() => TextRule.Terms("t", []))).Should().Throw<ArgumentException>().WithMessage("*no term*");
        ((Func<RuleGuardrail>)(() => new RuleGuardrail("g", []))).Should().Throw<ArgumentException>().WithMessage("*no rule*");
    }

    [Fact]
    public async Task A_check_tells_where_each_match_is()
    {
        var guardrail = new RuleGuardrail("g", [TextRule.Regex("number", @"\b\d{2,4}\b"), TextRule.Terms("word", ["stop"], RuleAction.Block)]);

        var replaced = await guardrail.CheckAsync(new GuardrailText("from 12 to 345", GuardrailStages.Input));
        var blocked = await guardrail.CheckAsync(new GuardrailText("please Stop 12", GuardrailStages.Input));

        replaced.Outcome.Should().Be(GuardrailOutcome.Replace);
        replaced.Findings.Should().Equal(new GuardrailFinding(new TextRange(5, 2), "number", "[number]"), new GuardrailFinding(new TextRange(11, 3), "number", "[number]"));
        blocked.Outcome.Should().Be(GuardrailOutcome.Block);
        blocked.Findings.Should().ContainSingle().Which.Range.Should().Be(new TextRange(7, 4));
        (await guardrail.CheckAsync(new GuardrailText("nothing", GuardrailStages.Input))).Should().BeSameAs(GuardrailVerdict.Allow);
    }

    private static string Check(TextRule rule, string text) => string.Concat(RulePieces.Filter(new RuleSet([rule]), [text]));
}
