using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// The nearest candidates so far in ascending order, each in one number: 32 bits that order as its key does, 31 bits of row and one
/// that says that its links were followed. Equal keys are ordered by row, so that a search has one outcome.
/// </summary>
internal unsafe ref struct GraphPool(ulong* places, int breadth)
{
    private const ulong Followed = 1;

    private readonly ulong* _places = places;

    public int Count { get; private set; }

    /// <summary>The place of the nearest candidate whose links were not followed; <see cref="Count"/> if there is none.</summary>
    public int Cursor { get; private set; }

    /// <summary>What a key must stay below to be let in.</summary>
    public float Bound { get; private set; } = float.PositiveInfinity;

    public static int Row(ulong place) => (int)((uint)place >> 1);

    public static float Key(ulong place)
    {
        var bits = (uint)(place >> 32);
        return BitConverter.UInt32BitsToSingle((bits & 0x80000000) != 0 ? bits ^ 0x80000000 : ~bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Place(float key, int row)
    {
        var bits = BitConverter.SingleToUInt32Bits(key + 0f);
        bits ^= (uint)((int)bits >> 31) | 0x80000000;
        return ((ulong)bits << 32) | ((uint)row << 1);
    }

    /// <summary>Lets a candidate in that is not there yet, unless the pool is full of nearer ones.</summary>
    /// <returns>Its place, or -1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Offer(float key, int row)
    {
        if (!(key < Bound))
            return -1;

        var place = Place(key, row);
        var (low, length) = (0, Count);
        while (length > 0)
        {
            var half = length >> 1;
            if ((_places[low + half] | Followed) < place)
            {
                low += half + 1;
                length -= half + 1;
            }
            else
            {
                length = half;
            }
        }

        var last = Math.Min(Count, breadth - 1);
        if (last > low)
            new ReadOnlySpan<ulong>(_places + low, last - low).CopyTo(new Span<ulong>(_places + low + 1, last - low));
        _places[low] = place;
        Count = last + 1;
        if (Count == breadth)
            Bound = Key(_places[Count - 1]);
        if (low < Cursor)
            Cursor = low;
        return low;
    }

    /// <summary>The row of the nearest candidate whose links were not followed, which now are; -1 if all were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Follow()
    {
        while (Cursor < Count)
        {
            ref var place = ref _places[Cursor++];
            if ((place & Followed) == 0)
            {
                place |= Followed;
                return Row(place);
            }
        }

        return -1;
    }
}
