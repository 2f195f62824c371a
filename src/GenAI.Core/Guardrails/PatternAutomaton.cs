namespace GenAI.Core.Guardrails;

/// <summary>
/// The patterns of several rules as one deterministic automaton that is made as texts need it. It is anchored: a run begins at one place of a text, says which rules match up to where,
/// and dies where none can any more. Safe for concurrent use.
/// </summary>
internal sealed class PatternAutomaton
{
    // A state takes some 100 bytes and a reference for each class. Above this the automaton begins anew: texts made to blow it up cost time, not memory.
    private const int MaxStates = 10_000;

    private readonly PatternMoves _moves;
    private readonly Lazy<PatternMoves> _relaxed;
    private readonly Lock _gate = new();
    private Dictionary<(int Before, string Cores), PatternState> _known = [];
    private PatternState?[] _starts;
    private PatternFilter? _filter;

    // For a class and the one before it, whether it is known that no run begins there.
    private readonly bool[] _nothingBegins;

    // For a class and the one before it, the run that begins there, where it is known.
    private PatternState?[] _begun;

    public PatternAutomaton(IReadOnlyList<PatternNode> patterns)
    {
        _moves = new PatternMoves(patterns, isRelaxed: false);
        _relaxed = new Lazy<PatternMoves>(() => new PatternMoves(patterns, isRelaxed: true));
        _starts = new PatternState?[Classes.Count + 1];
        _nothingBegins = new bool[(Classes.Count + 1) * (Classes.Count + 1)];
        _begun = new PatternState?[_nothingBegins.Length];
    }

    /// <summary>For <c>before * (Classes.Count + 1) + next</c>, whether it is known that no run begins there.</summary>
    public bool[] NothingBegins => _nothingBegins;

    /// <summary>For the same, the state that <see cref="Begin"/> returned when it was asked; null if it was not asked yet, or nothing begins.</summary>
    public PatternState?[] Begun => Volatile.Read(ref _begun);

    public CharClasses Classes => _moves.Classes;

    /// <summary>What tells quickly that nothing is matched. One that is full is replaced by <see cref="Renew"/>.</summary>
    public PatternFilter Filter => Volatile.Read(ref _filter) ?? Renew(full: null);

    /// <summary>Makes a new filter, unless another thread did.</summary>
    /// <param name="full">The filter that is full.</param>
    public PatternFilter Renew(PatternFilter? full)
    {
        lock (_gate)
            return _filter is { } present && present != full ? present : _filter = new PatternFilter(_relaxed.Value);
    }

    // The state in which a run begins behind a code unit of a class.
    private PatternState Start(int before)
    {
        lock (_gate)
            return _starts[before] ??= Find_NeedsLock(before, _moves.Entries);
    }

    /// <summary>A run that begins behind a code unit of a class with one of another; null if it dies at once.</summary>
    public PatternState? Begin(int before, int next)
    {
        var start = Volatile.Read(ref _starts[before]) ?? Start(before);
        var state = TryStep(start, next) ?? Compute(start, next);
        var place = before * (Classes.Count + 1) + next;
        if (state != PatternState.Dead)
        {
            Volatile.Write(ref Begun[place], state);
            return state;
        }

        _nothingBegins[place] = true;
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
            var (targets, matched) = _moves.Of(state.Cores, state.Before, next);
            state.Matched[next] = matched.Length == 0 ? null : matched;
            var to = targets.Length == 0 ? PatternState.Dead : Find_NeedsLock(next, targets);
            Volatile.Write(ref state.Next[next], to);
            if (matched.Length == 0 && to != PatternState.Dead)
                Volatile.Write(ref state.Plain[next], to);
            state.Fizzles[next] = matched.Length == 0 && to == PatternState.Dead;
            return to;
        }
    }

    private PatternState Find_NeedsLock(int before, int[] cores)
    {
        if (!_moves.LooksBack(cores))
            before = Classes.None;
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
            _starts = new PatternState?[Classes.Count + 1];
            Volatile.Write(ref _begun, new PatternState?[_nothingBegins.Length]);
        }

        _known.Add(key, state = new PatternState(before, cores, Classes.Count + 1));
        return state;
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

    /// <summary>By class, whether it is known that a run ends there without a match.</summary>
    public bool[] Fizzles { get; } = new bool[classes];

    /// <summary>The rules that are matched before a code unit of the class; null for none.</summary>
    public int[]?[] Matched { get; } = new int[]?[classes];
}
