using System.Runtime.CompilerServices;

namespace GenAI.Core.Guardrails;

/// <summary>
/// Finds what rules match in a text that comes in pieces. At any time it knows the shortest suffix that could still become (part of) a match; what stands before it is settled.
/// How the text is cut into pieces changes nothing.
/// </summary>
/// <remarks>
/// A run of the automaton begins at every place where one can, and lives as long as it can still match; the oldest living run is where the suffix begins. At each place and for each rule the
/// longest match counts that the rule's own test accepts. Most runs die at their second or third code unit; a rule that looks back, such as by <c>\b</c>, begins fewer.
/// One scanner reads one text; not safe for concurrent use.
/// </remarks>
internal sealed class RuleScanner(RuleSet rules)
{
    // Between looks at whether no run lives any more.
    private const int AtOnce = 32;

    private readonly PatternAutomaton _automaton = rules.Automaton;

    // Matches of living runs, which may still grow, and of dead ones.
    private readonly List<(long Run, RuleMatch Match)> _growing = [];
    private readonly List<RuleMatch> _settled = [];

    private Run[] _runs = new Run[8];
    private int _runCount;

    // What was read since the oldest living run began, and what is being read; it begins at _textStart.
    private char[] _text = [];
    private int _textLength;
    private long _textStart;
    private long _position;
    private int _before = rules.Automaton.Classes.None;

    /// <summary>The first match of a rule that blocks; nothing is read after it.</summary>
    public RuleMatch? Blocked { get; private set; }

    /// <summary>Everything before this place is settled: no match can begin or change there. The suffix from here is held back.</summary>
    public long SettledEnd => _runCount > 0 ? _runs[0].Start : _position;

    /// <summary>Whether <see cref="TakeSettled"/> may have something.</summary>
    public bool HasSettled => _settled.Count > 0;

    /// <summary>Reads a whole text, and nothing else: finds what <see cref="Read"/> and <see cref="Complete"/> find, and skips what cannot match.</summary>
    public void ReadWhole(ReadOnlySpan<char> text)
    {
        var (filter, isRenewed, at) = (_automaton.Filter, false, 0);
        while (Blocked is null && filter.Find(text, at, out var begin, out var place) is var result && result != FilterResult.Nothing)
        {
            if (result == FilterResult.Full)
            {
                // A text that fills two filters is read without one.
                (filter, at) = (_automaton.Renew(filter), begin);
                if (!isRenewed)
                {
                    isRenewed = true;
                    continue;
                }

                place = text.Length;
            }

            (at, _position, _textStart, _textLength) = (begin, begin, begin, 0);
            _before = begin == 0 ? _automaton.Classes.None : _automaton.Classes[text[begin - 1]];
            do
            {
                var length = Math.Min(text.Length - at, AtOnce);
                Read(text.Slice(at, length));
                at += length;
            }
            while (at < text.Length && Blocked is null && (at <= place || _runCount > 0));

            if (at < text.Length)
                continue;
            Complete();
            return;
        }
    }

    /// <summary>Reads the next piece.</summary>
    public void Read(ReadOnlySpan<char> piece)
    {
        Append(piece);
        var classes = _automaton.Classes;
        for (var i = 0; i < piece.Length; i++)
        {
            // Mostly there is no run, or one that goes on and matches nothing.
            if (_runCount <= 1)
            {
                var plain = ReadPlain(piece[i..], classes);
                _position += plain;
                i += plain;
                if (i == piece.Length)
                    break;
            }

            var next = classes[piece[i]];
            if (_runCount > 0)
            {
                Advance(next);
                if (Blocked is not null)
                    return;
            }

            // A run that dies at once has matched nothing: no rule matches the empty text.
            if (_automaton.Begin(_before, next) is { } state)
                Begin(state);
            _position++;
            _before = next;
        }

        Forget();
    }

