using System.Globalization;

namespace GenAI.Core.Tokenization;

/// <summary>Reads the regular expressions that tokenizers use, in Oniguruma's Ruby syntax, over code points.</summary>
internal ref struct PatternParser
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private PatternParser(ReadOnlySpan<char> text) => _text = text;

    /// <exception cref="FormatException">The expression is malformed, or uses what is not supported.</exception>
    public static PatternNode Parse(string expression)
    {
        var parser = new PatternParser(expression);
        var tree = parser.Alternatives(ignoreCase: false);
        if (parser._at < expression.Length)
            throw parser.Error("an unmatched ')'");
        return tree.Link(new AcceptNode());
    }

    private readonly bool Ended => _at >= _text.Length;

    private PatternTree Alternatives(bool ignoreCase)
    {
        if (++_depth > 100)
            throw Error("groups nested more than 100 deep");
        var alternatives = new List<PatternTree> { Sequence(ref ignoreCase) };
        while (Take('|'))
            alternatives.Add(Sequence(ref ignoreCase));
        _depth--;
        return alternatives.Count == 1 ? alternatives[0] : new PatternTree.Choice(alternatives);
    }

    private PatternTree Sequence(ref bool ignoreCase)
    {
        var items = new List<PatternTree>();
        while (!Ended && _text[_at] is not ('|' or ')'))
        {
            var atom = Atom(ref ignoreCase);
            if (atom is not null)
                items.Add(Quantified(atom));
        }

        return items.Count == 1 ? items[0] : new PatternTree.Concatenation(items);
    }

    private PatternTree? Atom(ref bool ignoreCase)
    {
        var c = _text[_at];
        switch (c)
        {
            case '(':
                _at++;
                return Group(ref ignoreCase);
            case '[':
                _at++;
                return new PatternTree.Set(Class(ignoreCase));
            case '.':
                _at++;
                var any = new CharacterSet { IsNegated = true };
                any.AddRange('\n', '\n');
                return new PatternTree.Set(any);
            case '^' or '$':
                _at++;
                return new PatternTree.Anchor(c);
            case '*' or '+' or '?':
                throw Error("a repetition of nothing");
            case '\\' when _at + 1 < _text.Length && _text[_at + 1] is 'A' or 'z' or 'Z' or 'b' or 'B':
                _at += 2;
                return new PatternTree.Anchor(_text[_at - 1]);
            default:
                var set = new CharacterSet { IgnoresCase = ignoreCase };
                Character(set, inClass: false);
                return new PatternTree.Set(set);
        }
    }

    private PatternTree? Group(ref bool ignoreCase)
    {
        PatternTree tree;
        if (!Take('?'))
            tree = Alternatives(ignoreCase);
        else if (Take(':'))
            tree = Alternatives(ignoreCase);
        else if (Take('>'))
            tree = new PatternTree.Atomic(Alternatives(ignoreCase));
        else if (Take('='))
            tree = new PatternTree.Look(Alternatives(ignoreCase), false, false);
        else if (Take('!'))
            tree = new PatternTree.Look(Alternatives(ignoreCase), true, false);
        else if (_text[_at..].StartsWith("<=") || _text[_at..].StartsWith("<!"))
        {
            _at += 2;
            tree = new PatternTree.Look(Alternatives(ignoreCase), _text[_at - 1] == '!', true);
        }
        else
        {
            var on = true;
            var inner = ignoreCase;
            while (!Ended && _text[_at] is 'i' or 'm' or 's' or 'x' or '-')
            {
                var option = _text[_at++];
                if (option == '-')
                    on = false;
                else if (option == 'i')
                    inner = on;
                else if (on)
                    throw Error($"the option '{option}'");
            }

            if (Take(')'))
            {
                ignoreCase = inner;
                return null;
            }

            if (!Take(':'))
                throw Error("a group of an unknown kind");
            tree = Alternatives(inner);
        }

        if (!Take(')'))
            throw Error("a '(' that is not closed");
        return tree;
    }

    private PatternTree Quantified(PatternTree atom)
    {
        while (!Ended)
        {
            var (min, max) = (0, int.MaxValue);
            if (Take('+'))
                min = 1;
            else if (Take('?'))
                max = 1;
            else if (!Take('*') && !Bounds(out min, out max))
                return atom;
            var kind = Take('?') ? LoopKind.Lazy : Take('+') ? LoopKind.Possessive : LoopKind.Greedy;
            atom = new PatternTree.Repeat(atom, min, max, kind);
        }

        return atom;
    }

    private bool Bounds(out int min, out int max)
    {
        (min, max) = (0, int.MaxValue);
        if (_text[_at] != '{' || _text[_at..].IndexOf('}') is var length && length < 2)
            return false;
        var bounds = _text.Slice(_at + 1, length - 1);
        var comma = bounds.IndexOf(',');
        if (comma < 0 ? !Number(bounds, out min) : (comma > 0 && !Number(bounds[..comma], out min)) || (comma + 1 < bounds.Length && !Number(bounds[(comma + 1)..], out max)))
            return false;
        if (comma < 0)
            max = min;
        if (min > 1000 || (max != int.MaxValue && max > 100_000) || max < min)
            throw Error("a repetition out of range");
        _at += length + 1;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private CharacterSet Class(bool ignoreCase)
    {
        if (++_depth > 100)
            throw Error("classes nested more than 100 deep");
        var set = new CharacterSet { IgnoresCase = ignoreCase, IsNegated = Take('^') };
        var whole = set;
        for (var first = true; ; first = false)
        {
            if (Ended)
                throw Error("a '[' that is not closed");
            if (!first && Take(']'))
                break;
            if (_text[_at..].StartsWith("&&"))
            {
                // The rest is the other side of the intersection.
                _at += 2;
                var rest = new CharacterSet { IgnoresCase = ignoreCase };
                var left = set;
                set = rest;
                left.Intersect(rest);
                first = true;
                continue;
            }

            if (_text[_at..].StartsWith("[:"))
                PatternEscapes.AddPosix(ref this, set);
            else if (Take('['))
                set.AddSet(Class(ignoreCase));
            else
                Character(set, inClass: true);
        }

        _depth--;
        return whole;
    }

    // One character or escape, or in a class a range.
    private void Character(CharacterSet set, bool inClass)
    {
        if (_text[_at] == '\\' && PatternEscapes.AddSet(ref this, set))
            return;
        var first = PatternEscapes.CodePoint(ref this);
        var last = first;
        if (inClass && _at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
        {
            _at++;
            last = PatternEscapes.CodePoint(ref this);
            if (last < first)
                throw Error("a range that runs backwards");
        }

        set.AddRange(first, last);
    }

    /// <summary>What is not yet read.</summary>
    internal readonly ReadOnlySpan<char> Rest => _text[_at..];

    internal void Skip(int count) => _at = Math.Min(_text.Length, _at + count);

    internal bool Take(char c)
    {
        if (Ended || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    internal readonly FormatException Error(string what) => new($"the expression '{_text}' has {what} at character {_at}, which is malformed or not supported");
}
