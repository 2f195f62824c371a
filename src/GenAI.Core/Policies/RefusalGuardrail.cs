using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Finds out that a model refused, by the phrases that it then uses, so that an application can say so itself. It is made of rules, so it works on text that streams.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="action">What is done with a reply that refuses. The default is to block it.</param>
public sealed class RefusalGuardrail(RuleAction action = RuleAction.Block) : IRuleBased
{
    private const string Cannot = "(?:can(?:no|['’])t|can not|am (?:not able|unable) to|['’]m (?:not able|unable) to|won['’]t|will not|must decline to|have to decline to)";

    private static readonly string[] Patterns =
    [
        $@"\bI(?:['’]m sorry,?(?: but)?| apologi[sz]e,?(?: but)?|, as an AI,?)? ?I? ?{Cannot} (?:help|assist|provide|comply|answer|fulfill?|do that|support|discuss|engage|create|generate|write|continue|share|give|offer|participate)",
        $@"\b(?:I['’]m sorry|I am sorry|Sorry|I apologi[sz]e|Unfortunately),?(?: but)? I {Cannot}",
        @"\bas an? (?:AI|artificial intelligence|large language|language)(?: language)?(?: model| assistant)?,? I (?:can(?:no|['’])t|do not|don['’]t|am not|must not|have no)",
        @"\b(?:that|this|it) (?:is|would be|goes) (?:against|in violation of|violates?) (?:my|our|the|openai['’]s) (?:\w{1,16} )?(?:guidelines|policy|policies|programming|rules|principles)",
        @"\bI(?:['’]m| am) (?:not (?:comfortable|programmed|allowed|permitted|designed)|unable) (?:to |with )",
        @"\b(?:Ich kann|Leider kann ich) (?:Ihnen |dir |dabei |diese |das |dazu ){1,3}(?:leider )?(?:nicht|keine)",
        @"\bJe (?:suis désolé|ne peux pas|ne suis pas en mesure)",
        @"\b(?:Lo siento, pero no puedo|No puedo ayudar|Desculpe, mas não posso|Mi dispiace, ma non posso)",
    ];

    private readonly RuleGuardrail _rules = new("refusal", Patterns.Select(pattern => TextRule.Regex("refusal", pattern, action, ignoreCase: true)), GuardrailStages.Output);

    /// <inheritdoc/>
    public string Name => _rules.Name;

    /// <inheritdoc/>
    public GuardrailStages Stages => _rules.Stages;

    RuleGuardrail IRuleBased.Rules => _rules;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) => _rules.CheckAsync(text, cancellationToken);
}
