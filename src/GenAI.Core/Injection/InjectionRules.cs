using GenAI.Core.Guardrails;

namespace GenAI.Core.Injection;

/// <summary>Phrases that hardly anybody writes but to take over a model, as rules on normal text.</summary>
internal static class InjectionRules
{
    private const string Gap = @"[^a-z0-9\n]{1,4}";
    private const string Drop = "(?:ignore|disregard|forget|override|bypass|overlook|neglect|discard|dismiss)";
    private const string Earlier = "(?:previous|prior|above|preceding|earlier|foregoing|former|past|initial|original|existing|current|system|safety)";
    private const string Orders = "(?:instructions?|prompts?|directions?|directives?|commands?|orders?|guidelines|guidances?|rules|restrictions|programming|assignments?|tasks?|messages|conversations?|inputs)";

    // The name, and the pattern as it would be written without lookalikes.
    private static readonly (string Name, string Pattern)[] Phrases =
    [
        ("ignore instructions", $@"\b{Drop}{Gap}(?:(?:any|all|every|everything|each|of|the|your|my|our|these|those|this|that|and|or|other){Gap}){{0,4}}{Earlier}{Gap}(?:(?:and|or|{Earlier}){Gap}){{0,3}}{Orders}\b"),
        ("ignore instructions", $@"\b{Drop}{Gap}(?:all|any|every){Gap}(?:(?:of|the|your|other){Gap}){{0,2}}(?:instructions?|prompts?|directives?|programming)\b"),
        ("ignore instructions", $@"\b{Drop}{Gap}(?:all|everything|anything|what|whatever)(?:{Gap}(?:that|of|which|you|was|were|have|has|been|had|i|we|said|told|written)){{0,6}}{Gap}(?:before|above|earlier|previously|so far|until now|up to now)\b"),
        ("ignore instructions", @"\b(?:vergiss|vergessen sie|ignoriere?|ignorieren sie|missachte)[^a-z\n]{1,3}(?:[\wäöüß]{2,12}[^a-z\n]{1,2}){0,3}(?:anweisungen|instruktionen|befehle|aufgaben|angaben|vorgaben|regeln|vorherige|vorherigen|bisherigen)\b"),
        ("ignore instructions", @"\b(?:oublie[zr]?|ignore[zr]?)[^a-z\n]{1,3}(?:[\wéèêàç]{2,12}[^a-z\n]{1,2}){0,3}(?:instructions|consignes|directives|ordres|regles)\b"),
        ("ignore instructions", @"\b(?:olvida|olvide|olvidate de|ignora|ignore|ignorar)[^a-z\n]{1,3}(?:[\wñáéíóú]{2,12}[^a-z\n]{1,2}){0,3}(?:instrucciones|ordenes|indicaciones|reglas|instrucoes|istruzioni)\b"),
        ("ignore instructions", @"\b(?:zaboravi|ignoriraj|dimentica|esqueca|vergeet|zapomnij|glem|glom)[^a-z\n]{1,3}(?:[\w]{2,12}[^a-z\n]{1,2}){0,3}(?:instrukcije|upute|istruzioni|instrucoes|instructies|instrukcje|instruktioner)\b"),
        ("reveal prompt", $@"\b(?:reveal|show|print|repeat|output|display|tell|give|write|return|leak|expose|disclose|recite|dump|echo|share)(?:{Gap}(?:me|us|out|back|to|of|all|the|your|full|entire|exact|complete|whole|verbatim|hidden|secret|initial|original|own|current|contents?|text)){{1,8}}{Gap}(?:system{Gap}(?:prompt|message|instructions?)|(?:initial|original|hidden|secret){Gap}(?:prompt|instructions?)|prompt{Gap}(?:texts?|template)|pre-?prompt)\b"),
        ("reveal prompt", @"\bwhat (?:was|is|were|are) (?:written |said |stated )?(?:at the (?:beginning|start|top) of (?:this|your|the) (?:prompt|conversation|chat)|your (?:system |initial |original |exact |hidden )(?:prompt|instructions?|message))"),
        ("persona", @"\b(?:do anything now|developer mode (?:enabled|activated|output)|jailbr(?:eak|oken) ?mode|jailbroken|stay in character|dan mode|evil confidant|unfiltered (?:and|,|ai|chatbot|language)|amoral (?:ai|chatbot|and)|without any (?:moral|ethical) (?:or|and)|no (?:moral|ethical) (?:or|and) )"),
        ("persona", @"\b(?:from now on|henceforth),?(?: you)?(?:'re| are| will| shall| must| have to| should)?(?: now)?(?: going to| be| act| to act| pretend| behave| respond| answer| reply| have| only| always){1,4}\b"),
        ("persona", @"\byou (?:are|were) (?:now )?(?:free|freed|liberated|released|unbound) (?:from|of) (?:all|any|the|your|every)\b"),
        ("template", @"(?:<[i|](?:im_start|im_end|im_sep|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text)[i|]>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|### ?(?:system|instruction|new instructions?):)"),
        ("addressed", $@"\b(?:attention|note|notice|message|instructions?|important|reminder){Gap}(?:(?:to|for|all|any|the|every|other){Gap}){{1,3}}(?:ai|a\.i\.|llm|language|artificial|chat|gpt|assistant|model)\b(?:{Gap}(?:assistants?|models?|agents?|bots?|systems?|intelligence|llms?|reading|processing))?"),
        ("addressed", $@"\b(?:if|when) you(?:'re| are) (?:an? )?(?:ai|llm|large language model|language model|chatbot|artificial intelligence|automated (?:agent|system))\b"),
    ];

    /// <summary>The rules.</summary>
    public static RuleSet All { get; } = new(Phrases.Select(phrase => TextRule.Regex(phrase.Name, Write(phrase.Pattern), RuleAction.Redact)));

    // In normal text every l is an i, and a sign in a word is a letter; escapes have none of them.
    private static string Write(string pattern) => NormalText.Canonical(pattern);
}
