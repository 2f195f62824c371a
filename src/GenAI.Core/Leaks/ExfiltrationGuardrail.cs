using GenAI.Core.Guardrails;

namespace GenAI.Core.Leaks;

/// <summary>
/// Keeps a model that was talked into it from sending data away by what it writes: links and images to hosts that are not allowed, or with text in their URL, HTML that loads, sends or runs something,
/// and escape sequences of terminals. It is made of rules, so it works on text that streams.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ExfiltrationGuardrail : IRuleBased
{
    // Tags that load, send or run something, or change where others do.
    private const string ActiveTags = "script|iframe|frame|frameset|object|embed|applet|form|input|button|textarea|select|link|meta|style|base|svg|math|img|image|picture|video|audio|source|track|template|portal|body|html|marquee|details|isindex|xml|noscript|foreignobject|animate|set|use";

    // What a URL is made of, and how long one is that is looked at to its end; a longer one is not let through, whatever it is.
    private const string Url = @"[^\s\x00-\x1F\x7F<>""')\]}]";
    private const int LongestUrl = 2000;

    private readonly RuleGuardrail _rules;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="options">What it lets through; the defaults if <see langword="null"/>. Copied.</param>
    public ExfiltrationGuardrail(ExfiltrationOptions? options = null)
    {
        var copy = options?.Copy() ?? new ExfiltrationOptions();
        _rules = new RuleGuardrail("exfiltration", Rules(copy), copy.Stages);
    }

    /// <inheritdoc/>
    public string Name => _rules.Name;

    /// <inheritdoc/>
    public GuardrailStages Stages => _rules.Stages;

    /// <summary>The most UTF-16 code units of a text that streams that are ever held back.</summary>
    public int MaxHeldCharacters => _rules.MaxHeldCharacters;

    RuleGuardrail IRuleBased.Rules => _rules;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) => _rules.CheckAsync(text, cancellationToken);

    private static IEnumerable<TextRule> Rules(ExfiltrationOptions options)
    {
        // An image is fetched without a click, so it goes as a whole; of a link the address goes.
        yield return Rule("image", $@"!\[[^\]\n]{{0,300}}\]\([ ]{{0,2}}<?(?:{Url}{{1,{LongestUrl}}}(?!{Url})|{Url}{{{LongestUrl + 1}}})(?:[^\n)]{{0,200}}\))?", match => Unless(match, Allowed(Target(match), options, isLink: false)));
        yield return Rule("link", $@"\b(?:https?|ftp|wss?):[/\\]{{1,3}}(?:{Url}{{1,{LongestUrl}}}(?!{Url})|{Url}{{{LongestUrl + 1}}})", match => Unless(match, Allowed(match, options, isLink: true)));
        yield return Rule("link", $@"(?<=[\(""'=<\s])//[\w-]{{1,63}}\.(?:{Url}{{1,{LongestUrl}}}(?!{Url})|{Url}{{{LongestUrl + 1}}})", match => Unless(match, Allowed(match, options, isLink: true)));
        yield return Rule("script", @"\b(?:javascript|vbscript|livescript)[\s\x00-\x1F]{0,4}:[^\s""'<>)]{0,500}", match => new TextRange(0, match.Length));
        yield return Rule("script", @"\bdata:[\w.+-]{0,32}/[\w.+-]{1,32}[^\s""'<>)]{0,1000}", match => new TextRange(0, match.Length));
        yield return Rule("markup", $@"</?(?:{ActiveTags})(?![\w-])[^<>]{{0,1000}}>?", match => new TextRange(0, match.Length));
        yield return Rule("markup", @"<[a-z!/][^<>]{0,200}[\s/""']on[a-z]{3,24}\s{0,4}=", match => new TextRange(0, match.Length));
        if (!options.AllowHtml)
            yield return Rule("markup", @"</?(?:a|abbr|address|area|article|aside|b|big|blink|blockquote|br|center|code|div|dl|dt|em|font|h[1-6]|header|footer|hr|i|kbd|label|li|main|map|mark|nav|ol|option|p|pre|q|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var|wbr)(?:\s[^<>]{0,800})?/?>", match => new TextRange(0, match.Length));

        // ECMA-48: control sequences, strings of commands, and single escapes, with their forms of one code unit.
        yield return Rule("escape", @"\x1B\[[0-?]{0,64}[ -/]{0,8}[@-~]?", match => new TextRange(0, match.Length));
        yield return Rule("escape", @"\x1B[\]PX^_][^\x07\x1B\u009C]{0,1000}(?:\x07|\x1B\\|\u009C)?", match => new TextRange(0, match.Length));
        yield return Rule("escape", @"\x1B(?:[ -/]{1,4}[0-~]|[0-OQ-WYZ\\`-~])?", match => new TextRange(0, match.Length));
        yield return Rule("escape", @"[\u0080-\u0084\u0086-\u009F](?:[0-?]{0,64}[ -/]{0,8}[@-~])?", match => new TextRange(0, match.Length));

        TextRule Rule(string name, string pattern, MatchPart part) => TextRule.Find(name, pattern, part, ignoreCase: true, action: options.Action);
    }

    private static TextRange? Unless(ReadOnlySpan<char> match, bool isAllowed) => isAllowed ? null : new TextRange(0, match.Length);

    private static bool Allowed(ReadOnlySpan<char> url, ExfiltrationOptions options, bool isLink)
    {
        if (url.Length > LongestUrl)
            return false;

        // What ends the sentence is not of the address.
        url = url.TrimEnd(".,;:!?*_`|".AsSpan());
        var host = UrlContent.HostOf(url);
        if (UrlContent.CarriesText(url, options.CarriesContext))
            return false;
        return host.IsEmpty ? !url.Contains(':') : options.Allows(host) || (isLink && options.AllowLinks);
    }

    private static ReadOnlySpan<char> Target(ReadOnlySpan<char> image)
    {
        var target = image[(image.IndexOf("](") + 2)..].TrimStart(" <");
        var end = target.IndexOfAny(" )>\t".AsSpan());
        return end < 0 ? target : target[..end];
    }
}
