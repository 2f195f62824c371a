namespace GenAI.Core.Guardrails;

/// <summary>The steps of the nondeterministic automaton of several patterns, over classes of code units. Immutable.</summary>
internal sealed class PatternMoves
{
    private readonly PatternGraph _graph;
    private readonly int[] _entries;
    private readonly bool[]?[] _members;

    /// <param name="patterns">The patterns, by rule.</param>
    /// <param name="isRelaxed">Whether counted repetition may go on for longer than it says, which takes fewer states.</param>
    public PatternMoves(IReadOnlyList<PatternNode> patterns, bool isRelaxed)
    {
        _graph = new PatternGraph(isRelaxed);
        _entries = [.. patterns.Select((pattern, rule) => _graph.Add(pattern, rule))];
        var sets = new CharSet?[_graph.States.Length];
        for (var i = 0; i < sets.Length; i++)
            sets[i] = _graph.States[i].Set ?? _graph.States[i].Condition?.Set;
        Classes = new CharClasses(sets.OfType<CharSet>());
        _members = [.. sets.Select(set => set is null ? null : Classes.Members(set))];
    }

    public CharClasses Classes { get; }

    /// <summary>The states in which runs begin.</summary>
    public int[] Entries => _entries;

    /// <summary>Where states go with the next code unit, and which rules they match before it; both ascending.</summary>
    /// <param name="cores">The states.</param>
    /// <param name="before">The class of the code unit before.</param>
    /// <param name="next">That of the next one.</param>
    public (int[] Targets, int[] Matched) Of(IEnumerable<int> cores, int before, int next)
    {
        var (targets, matched) = (new SortedSet<int>(), new SortedSet<int>());
        var seen = new HashSet<int>(cores);
        var open = new Stack<int>(seen);
        while (open.TryPop(out var number))
        {
            ref readonly var at = ref _graph.States[number];
            if (at.Rule >= 0)
                matched.Add(at.Rule);
            else if (at.Set is not null && _members[number]![next])
                targets.Add(at.Next);
            else if (at.Condition is { } condition && condition.Holds(_members[number]![before], _members[number]![next]) && seen.Add(at.Next))
                open.Push(at.Next);
            foreach (var choice in at.Choices ?? [])
            {
                if (seen.Add(choice))
                    open.Push(choice);
            }
        }

        return ([.. targets], [.. matched]);
    }

    /// <summary>Whether what comes from these states depends on the code unit before.</summary>
    public bool LooksBack(int[] cores)
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
