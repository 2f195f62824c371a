using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>
/// The nearest candidates so far in ascending order, each in one number: 32 bits that order as its key does, 31 bits of row and one
/// that says that its links were followed. Equal keys are ordered by row, so that a search has one outcome.
/// </summary>
internal unsafe ref struct GraphPool(ulong* places, int breadth)
{
    private const ulong Followed = 1;
    private const int LongestCounted = 128;

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
        var low = Rank(place);
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

    /// <summary>
    /// How many places come before one that is not there. Counted by comparing whole registers: where a candidate goes cannot be
    /// foretold, so a search by halves waits for a wrong guess of the processor at every second step.
    /// </summary>
    private readonly int Rank(ulong place)
    {
        var (first, length) = (0, Count);
        while (length > LongestCounted)
        {
            var half = length >> 1;
            first = _places[first + half] < place ? first + half : first;
            length -= half;
        }

        var rank = first;
        var (i, end) = (first, first + length);
        if (Vector512.IsHardwareAccelerated)
        {
            for (var wanted = Vector512.Create(place); i <= end - 8; i += 8)
                rank += BitOperations.PopCount(Vector512.LessThan(Vector512.Load(_places + i), wanted).ExtractMostSignificantBits());
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (var wanted = Vector256.Create(place); i <= end - 4; i += 4)
                rank += BitOperations.PopCount(Vector256.LessThan(Vector256.Load(_places + i), wanted).ExtractMostSignificantBits());
        }

        for (; i < end; i++)
            rank += _places[i] < place ? 1 : 0;
        return rank;
    }
}