    // Reads on while no run begins that lives for longer than a code unit, none ends and nothing is matched, and says how far.
    private int ReadPlain(ReadOnlySpan<char> piece, CharClasses classes)
    {
        var (nothingBegins, begun, width, before) = (_automaton.NothingBegins, _automaton.Begun, classes.Count + 1, _before);
        var i = 0;
        if (_runCount == 0)
        {
            for (; i < piece.Length; i++)
            {
                var next = classes[piece[i]];
                var pair = before * width + next;
                if (!nothingBegins[pair] && !Fizzles(begun[pair], piece, i, classes))
                    break;
                before = next;
            }
        }
        else
        {
            var state = _runs[0].State;
            for (; i < piece.Length; i++)
            {
                var next = classes[piece[i]];
                var pair = before * width + next;
                if ((!nothingBegins[pair] && !Fizzles(begun[pair], piece, i, classes)) || state.Plain[next] is not { } to)
                    break;
                (state, before) = (to, next);
            }

            _runs[0] = new Run(_runs[0].Start, state);
        }

        _before = before;
        return i;
    }

    // Whether a run that begins at a place is known to end with the next code unit of the piece, without a match.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fizzles(PatternState? begun, ReadOnlySpan<char> piece, int at, CharClasses classes) =>
        begun is not null && at + 1 < piece.Length && begun.Fizzles[classes[piece[at + 1]]];

    /// <summary>Ends the text.</summary>
    public void Complete()
    {
        if (Blocked is null)
            Advance(_automaton.Classes.None);
    }

    /// <summary>Takes the matches that are settled, by where they begin, the longest first.</summary>
    public IReadOnlyList<RuleMatch> TakeSettled()
    {
        if (_settled.Count == 0)
            return [];
        var end = SettledEnd;
        RuleMatch[] taken = [.. _settled.Where(match => match.Start < end).OrderBy(match => match.Start).ThenByDescending(match => match.End).ThenBy(match => match.Rule)];
        _settled.RemoveAll(match => match.Start < end);
        return taken;
    }

    private void Append(ReadOnlySpan<char> piece)
    {
        if (_textLength + piece.Length > _text.Length)
            Array.Resize(ref _text, Math.Max(_textLength + piece.Length, 2 * _text.Length));
        piece.CopyTo(_text.AsSpan(_textLength));
        _textLength += piece.Length;
    }

    // Keeps what living runs have read.
    private void Forget()
    {
        var stale = (int)(SettledEnd - _textStart);
        if (stale == 0)
            return;
        _text.AsSpan(stale, _textLength - stale).CopyTo(_text);
        _textLength -= stale;
        _textStart += stale;
    }

    private void Begin(PatternState state)
    {
        if (_runCount == _runs.Length)
            Array.Resize(ref _runs, 2 * _runCount);
        _runs[_runCount++] = new Run(_position, state);
    }

    private void Advance(int next)
    {
        var runs = _runs;
        var kept = 0;
        for (var i = 0; i < _runCount; i++)
        {
            var run = runs[i];
            var state = PatternAutomaton.TryStep(run.State, next) ?? _automaton.Compute(run.State, next);
            if (run.State.Matched[next] is { } matched)
            {
                foreach (var rule in matched)
                    Note(rule, run.Start);
                if (Blocked is not null)
                    return;
            }

            if (state != PatternState.Dead)
                runs[kept++] = new Run(run.Start, state);
            else if (_growing.Count > 0)
                Settle(run.Start);
        }

        _runCount = kept;
    }

    private void Note(int rule, long start)
    {
        var text = _text.AsSpan((int)(start - _textStart), (int)(_position - start));
        if (rules[rule].PartOf(text) is not { } part)
            return;
        var match = new RuleMatch(rule, start + part.Start, start + part.End, rules[rule].ReplacesByText ? text[part.Start..part.End].ToString() : null);
        if (rules[rule].Action == RuleAction.Block)
            Blocked = match;

        // They come in the order of their length, and the longest counts.
        var known = _growing.FindIndex(other => other.Match.Rule == rule && other.Run == start);
        if (known >= 0)
            _growing[known] = (start, match);
        else
            _growing.Add((start, match));
    }

    private void Settle(long start)
    {
        for (var i = _growing.Count - 1; i >= 0; i--)
        {
            if (_growing[i].Run != start)
                continue;
            _settled.Add(_growing[i].Match);
            _growing.RemoveAt(i);
        }
    }

    private readonly record struct Run(long Start, PatternState State);
}
