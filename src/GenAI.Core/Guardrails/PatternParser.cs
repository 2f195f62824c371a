using System.Globalization;

namespace GenAI.Core.Guardrails;

/// <summary>Reads a regular expression into a pattern of bounded length, or says why that cannot be.</summary>
/// <remarks>
/// The syntax of .NET as far as it describes a bounded set of texts: characters and escapes, classes, groups, alternatives, counted repetition, word
/// boundaries, and looking one character back or ahead. Whitespace is significant. What has no finite bound (<c>*</c>, <c>+</c>, <c>{n,}</c>) or
/// no automaton (back references) is refused, with the place.
/// </remarks>
internal ref struct PatternParser
{
    // Deep nesting is written by programs, not by people, and would exhaust the stack.
    private const int MaxDepth = 100;

    // A repetition is unrolled: 1,000 is the longest that a rule on running text has been seen to need by far.
    private const int MaxRepeats = 1000;

    /// <summary>The same for rules that come with the library, whose counts are known to be harmless: tokens and keys are longer than words.</summary>
    public const int MaxOwnRepeats = 4000;

    private readonly ReadOnlySpan<char> _text;
    private readonly string _pattern;
    private readonly bool _ignoreCase;
    private readonly int _maxRepeats;
    private int _at;
    private int _depth;

    private PatternParser(string pattern, bool ignoreCase, int maxRepeats)
    {
        _maxRepeats = maxRepeats;
        _pattern = pattern;
        _text = pattern;
        _ignoreCase = ignoreCase;
    }

    /// <exception cref="FormatException">The pattern is malformed, unbounded, or uses what is not supported; the message names the place and the remedy.</exception>
    public static PatternNode Parse(string pattern, bool ignoreCase, int maxRepeats = MaxRepeats)
    {
        var parser = new PatternParser(pattern, ignoreCase, maxRepeats);
        var node = parser.Alternatives();
        if (parser._at < pattern.Length)
            throw parser.Error("')' closes no group", "Escape it as '\\)'.");
        return node;
    }

    private PatternNode Alternatives()
    {
        if (++_depth > MaxDepth)
            throw Error($"groups nest deeper than {MaxDepth}", "Flatten them.");
        var parts = new List<PatternNode> { Sequence() };
        while (TryTake('|'))
            parts.Add(Sequence());
        _depth--;
        return parts.Count == 1 ? parts[0] : new PatternNode.Choice(parts);
    }

    private PatternNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
            parts.Add(Repetition());
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode Repetition()
    {
        var start = _at;
        var node = Atom();
        while (_at < _text.Length && TryQuantifier(out var min, out var max))
        {
            if (node is PatternNode.Place)
                throw Error("a condition on a place is repeated", "Leave the quantifier out.", start);
            if (_at < _text.Length && _text[_at] is '?' or '+')
                throw Error($"'{_text[_at]}' makes a quantifier lazy or possessive, which changes nothing here: the longest match counts", "Leave it out.");
            node = new PatternNode.Repeat(node, min, max);
        }

        return node;
    }

    private bool TryQuantifier(out int min, out int max)
    {
        (min, max) = (0, 1);
        switch (_text[_at])
        {
            case '?':
                _at++;
                return true;
            case '*' or '+':
                throw Unbounded($"'{_text[_at]}'");
            case '{' when PatternCount.TryRead(_text[_at..], out min, out var most, out var length):
                if (most is null)
                    throw Unbounded($"'{_text.Slice(_at, length)}'");
                if (most > _maxRepeats)
                    throw Error($"'{_text.Slice(_at, length)}' repeats up to {most} times", $"At most {_maxRepeats} are supported.");
                if (most < min)
                    throw Error($"'{_text.Slice(_at, length)}' ends before it begins", "Swap the numbers.");
                max = most.Value;
                _at += length;
                return true;
            default:
                return false;
        }
    }

    private PatternNode Atom()
    {
        var c = _text[_at];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                _at++;
                return One(Class());
            case '.':
                _at++;
                return new PatternNode.One(CharSet.NewLine.Complement());
            case '\\':
                return Escape();
            case '^' or '$':
                throw Error($"'{c}' ties the pattern to a line or to the whole text, which does not exist yet while it streams", "Use '\\b', '(?<!...)' or '(?!...)' with one character.");
            case '*' or '+' or '?':
                throw Error($"'{c}' repeats nothing", $"Escape it as '\\{c}'.");
            default:
                _at++;
                return One(CharSet.Of(c));
        }
    }

    private PatternNode Group()
    {
        var start = _at++;
        if (TryTake("?<="))
            return Look(PlaceKind.Before, start);
        if (TryTake("?<!"))
            return Look(PlaceKind.NotBefore, start);
        if (TryTake("?="))
            return Look(PlaceKind.After, start);
        if (TryTake("?!"))
            return Look(PlaceKind.NotAfter, start);
        if (!TryTake("?:") && TryTake("?"))
            throw Error("this kind of group is not supported", "Use '(...)' or '(?:...)'.", start);

        var node = Alternatives();
        Close(start);
        return node;
    }

    private PatternNode.Place Look(PlaceKind kind, int start)
    {
        var node = Alternatives();
        Close(start);
        return node is PatternNode.One one
            ? new PatternNode.Place(new PlaceCondition(kind, one.Set))
            : throw Error("only a single character or class can be looked for before or after a place", "Write it as a class, such as '(?<![\\w.])'.", start);
    }

    private void Close(int start)
    {
        if (!TryTake(')'))
            throw Error("the group is not closed", "Add ')', or escape '('.", start);
    }

    private PatternNode Escape()
    {
        var start = _at++;
        if (_at == _text.Length)
            throw Error("the pattern ends with '\\'", "Write '\\\\' for a backslash.", start);
        switch (_text[_at])
        {
            case 'b':
                _at++;
                return new PatternNode.Place(PlaceCondition.WordBoundary);
            case 'B':
                _at++;
                return new PatternNode.Place(PlaceCondition.NoWordBoundary);
            case 'A' or 'G' or 'z' or 'Z':
                throw Error($"'\\{_text[_at]}' ties the pattern to the whole text, which does not exist yet while it streams", "Leave it out.", start);
            case (>= '1' and <= '9') or 'k':
                throw Error("a back reference has no finite automaton", "Write out what may be repeated.", start);
            default:
                return One(EscapedSet(start));
        }
    }

    // The text stands behind the backslash.
    private CharSet EscapedSet(int start)
    {
        var c = _text[_at++];
        return c switch
        {
            'd' => CharSet.Digits,
            'D' => CharSet.Digits.Complement(),
            'w' => CharSet.Word,
            'W' => CharSet.Word.Complement(),
            's' => CharSet.WhiteSpace,
            'S' => CharSet.WhiteSpace.Complement(),
            'p' => Category(start),
            'P' => Category(start).Complement(),
            't' => CharSet.Of('\t'),
            'n' => CharSet.Of('\n'),
            'r' => CharSet.Of('\r'),
            'f' => CharSet.Of('\f'),
            'v' => CharSet.Of('\v'),
            'e' => CharSet.Of('\u001B'),
            '0' => CharSet.Of('\0'),
            'x' => CharSet.Of(Hexadecimal(2, start)),
            'u' => CharSet.Of(Hexadecimal(4, start)),
            _ when char.IsAsciiLetterOrDigit(c) => throw Error($"'\\{c}' is no known escape", $"Write '{c}' for the character itself.", start),
            _ => CharSet.Of(c),
        };
    }

    private char Hexadecimal(int digits, int start)
    {
        if (_at + digits > _text.Length || !ushort.TryParse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw Error($"'\\{_text[_at - 1]}' is not followed by {digits} hexadecimal digits", "Add them.", start);
        _at += digits;
        return (char)value;
    }

    private CharSet Category(int start)
    {
        var end = _at < _text.Length && _text[_at] == '{' ? _text[_at..].IndexOf('}') : -1;
        var name = end < 0 ? "" : _text[(_at + 1)..(_at + end)].ToString();
        _at += Math.Max(0, end + 1);
        return PatternCategories.Find(name) ?? throw Error($"'{_text[start.._at]}' names no general category of Unicode", "Use one such as '\\p{L}', '\\p{Lu}' or '\\p{Nd}'.", start);
    }

    private CharSet Class()
    {
        var start = _at - 1;
        var negated = TryTake('^');
        var ranges = new List<(char From, char To)>();
        for (var first = true; ; first = false)
        {
            if (_at == _text.Length)
                throw Error("the class is not closed", "Add ']', or escape '['.", start);
            if (_text[_at] == ']' && !first)
                break;
            AddMember(ranges, start);
        }

        _at++;
        var set = CharSet.Of(ranges);
        if (_ignoreCase)
            set = set.IgnoringCase();
        if (negated)
            set = set.Complement();
        return set.IsEmpty ? throw Error("the class has no character", "Take it out.", start) : set;
    }

    private void AddMember(List<(char From, char To)> ranges, int start)
    {
        if (_text[_at..].StartsWith("-["))
            throw Error("one class cannot be taken out of another", "List what remains.");
        var member = ClassMember();
        if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
        {
            _at++;
            var to = ClassMember();
            if (Single(member) is not { } first || Single(to) is not { } last || last < first)
                throw Error("the range does not go from a character up to another", "Put the lower one first, or '-' at the end of the class.", start);
            ranges.Add((first, last));
            return;
        }

        ranges.AddRange(member.Ranges);
    }

    private CharSet ClassMember()
    {
        var start = _at;
        var c = _text[_at++];
        if (c != '\\')
            return char.IsSurrogate(c) ? throw Surrogate(start) : CharSet.Of(c);
        if (_at == _text.Length)
            throw Error("the pattern ends with '\\'", "Write '\\\\' for a backslash.", start);
        if (_text[_at] == 'b')
        {
            _at++;
            return CharSet.Of('\b');
        }

        return EscapedSet(start);
    }

    private static char? Single(CharSet set) => set.Ranges is [var (from, to)] && from == to ? from : null;

    private readonly PatternNode.One One(CharSet set) => new(_ignoreCase ? set.IgnoringCase() : set);

    private bool TryTake(char c)
    {
        if (_at == _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private bool TryTake(string text)
    {
        if (!_text[_at..].StartsWith(text, StringComparison.Ordinal))
            return false;
        _at += text.Length;
        return true;
    }

    private readonly FormatException Unbounded(string quantifier) =>
        Error($"{quantifier} has no upper bound, so there is none on what would have to be held back while text streams", "Give one, such as '{1,64}'.");

    private readonly FormatException Surrogate(int at) =>
        Error("a character outside the Basic Multilingual Plane is two UTF-16 code units and cannot stand in a class", "Write alternatives instead: '(?:x|y)'.", at);

    private readonly FormatException Error(string problem, string remedy, int? at = null) =>
        new($"The pattern '{_pattern}' is not accepted at position {at ?? _at}: {problem}. {remedy}");
}
