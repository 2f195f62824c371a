using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>Sets of rows, one bit each.</summary>
internal static class RowBits
{
    public static int Words(int rows) => (rows + 63) / 64;

    /// <summary>The set of the rows from 0 to before a number.</summary>
    public static ulong[] All(int rows)
    {
        var bits = new ulong[Words(rows)];
        Array.Fill(bits, ulong.MaxValue);
        if (rows % 64 != 0)
            bits[^1] = (1UL << (rows % 64)) - 1;
        return bits;
    }

    public static bool Has(ReadOnlySpan<ulong> bits, int row) => (bits[row >> 6] >> (row & 63) & 1) != 0;

    public static void Add(Span<ulong> bits, int row) => bits[row >> 6] |= 1UL << (row & 63);

    public static void Remove(Span<ulong> bits, int row) => bits[row >> 6] &= ~(1UL << (row & 63));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Intersect(Span<ulong> bits, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < bits.Length; i++)
            bits[i] &= other[i];
    }

    public static void Unite(Span<ulong> bits, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < bits.Length; i++)
            bits[i] |= other[i];
    }

    public static void Subtract(Span<ulong> bits, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < bits.Length; i++)
            bits[i] &= ~other[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>A copy of a set in pooled memory, for the length of a <c>using</c>.</summary>
    public static Scratch Copy(ReadOnlySpan<ulong> bits)
    {
        var scratch = new Scratch(bits.Length);
        bits.CopyTo(scratch.Bits);
        return scratch;
    }

    /// <summary>An empty set in pooled memory, for the length of a <c>using</c>.</summary>
    public static Scratch Empty(int words)
    {
        var scratch = new Scratch(words);
        scratch.Bits.Clear();
        return scratch;
    }

    internal readonly ref struct Scratch(int words)
    {
        private readonly ulong[] _rented = ArrayPool<ulong>.Shared.Rent(words);

        public Span<ulong> Bits => _rented.AsSpan(0, words);

        public void Dispose() => ArrayPool<ulong>.Shared.Return(_rented);
    }
}
