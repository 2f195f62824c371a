using System.Runtime.CompilerServices;

namespace GenAI.Core.Text;

/// <summary>Counts how often each hash comes, for one text after another, without allocating once it has grown.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class HashCounts
{
    private const int FirstCapacity = 512, LargestKept = 1 << 16;

    private int[] _slots = new int[FirstCapacity * 2]; // place + 1; 0 where empty
    private ulong[] _hashes = new ulong[FirstCapacity];
    private int[] _counts = new int[FirstCapacity];

    /// <summary>The number of different hashes.</summary>
    public int Count { get; private set; }

    /// <summary>The hashes in the order in which they came first.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>How often each of <see cref="Hashes"/> came.</summary>
    public ReadOnlySpan<int> Counts => _counts.AsSpan(0, Count);

    /// <summary>Counts a hash and returns its place in <see cref="Hashes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ulong hash)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var slot = (int)(hash >> 32) & mask;
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var place = slots[slot] - 1;
            if (_hashes[place] == hash)
            {
                _counts[place]++;
                return place;
            }
        }

        if (Count == _hashes.Length)
        {
            Grow();
            return Add(hash);
        }

        slots[slot] = Count + 1;
        _hashes[Count] = hash;
        _counts[Count] = 1;
        return Count++;
    }

    /// <summary>Forgets everything. Room for a huge text is given back, or every later text would pay for it.</summary>
    public void Clear()
    {
        if (_hashes.Length > LargestKept)
        {
            _slots = new int[FirstCapacity * 2];
            _hashes = new ulong[FirstCapacity];
            _counts = new int[FirstCapacity];
        }
        else
            Array.Clear(_slots);
        Count = 0;
    }

    private void Grow()
    {
        Array.Resize(ref _hashes, Count * 2);
        Array.Resize(ref _counts, Count * 2);
        _slots = new int[Count * 4];
        for (var place = 0; place < Count; place++)
        {
            var slot = (int)(_hashes[place] >> 32) & (_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = place + 1;
        }
    }
}
