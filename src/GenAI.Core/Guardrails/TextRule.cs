namespace GenAI.Core.Guardrails;

/// <summary>A rule about what a text must not contain: terms, or a regular expression of bounded length.</summary>
/// <remarks>
/// <para>Rules are matched by a finite automaton, never by backtracking: no text takes more than a few steps for each of its characters and of the places where a match may begin. A pattern without an
/// upper bound on the length of its matches is refused when the rule is made, because there would be none on what has to be held back while text streams.</para>
/// <para>At each place the longest match counts. Everything that any match covers is removed, also where matches overlap. Immutable; safe for concurrent use.</para>
/// </remarks>
public sealed class TextRule
{
    private readonly MatchPart? _part;
    private readonly Func<string, string>? _replace;

    private TextRule(string name, PatternNode pattern, RuleAction action, string? replacement, MatchPart? part, Func<string, string>? replace = null)
    {
        if (pattern.MinLength == 0)
            throw new FormatException($"The rule '{name}' would match the empty text, which is everywhere. Demand at least one character.");
        if (pattern.MaxLength > LongestMatch)
            throw new FormatException($"The rule '{name}' matches up to {pattern.MaxLength:N0} characters, which would have to be held back while text streams; at most {LongestMatch:N0} are supported. Lower its counts.");
        (Name, Pattern, Action, Replacement, _part, _replace) = (name, pattern, action, replacement ?? $"[{name}]", part, replace);
    }

    /// <summary>The most UTF-16 code units that a rule may match: 10,000.</summary>
    public const int LongestMatch = 10_000;

    /// <summary>The name, which decisions report.</summary>
    public string Name { get; }

    /// <summary>What is done with a text that matches.</summary>
    public RuleAction Action { get; }

    /// <summary>What stands in place of a match that is redacted.</summary>
    public string Replacement { get; }

    /// <summary>The most UTF-16 code units that a match has.</summary>
    public int MaxLength => Pattern.MaxLength;

    internal PatternNode Pattern { get; }

    /// <summary>Makes a rule of a regular expression.</summary>
    /// <param name="name">The name.</param>
    /// <param name="pattern">
    /// The expression, in the syntax of .NET as far as it describes texts of bounded length: characters, escapes, classes and categories, groups, alternatives, <c>?</c>, <c>{n}</c> and <c>{n,m}</c>,
    /// <c>\b</c> and <c>\B</c>, and looking one character back or ahead, such as <c>(?&lt;!\d)</c>. Not <c>*</c>, <c>+</c>, <c>{n,}</c>, <c>^</c>, <c>$</c>, nor back references.
    /// </param>
    /// <param name="action">What is done with a match. The default is to redact it.</param>
    /// <param name="replacement">What stands in its place; <c>[name]</c> if <see langword="null"/>.</param>
    /// <param name="ignoreCase">Whether case is ignored, by the invariant simple mappings. The default is that it counts.</param>
    /// <param name="test">
    /// Asked of every match, such as for its check digit; what it refuses is none. It sees the match alone, is called for every length that the pattern allows, and must be safe for concurrent use and fast.
    /// </param>
    /// <exception cref="FormatException">The pattern is malformed, has no upper bound, matches the empty text, or is too long; the message names the place and the remedy.</exception>
    public static TextRule Regex(string name, string pattern, RuleAction action = RuleAction.Redact, string? replacement = null, bool ignoreCase = false, Func<ReadOnlySpan<char>, bool>? test = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new TextRule(name, PatternParser.Parse(pattern, ignoreCase), action, replacement, test is null ? null : match => test(match) ? new TextRange(0, match.Length) : null);
    }

    /// <summary>Makes a rule of terms: words, phrases, or any other text.</summary>
    /// <param name="name">The name.</param>
    /// <param name="terms">The terms; none empty. White space counts as it is.</param>
    /// <param name="action">What is done with a match. The default is to redact it.</param>
    /// <param name="replacement">What stands in its place; <c>[name]</c> if <see langword="null"/>.</param>
    /// <param name="ignoreCase">Whether case is ignored, by the invariant simple mappings. The default is <see langword="true"/>.</param>
    /// <param name="wholeWords">Whether a term that begins or ends with a letter, digit or underscore must begin or end a word there. The default is <see langword="true"/>; scripts without spaces between words want <see langword="false"/>.</param>
    /// <exception cref="ArgumentException">There is no term, or one is empty.</exception>
    public static TextRule Terms(string name, IEnumerable<string> terms, RuleAction action = RuleAction.Redact, string? replacement = null, bool ignoreCase = true, bool wholeWords = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(terms);
        PatternNode[] patterns = [.. terms.Select(term => string.IsNullOrEmpty(term)
            ? throw new ArgumentException($"A term of the rule '{name}' is empty. Leave it out.", nameof(terms))
            : TermPattern(term, ignoreCase, wholeWords))];
        return patterns.Length == 0
            ? throw new ArgumentException($"The rule '{name}' has no term. Give one at least.", nameof(terms))
            : new TextRule(name, new PatternNode.Choice(patterns), action, replacement, part: null);
    }

    /// <summary>Makes a rule that finds something by what stands around it, or replaces it by something made of it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="pattern">The expression, of the context and of what is found.</param>
    /// <param name="part">Which part of a match is what is found; null if nothing is.</param>
    /// <param name="replace">What stands in place of what was found; <c>[name]</c> if <see langword="null"/>.</param>
    /// <param name="ignoreCase">Whether case is ignored.</param>
    /// <param name="action">What is done with a match.</param>
    internal static TextRule Find(string name, string pattern, MatchPart part, Func<string, string>? replace = null, bool ignoreCase = false, RuleAction action = RuleAction.Redact) =>
        new(name, PatternParser.Parse(pattern, ignoreCase, PatternParser.MaxOwnRepeats), action, replacement: null, part, replace);

    /// <summary>Whether what stands in place of a match depends on it.</summary>
    internal bool ReplacesByText => _replace is not null;

    /// <summary>The part of a match that is removed; null if the rule's own test refuses it.</summary>
    internal TextRange? PartOf(ReadOnlySpan<char> match) => _part is null ? new TextRange(0, match.Length) : _part(match);

    /// <summary>What stands in place of a text that was found.</summary>
    internal string ReplacementFor(string? found) => _replace is null || found is null ? Replacement : _replace(found);

    private static PatternNode.Sequence TermPattern(string term, bool ignoreCase, bool wholeWords)
    {
        var parts = new List<PatternNode>(term.Length + 2);
        if (wholeWords && CharSet.Word.Contains(term[0]))
            parts.Add(new PatternNode.Place(PlaceCondition.WordBoundary));
        foreach (var c in term)
            parts.Add(new PatternNode.One(ignoreCase ? CharSet.Of(c).IgnoringCase() : CharSet.Of(c)));
        if (wholeWords && CharSet.Word.Contains(term[^1]))
            parts.Add(new PatternNode.Place(PlaceCondition.WordBoundary));
        return new PatternNode.Sequence(parts);
    }
}
