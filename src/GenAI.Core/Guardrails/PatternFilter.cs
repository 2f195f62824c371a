using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Guardrails;

/// <summary>What <see cref="PatternFilter.Find"/> came upon.</summary>
internal enum FilterResult
{
    /// <summary>Nothing more is matched in the text.</summary>
    Nothing,

    /// <summary>Something may be matched up to a place.</summary>
    Match,

    /// <summary>The filter has as many states as it may have, and needs another.</summary>
    Full,
}

/// <summary>
/// The runs of rules from all places of a text at once, as one deterministic automaton that is made as texts need it: one look into a table for each code unit tells that nothing is matched, and that is
/// all there is to say of most texts. Where something may be matched, and what, a <see cref="RuleScanner"/> finds out. So that few states suffice, repetitions are not counted to their end. Safe for concurrent use.
/// </summary>
internal sealed class PatternFilter
{
    // With two bytes for each class, a megabyte for rules that tell a hundred classes apart.
    private const int MaxStates = 4096;

    // Entries of the table: where to go, with a bit where something is matched before; or not known yet.
    private const ushort Matched = 0x8000, Unknown = 0xFFFF;

    private readonly PatternMoves _moves;
    private readonly int _idle;
    private readonly int _shift;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _known = [];

    // The first are those where no run lives, by the class of the code unit before.
    private readonly List<(int Before, int[] Cores)> _states = [];

    private ushort[] _table;

    /// <param name="moves">The steps of the rules' patterns, which may match more than those.</param>
    public PatternFilter(PatternMoves moves)
    {
        _moves = moves;
        _idle = moves.Classes.Count + 1;
        _shift = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)_idle));
        _table = new ushort[2 * _idle << _shift];
        Array.Fill(_table, Unknown);
        for (var before = 0; before < _idle; before++)
            _states.Add((before, []));
    }

    /// <summary>Looks for the first place up to which something is matched.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">Where to begin: a place that no match goes across.</param>
    /// <param name="begin">Receives the last such place before what was found.</param>
    /// <param name="place">Receives up to where something is matched.</param>
    public FilterResult Find(ReadOnlySpan<char> text, int from, out int begin, out int place)
    {
        var (classes, table, shift, idle) = (_moves.Classes, Volatile.Read(ref _table), _shift, _idle);
        var state = from == 0 ? classes.None : classes[text[from - 1]];
        begin = from;
        for (var i = from; ; i++)
        {
            int next;
            if ((uint)i < (uint)text.Length)
                next = classes[text[i]];
            else if (i == text.Length)
                next = classes.None;
            else
                break;
            var to = table[(state << shift) + next];
            if (to >= Matched)
            {
                if (to == Unknown)
                {
                    if (!TryCompute(state, next, out to))
                    {
                        place = i;
                        return FilterResult.Full;
                    }

                    table = Volatile.Read(ref _table);
                }

                if (to >= Matched)
                {
                    place = i;
                    return FilterResult.Match;
                }
            }

            state = to;
            if (state < idle)
                begin = i + 1;
        }

        place = text.Length;
        return FilterResult.Nothing;
    }

    private bool TryCompute(int state, int next, out ushort entry)
    {
        lock (_gate)
        {
            var (before, cores) = _states[state];
            var (targets, matched) = _moves.Of(cores.Concat(_moves.Entries), before, next);
            entry = 0;
            if (!TryNumber(next, targets, out var number))
                return false;
            entry = (ushort)(matched.Length > 0 ? number | Matched : number);
            _table[(state << _shift) + next] = entry;
            return true;
        }
    }

    private bool TryNumber(int before, int[] cores, out int number)
    {
        number = before;
        if (cores.Length == 0)
            return true;
        var key = new string((char)before, 1) + new string(MemoryMarshal.Cast<int, char>(cores));
        if (_known.TryGetValue(key, out number))
            return true;
        number = _states.Count;
        if (number == MaxStates)
            return false;
        _known.Add(key, number);
        _states.Add((before, cores));
        if (_states.Count << _shift > _table.Length)
        {
            var table = new ushort[2 * _table.Length];
            _table.CopyTo(table, 0);
            Array.Fill(table, Unknown, _table.Length, _table.Length);
            Volatile.Write(ref _table, table);
        }

        return true;
    }
}
