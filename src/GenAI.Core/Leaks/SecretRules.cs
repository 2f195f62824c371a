using GenAI.Core.Guardrails;

namespace GenAI.Core.Leaks;

/// <summary>The forms of keys and passwords, by the names that decisions report.</summary>
internal static class SecretRules
{
    private const string Assigned = @"[""']?[ \t]{0,2}(?:[:=]|=>|:=| is )[ \t]{0,2}[""'`]?";

    // Published by the providers, mostly so that scanners can find them.
    private static readonly (string Name, string Pattern)[] Formats =
    [
        ("AWS access key", @"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z2-7]{16}\b"),
        ("GitHub token", @"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"),
        ("GitLab token", @"\bgl(?:pat|ptt|dt|rt|oas|soat|cbt|ft|imt|agent)-[\w-]{20,64}"),
        ("Slack token", @"\bxox[abeoprs]-(?:[A-Za-z0-9]{1,64}-){1,4}[A-Za-z0-9]{10,64}\b"),
        ("Slack token", @"\bxapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8,16}-[a-f0-9]{32,80}\b"),
        ("Slack webhook", @"\bhooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{30,80}"),
        ("Stripe key", @"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,128}\b"),
        ("Stripe key", @"\bwhsec_[A-Za-z0-9+/]{24,64}"),
        ("Anthropic key", @"\bsk-ant-[A-Za-z0-9]{3,12}-[\w-]{24,128}"),
        ("OpenAI key", @"\bsk-(?:proj-|svcacct-|admin-|None-)[\w-]{20,200}"),
        ("OpenAI key", @"\bsk-[A-Za-z0-9]{32,64}\b"),
        ("OpenRouter key", @"\bsk-or-v1-[a-f0-9]{64}\b"),
        ("Hugging Face token", @"\b(?:hf|api_org)_[A-Za-z0-9]{34}\b"),
        ("Google key", @"\bAIza[\w-]{35}(?![\w-])"),
        ("Google token", @"\bya29\.[\w-]{30,500}"),
        ("Google client secret", @"\bGOCSPX-[\w-]{28}(?![\w-])"),
        ("Azure key", @"\b[A-Za-z0-9+/]{76}(?:AIoT|ASbT|ACDb|\+ASt|\+AMC|\+ARm|AzCa|AzFu|AzSe|ACR)[A-Za-z0-9+/]{4,8}={0,2}"),
        ("Azure client secret", @"(?<![\w~.-])[\w~.]{3}[0-9]Q~[\w~.-]{31,34}(?![\w~.-])"),
        ("npm token", @"\bnpm_[A-Za-z0-9]{36}\b"),
        ("PyPI token", @"\bpypi-AgE[\w-]{50,250}"),
        ("NuGet key", @"\boy2[a-z0-9]{43}\b"),
        ("RubyGems key", @"\brubygems_[a-f0-9]{48}\b"),
        ("SendGrid key", @"\bSG\.[\w-]{16,32}\.[\w-]{32,64}"),
        ("Mailgun key", @"\bkey-[a-f0-9]{32}\b"),
        ("Mailchimp key", @"\b[a-f0-9]{32}-us[0-9]{1,2}\b"),
        ("Twilio key", @"\bSK[a-f0-9]{32}\b"),
        ("Telegram token", @"(?<![\w:])[0-9]{8,10}:AA[\w-]{33}(?![\w-])"),
        ("Discord token", @"\b[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,38}"),
        ("DigitalOcean token", @"\bdo[opr]_v1_[a-f0-9]{64}\b"),
        ("Shopify token", @"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
        ("Databricks token", @"\bdapi[a-f0-9]{32}(?:-[0-9])?\b"),
        ("Docker token", @"\bdckr_(?:pat|oat)_[\w-]{27,32}"),
        ("Atlassian token", @"\bATATT3[\w=-]{100,300}"),
        ("Linear key", @"\blin_(?:api|oauth)_[A-Za-z0-9]{40,64}\b"),
        ("Notion token", @"\b(?:ntn_[A-Za-z0-9]{40,50}|secret_[A-Za-z0-9]{43})\b"),
        ("Square token", @"\b(?:sq0(?:atp|csp)-[\w-]{22,43}|EAAA[\w-]{60})(?![\w-])"),
        ("Groq key", @"\bgsk_[A-Za-z0-9]{52}\b"),
        ("xAI key", @"\bxai-[A-Za-z0-9]{80}\b"),
        ("Replicate token", @"\br8_[A-Za-z0-9]{37}\b"),
        ("Perplexity key", @"\bpplx-[A-Za-z0-9]{48}\b"),
        ("HashiCorp token", @"\bhv[sbr]\.[\w-]{24,300}"),
        ("Grafana token", @"\bgl(?:sa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}|c_[A-Za-z0-9+/=]{40,300})"),
        ("New Relic key", @"\bNRAK-[A-Z0-9]{27}\b"),
        ("Postman key", @"\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b"),
        ("PlanetScale password", @"\bpscale_(?:pw|tkn|oauth)_[\w.-]{32,64}"),
        ("Figma token", @"\bfigd_[\w-]{40,60}"),
        ("Sentry token", @"\bsntr[yu]s_[A-Za-z0-9+/=_]{50,200}"),
        ("Supabase key", @"\bsb(?:p|_secret)_[A-Za-z0-9_-]{20,64}"),
        ("age key", @"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b"),
        ("JSON web token", @"\beyJ[A-Za-z0-9_-]{8,1000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,1000}"),
    ];

    public static IEnumerable<TextRule> All(RuleAction action) =>
    [
        .. Formats.Select(format => TextRule.Find(format.Name, format.Pattern, Random, action: action)),
        TextRule.Find("private key", @"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\[nr]|[\r\n\t ]){1,4}[A-Za-z0-9+/=:,.-]{1,80}){0,100}", PrivateKey, action: action),
        TextRule.Find("private key", @"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=]{1,4000}", PrivateKey, action: action),
        TextRule.Find("AWS secret key", @"\baws_?(?:secret)?_?(?:access)?_?key" + Assigned + @"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])", match => Value(match, 3.5), ignoreCase: true, action: action),
        TextRule.Find("connection string", @"\b(?:password|pwd|accountkey|sharedaccesskey|sharedsecretvalue|sig)[ ]?=[ ]?[^;\s""'<>&{}$%]{6,200}(?=[;""'\s&])", match => Password(match, '='), ignoreCase: true, action: action),
        TextRule.Find("connection string", @"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@?#""'<>{}$]{0,64}:[^\s/@?#""'<>{}$]{3,128}@(?=[\w\[])", match => Password(match[..^1], ':'), ignoreCase: true, action: action),
        TextRule.Find("bearer token", @"\bBearer [A-Za-z0-9._~+/-]{20,500}={0,2}", match => Value(match, 3), action: action),
        TextRule.Find("secret", @"\b(?:[\w-]{0,24}[_-])?(?:api[_-]?key|apikey|secret|token|passwd|password|credentials?|auth[_-]?key|access[_-]?key|client[_-]?secret|private[_-]?key|signing[_-]?key|encryption[_-]?key)" + Assigned + @"[A-Za-z0-9+/_=.~!@#$%^&*-]{16,160}(?![A-Za-z0-9+/_=~-])", match => Value(match, 3.4), ignoreCase: true, action: action),
    ];

    // Examples in documentation are mostly of one letter.
    private static TextRange? Random(ReadOnlySpan<char> match) => Entropy(match) >= 2.5 ? new TextRange(0, match.Length) : null;

    private static TextRange? PrivateKey(ReadOnlySpan<char> match)
    {
        var end = match.LastIndexOf("-----END", StringComparison.Ordinal);
        if (end < 0)
            return new TextRange(0, match.Length);
        var close = match[(end + 8)..].IndexOf("-----");
        return new TextRange(0, close < 0 ? match.Length : end + 8 + close + 5);
    }

    private static TextRange? Value(ReadOnlySpan<char> match, double entropy)
    {
        var start = match.LastIndexOfAny(" \t\"'`".AsSpan()) + 1;
        if (start == 0)
            start = match.IndexOfAny(':', '=') + 1;
        var value = match[start..].TrimStart(":=>");
        start = match.Length - value.Length;

        // A word, a name of a member or a path has no digits, or few kinds of characters.
        return value.Length >= 16 && value.ContainsAnyInRange('0', '9') && HasLetter(value) && Entropy(value) >= entropy && !value.Contains("://", StringComparison.Ordinal)
            ? TextRange.FromBounds(start, match.Length)
            : null;
    }

    private static TextRange? Password(ReadOnlySpan<char> match, char before)
    {
        var start = before == '=' ? match.IndexOf('=') + 1 : match.LastIndexOf(':') + 1;
        while (start < match.Length && match[start] == ' ')
            start++;
        var value = match[start..];
        return value.Length < 3 || Placeholder(value) ? null : TextRange.FromBounds(start, match.Length);
    }

    private static bool Placeholder(ReadOnlySpan<char> value)
    {
        const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;
        return !value.ContainsAnyExcept(value[0], '.') || value[0] is '[' or '(' or '*'
            || value.StartsWith("your", Ignoring) || value.StartsWith("my", Ignoring) || value.Contains("password", Ignoring) || value.Contains("placeholder", Ignoring) || value.Contains("example", Ignoring);
    }

    private static bool HasLetter(ReadOnlySpan<char> value) => value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z');

    /// <summary>Bits for each character, by how often each occurs (C. Shannon, 1948).</summary>
    private static double Entropy(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var c in text)
            counts[c & 127]++;
        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                entropy -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        }

        return entropy;
    }
}
