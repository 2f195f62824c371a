namespace GenAI.Core.Guardrails;

/// <summary>
/// The patterns of several rules as one deterministic automaton that is made as texts need it. It is anchored: a run begins at one place of a text, says which rules match up to where,
/// and dies where none can any more. Safe for concurrent use.
/// </summary>
internal sealed class PatternAutomaton
{
    // A state takes some 100 bytes and a reference for each class. Above this the automaton begins anew: texts made to blow it up cost time, not memory.
    private const int MaxStates = 10_000;

    private readonly PatternGraph _graph = new();
    private readonly CharClasses _classes;
    private readonly int[] _entries;
    private readonly bool[]?[] _members;
    private readonly Lock _gate = new();
    private Dictionary<(int Before, string Cores), PatternState> _known = [];
    private PatternState?[] _starts;

    // For a class and the one before it, whether it is known that no run begins there.
    private readonly bool[] _nothingBegins;

    public PatternAutomaton(IReadOnlyList<PatternNode> patterns)
    {
        _entries = [.. patterns.Select((pattern, rule) => _graph.Add(pattern, rule))];
        var sets = new List<CharSet>();
        foreach (var state in _graph.States)
        {
            if ((state.Set ?? state.Condition?.Set) is { } set)
                sets.Add(set);
        }

        _classes = new CharClasses(sets);
        _members = new bool[]?[_graph.States.Length];
        for (var i = 0; i < _members.Length; i++)
        {
            if ((_graph.States[i].Set ?? _graph.States[i].Condition?.Set) is { } set)
                _members[i] = _classes.Members(set);
        }

        _starts = new PatternState?[_classes.Count + 1];
        _nothingBegins = new bool[(_classes.Count + 1) * (_classes.Count + 1)];
    }

    /// <summary>For <c>before * (Classes.Count + 1) + next</c>, whether it is known that no run begins there.</summary>
    public bool[] NothingBegins => _nothingBegins;

    public CharClasses Classes => _classes;

    // The state in which a run begins behind a code unit of a class.
    private PatternState Start(int before)
    {
        lock (_gate)
            return _starts[before] ??= Find_NeedsLock(before, _entries);
    }

    /// <summary>A run that begins behind a code unit of a class with one of another; null if it dies at once.</summary>
    public PatternState? Begin(int before, int next)
    {
        var start = Volatile.Read(ref _starts[before]) ?? Start(before);
        var state = TryStep(start, next) ?? Compute(start, next);
        if (state != PatternState.Dead)
            return state;
        _nothingBegins[before * (_classes.Count + 1) + next] = true;
        return null;
    }

    /// <summary>Where a run goes with the next code unit, if that was asked before; <see cref="PatternState.Matched"/> then says which rules match up to it, not including it.</summary>
    /// <param name="state">Where the run is; not <see cref="PatternState.Dead"/>.</param>
    /// <param name="next">The class of the code unit; <see cref="CharClasses.None"/> at the end of the text.</param>
    public static PatternState? TryStep(PatternState state, int next) => Volatile.Read(ref state.Next[next]);

    /// <summary>The same where it was not asked before.</summary>
    public PatternState Compute(PatternState state, int next)
    {
        lock (_gate)
        {
            var targets = new SortedSet<int>();
            var matched = new SortedSet<int>();
            var seen = new HashSet<int>(state.Cores);
            var open = new Stack<int>(state.Cores);
            while (open.TryPop(out var number))
            {
                ref readonly var at = ref _graph.States[number];
                if (at.Rule >= 0)
                    matched.Add(at.Rule);
                else if (at.Set is not null && _members[number]![next])
                    targets.Add(at.Next);
                else if (at.Condition is { } condition && condition.Holds(_members[number]![state.Before], _members[number]![next]) && seen.Add(at.Next))
                    open.Push(at.Next);
                foreach (var choice in at.Choices ?? [])
                {
                    if (seen.Add(choice))
                        open.Push(choice);
                }
            }

            state.Matched[next] = matched.Count == 0 ? null : [.. matched];
            var to = targets.Count == 0 ? PatternState.Dead : Find_NeedsLock(next, [.. targets]);
            Volatile.Write(ref state.Next[next], to);
            if (matched.Count == 0 && to != PatternState.Dead)
                Volatile.Write(ref state.Plain[next], to);
            return to;
        }
    }

    private PatternState Find_NeedsLock(int before, int[] cores)
    {
        if (!LooksBack(cores))
            before = _classes.None;
        var key = (before, string.Create(cores.Length * 2, cores, static (text, cores) =>
        {
            for (var i = 0; i < cores.Length; i++)
                (text[2 * i], text[2 * i + 1]) = ((char)(cores[i] >> 16), (char)cores[i]);
        }));
        if (_known.TryGetValue(key, out var state))
            return state;
        if (_known.Count == MaxStates)
        {
            // Runs that are on the way go on in the old states.
            _known = [];
            _starts = new PatternState?[_classes.Count + 1];
        }

        _known.Add(key, state = new PatternState(before, cores, _classes.Count + 1));
        return state;
    }

    /// <summary>Whether what comes from these states depends on the code unit before.</summary>
    private bool LooksBack(int[] cores)
    {
        var seen = new HashSet<int>(cores);
        var open = new Stack<int>(cores);
        while (open.TryPop(out var number))
        {
            ref readonly var at = ref _graph.States[number];
            if (at.Condition is { } condition)
            {
                if (condition.LooksBack)
                    return true;
                if (seen.Add(at.Next))
                    open.Push(at.Next);
            }

            foreach (var choice in at.Choices ?? [])
            {
                if (seen.Add(choice))
                    open.Push(choice);
            }
        }

        return false;
    }
}

/// <summary>A state of a <see cref="PatternAutomaton"/>.</summary>
/// <param name="before">The class of the code unit before, where that matters.</param>
/// <param name="cores">The states of the graph that it stands for, ascending.</param>
/// <param name="classes">The number of classes, with that of what is not there.</param>
internal sealed class PatternState(int before, int[] cores, int classes)
{
    /// <summary>Nothing can be matched any more.</summary>
    public static readonly PatternState Dead = new(0, [], 0);

    public int Before { get; } = before;

    public int[] Cores { get; } = cores;

    /// <summary>By class; null for what was never asked for. Written after <see cref="Matched"/>.</summary>
    public PatternState?[] Next { get; } = new PatternState?[classes];

    /// <summary>As <see cref="Next"/> where no rule is matched and the run goes on: the most frequent step.</summary>
    public PatternState?[] Plain { get; } = new PatternState?[classes];

    /// <summary>The rules that are matched before a code unit of the class; null for none.</summary>
    public int[]?[] Matched { get; } = new int[]?[classes];
}
