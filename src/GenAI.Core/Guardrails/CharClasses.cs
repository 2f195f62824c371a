using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Guardrails;

/// <summary>Code units that no set of some automaton tells apart, as one class: classes are counted from 0, and each set is a set of classes.</summary>
internal sealed class CharClasses
{
    // There is a place for every code unit, so none has to be checked.
    private readonly ushort[] _classes = new ushort[char.MaxValue + 1];
    private readonly Dictionary<string, bool[]> _members = [];

    public CharClasses(IEnumerable<CharSet> sets)
    {
        var distinct = sets.DistinctBy(Key).ToList();
        var starts = new SortedSet<int> { 0 };
        foreach (var (from, to) in distinct.SelectMany(set => set.Ranges))
        {
            starts.Add(from);
            starts.Add(to + 1);
        }

        starts.Remove(char.MaxValue + 1);

        // Two intervals are of one class if each set has both or neither.
        var intervals = starts.ToArray();
        var classOf = new int[intervals.Length];
        foreach (var set in distinct)
        {
            var refined = new Dictionary<(int Class, bool IsMember), int>();
            for (var i = 0; i < intervals.Length; i++)
            {
                var key = (classOf[i], set.Contains((char)intervals[i]));
                if (!refined.TryGetValue(key, out var number))
                    refined.Add(key, number = refined.Count);
                classOf[i] = number;
            }
        }

        Count = classOf.Max() + 1;
        for (var i = 0; i < intervals.Length; i++)
            _classes.AsSpan(intervals[i]..(i + 1 < intervals.Length ? intervals[i + 1] : char.MaxValue + 1)).Fill((ushort)classOf[i]);

        foreach (var set in distinct)
        {
            // The last place is what is not there, which is in no set.
            var members = new bool[Count + 1];
            for (var i = 0; i < intervals.Length; i++)
                members[classOf[i]] |= set.Contains((char)intervals[i]);
            _members.Add(Key(set), members);
        }
    }

    public int Count { get; }

    /// <summary>The class of what is not there: before the first code unit and behind the last.</summary>
    public int None => Count;

    public int this[char c] => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_classes), c);

    /// <summary>For each class, and for <see cref="None"/>, whether it is in a set.</summary>
    public bool[] Members(CharSet set) => _members[Key(set)];

    private static string Key(CharSet set) => string.Create(set.Ranges.Count * 2, set, static (key, set) =>
    {
        for (var i = 0; i < set.Ranges.Count; i++)
            (key[2 * i], key[2 * i + 1]) = set.Ranges[i];
    });
}
