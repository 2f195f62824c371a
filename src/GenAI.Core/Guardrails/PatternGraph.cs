using System.Runtime.InteropServices;

namespace GenAI.Core.Guardrails;

/// <summary>The patterns of several rules as one nondeterministic automaton (K. Thompson, Regular Expression Search Algorithm, 1968).</summary>
/// <param name="isRelaxed">Whether repetition is counted to a few only and then goes on for as long as it can: more is matched, by far fewer states.</param>
internal sealed class PatternGraph(bool isRelaxed)
{
    // Each count that is told apart multiplies states; with fewer, too many numbers and words would be looked at again (0113).
    private const int MostCounted = 5;

    // Counted repetition is unrolled: (\w{1,100}\.){1,100} alone would have 10,000 states.
    private const int MaxStates = 200_000;

    private readonly List<State> _states = [];

    public ReadOnlySpan<State> States => CollectionsMarshal.AsSpan(_states);

    /// <summary>Adds a rule.</summary>
    /// <returns>The state that it begins in.</returns>
    public int Add(PatternNode pattern, int rule) => Build(pattern, Push(new State { Rule = rule }));

    private int Build(PatternNode node, int next) => node switch
    {
        PatternNode.One one => Push(new State { Set = one.Set, Next = next }),
        PatternNode.Place place => Push(new State { Condition = place.Condition, Next = next }),
        PatternNode.Sequence sequence => Sequence(sequence.Parts, next),
        PatternNode.Choice choice => Push(new State { Choices = [.. choice.Parts.Select(part => Build(part, next))] }),
        PatternNode.Repeat repeat => Repeat(repeat, next),
        _ => throw new InvalidOperationException($"A pattern has no part of type {node.GetType().Name}."),
    };

    private int Sequence(IReadOnlyList<PatternNode> parts, int next)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
            next = Build(parts[i], next);
        return next;
    }

    // x{1,3} is x(x(x)?)?, from the end.
    private int Repeat(PatternNode.Repeat repeat, int end)
    {
        if (isRelaxed && (repeat.Min > MostCounted || repeat.Max > repeat.Min + 1))
        {
            // A state that what it repeats comes back to.
            var loop = Push(new State { Choices = [] });
            _states[loop] = new State { Choices = [Build(repeat.Part, loop), end] };
            for (var i = 0; i < Math.Min(repeat.Min, MostCounted); i++)
                loop = Build(repeat.Part, loop);
            return loop;
        }

        var next = end;
        for (var i = repeat.Min; i < repeat.Max; i++)
            next = Push(new State { Choices = [Build(repeat.Part, next), end] });
        for (var i = 0; i < repeat.Min; i++)
            next = Build(repeat.Part, next);
        return next;
    }

    private int Push(State state)
    {
        if (_states.Count == MaxStates)
            throw new FormatException($"The rules take more than {MaxStates:N0} states. Lower the counts of nested repetitions, or spread the rules over several guardrails.");
        _states.Add(state);
        return _states.Count - 1;
    }

    /// <summary>A state: it reads one of a set, asks for a condition, branches, or ends a match.</summary>
    internal readonly struct State
    {
        public State()
        {
        }

        public CharSet? Set { get; init; }

        public PlaceCondition? Condition { get; init; }

        public int[]? Choices { get; init; }

        public int Next { get; init; }

        /// <summary>The rule that is matched here; -1 for none.</summary>
        public int Rule { get; init; } = -1;
    }
}
