using System.Text;

namespace GenAI.Core.Guardrails;

/// <summary>
/// Lets a text through that comes in pieces, without what rules match. What was let through is never taken back and holds no part of a match; only the shortest suffix that could
/// still become a match is held back. One filter for one text; not safe for concurrent use.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="replace">What stands in place of a match, whose text is given for rules that replace by text; what the rule says if null.</param>
internal sealed class RuleFilter(RuleSet rules, Func<RuleMatch, string>? replace = null)
{
    private readonly RuleScanner _scanner = new(rules);
    private readonly StringBuilder _held = new();
    private readonly List<RuleMatch> _matches = [];

    // How far the text was let through or removed.
    private long _done;

    // Up to where, and by which rule, it was removed.
    private (long End, int Rule) _removed = (0, -1);

    /// <summary>The match that blocked the text; nothing is let through after it.</summary>
    public RuleMatch? Blocked => _scanner.Blocked;

    /// <summary>What was matched so far and settled, by where it begins.</summary>
    public IReadOnlyList<RuleMatch> Matches => _matches;

    /// <summary>How many UTF-16 code units are held back now.</summary>
    public int HeldLength => _held.Length;

    /// <summary>Reads the next piece.</summary>
    /// <returns>What may be let through now.</returns>
    public string Read(ReadOnlySpan<char> piece)
    {
        if (Blocked is not null)
            return "";
        _scanner.Read(piece);
        if (_held.Length == 0 && Blocked is null && !_scanner.HasSettled && _scanner.SettledEnd == _done + piece.Length && !EndsInHighSurrogate(piece))
        {
            // Nothing that could be a match: the most frequent case.
            _done += piece.Length;
            return piece.ToString();
        }

        _held.Append(piece);
        return Release(isComplete: false);
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back, without what rules match.</returns>
    public string Complete()
    {
        if (Blocked is not null)
            return "";
        _scanner.Complete();
        return Release(isComplete: true);
    }

    private string Release(bool isComplete)
    {
        var released = new StringBuilder();
        foreach (var match in _scanner.TakeSettled())
        {
            if (match.End <= _removed.End)
                continue;
            _matches.Add(match);

            // Overlapping matches of one rule are replaced as one.
            Pass(released, Math.Max(match.Start, _done));
            if (match.Rule != _removed.Rule || match.Start >= _removed.End)
                released.Append(replace is null ? rules[match.Rule].ReplacementFor(match.Text) : replace(match));
            Drop(match.End);
            _removed = (match.End, match.Rule);
        }

        Pass(released, _scanner.SettledEnd);
        return released.ToString();

        void Pass(StringBuilder target, long to)
        {
            var length = (int)(Math.Min(to, _done + _held.Length) - _done);
            // Half a character is not let through: the other half may be on its way.
            if (length > 0 && !isComplete && length == _held.Length && char.IsHighSurrogate(_held[length - 1]))
                length--;
            if (length <= 0)
                return;
            target.Append(_held, 0, length);
            _held.Remove(0, length);
            _done += length;
        }

        void Drop(long to)
        {
            _held.Remove(0, (int)(to - _done));
            _done = to;
        }
    }

    private static bool EndsInHighSurrogate(ReadOnlySpan<char> piece) => piece.Length > 0 && char.IsHighSurrogate(piece[^1]);
}
