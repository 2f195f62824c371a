using System.Numerics;

namespace GenAI.Core.Tokenization;

/// <summary>The merges: which two tokens become which, and how early.</summary>
internal sealed class PairTable
{
    private readonly Slot[] _slots;
    private readonly int _mask;

    public PairTable(int count)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 2));
        (_slots, _mask) = (new Slot[size], size - 1);
    }

    /// <summary>Adds a merge; of two for the same pair the later counts.</summary>
    public void Add(int left, int right, int rank, int merged)
    {
        var key = Key(left, right);
        _slots[Place(key)] = new Slot(key, rank, merged);
    }

    /// <summary>The rank of the merge of two tokens and what they become; <see cref="int.MaxValue"/> if they do not merge.</summary>
    public int Find(int left, int right, out int merged)
    {
        ref readonly var slot = ref _slots[Place(Key(left, right))];
        merged = slot.Merged;
        return slot.Key == 0 ? int.MaxValue : slot.Rank;
    }

    // Never 0: ids count from 1 here.
    private static ulong Key(int left, int right) => ((ulong)(uint)(left + 1) << 32) | (uint)(right + 1);

    private int Place(ulong key)
    {
        var at = (int)(key * 0x9E3779B97F4A7C15UL >> 40) & _mask;
        while (_slots[at].Key != 0 && _slots[at].Key != key)
            at = (at + 1) & _mask;
        return at;
    }

    private readonly record struct Slot(ulong Key, int Rank, int Merged);
}
