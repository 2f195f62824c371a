using System.Runtime.InteropServices;

namespace GenAI.Core.Guardrails;

/// <summary>A stretch of a text that a rule matches, in UTF-16 code units from the beginning of the text.</summary>
internal readonly record struct RuleMatch(int Rule, long Start, long End);

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
    private readonly List<Run> _runs = [];

    // Matches of living runs, which may still grow, and of dead ones.
    private readonly List<RuleMatch> _growing = [];
    private readonly List<RuleMatch> _settled = [];

    // What was read since the oldest living run began.
    private readonly List<char> _held = [];
    private long _position;
    private int _before = rules.Automaton.Classes.None;

    /// <summary>The first match of a rule that blocks; nothing is read after it.</summary>
    public RuleMatch? Blocked { get; private set; }

    /// <summary>Everything before this place is settled: no match can begin or change there. The suffix from here is held back.</summary>
    public long SettledEnd => _runs.Count > 0 ? _runs[0].Start : _position;

    /// <summary>Whether <see cref="TakeSettled"/> may have something.</summary>
    public bool HasSettled => _settled.Count > 0;

    /// <summary>Reads the next piece.</summary>
    public void Read(ReadOnlySpan<char> piece)
    {
        var (automaton, classes) = (rules.Automaton, rules.Automaton.Classes);
        for (var i = 0; i < piece.Length; i++)
        {
            var next = classes[piece[i]];
            if (_runs.Count > 0)
            {
                Advance(next);
                if (Blocked is not null)
                    return;
            }

            // A run that dies at once has matched nothing: no rule matches the empty text.
            var state = automaton.Step(automaton.Start(_before), next, out _);
            if (state != PatternState.Dead)
                _runs.Add(new Run(_position, state));
            if (_runs.Count > 0)
                _held.Add(piece[i]);
            _position++;
            _before = next;
        }
    }

    /// <summary>Ends the text.</summary>
    public void Complete()
    {
        if (Blocked is null)
            Advance(rules.Automaton.Classes.None);
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

    private void Advance(int next)
    {
        var kept = 0;
        for (var i = 0; i < _runs.Count; i++)
        {
            var run = _runs[i];
            var state = rules.Automaton.Step(run.State, next, out var matched);
            foreach (var rule in matched)
                Note(rule, run.Start);
            if (Blocked is not null)
                return;
            if (state != PatternState.Dead)
                _runs[kept++] = new Run(run.Start, state);
            else if (_growing.Count > 0)
                Settle(run.Start);
        }

        _runs.RemoveRange(kept, _runs.Count - kept);
        if (kept == 0)
            _held.Clear();
        else if (_held.Count - (int)(_position - _runs[0].Start) is > 0 and var stale)
            _held.RemoveRange(0, stale);
    }

    private void Note(int rule, long start)
    {
        var match = new RuleMatch(rule, start, _position);
        if (!rules[rule].Accepts(CollectionsMarshal.AsSpan(_held)[^(int)(_position - start)..]))
            return;
        if (rules[rule].Action == RuleAction.Block)
            Blocked = match;

        // They come in the order of their length, and the longest counts.
        var known = _growing.FindIndex(other => other.Rule == rule && other.Start == start);
        if (known >= 0)
            _growing[known] = match;
        else
            _growing.Add(match);
    }

    private void Settle(long start)
    {
        for (var i = _growing.Count - 1; i >= 0; i--)
        {
            if (_growing[i].Start != start)
                continue;
            _settled.Add(_growing[i]);
            _growing.RemoveAt(i);
        }
    }

    private readonly record struct Run(long Start, PatternState State);
}
