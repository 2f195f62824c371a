using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>
/// Sums of those of a query's signed bytes whose bit is set. A block of 16 bytes holds 128 components: bit <c>j</c> of byte <c>b</c> is
/// component <c>16 j + b</c>, so that a query in its natural order fits every register width. There are four blocks at most, a cache line. The
/// sums are exact and the same on every processor.
/// </summary>
internal static unsafe class SignKernels
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 16;

    /// <summary>Components of a block.</summary>
    public const int BlockComponents = 8 * BlockBytes;

    /// <summary>The most bytes that are summed up: so few that nothing needs more than 16 bits until the end.</summary>
    public const int MostBytes = 4 * BlockBytes;

    /// <param name="query">Eight signed bytes for each byte of the bits.</param>
    /// <param name="signs">The bits.</param>
    /// <param name="bytes">Their length: a multiple of <see cref="BlockBytes"/>, at most <see cref="MostBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(sbyte* query, byte* signs, int bytes)
    {
        if (Avx512BW.IsSupported)
            return Sum512(query, signs, bytes);
        if (Avx2.IsSupported)
            return Sum256(query, signs, bytes);
        return Ssse3.IsSupported ? Sum128(query, signs, bytes) : Vector128.IsHardwareAccelerated ? SumPortable(query, signs, bytes) : SumScalar(query, signs, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum512(sbyte* query, byte* signs, int bytes)
    {
        var (one, shifts) = (Vector512.Create((byte)1), Vector512.Create(0UL, 0, 1, 1, 2, 2, 3, 3));
        var pairs = Vector512<short>.Zero;
        for (var i = 0; i < bytes; i += BlockBytes)
        {
            var bits = Avx512F.ShiftRightLogicalVariable(Avx512F.BroadcastVector128ToVector512((uint*)(signs + i)).AsUInt64(), shifts);
            pairs += Avx512BW.MultiplyAddAdjacent(bits.AsByte() & one, Vector512.Load(query + 8 * i));
            pairs += Avx512BW.MultiplyAddAdjacent((bits >>> 4).AsByte() & one, Vector512.Load(query + 8 * i + 64));
        }

        return Vector512.Sum(Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create((short)1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum256(sbyte* query, byte* signs, int bytes)
    {
        var (one, shifts) = (Vector256.Create((byte)1), Vector256.Create(0UL, 0, 1, 1));
        var (first, second) = (Vector256<short>.Zero, Vector256<short>.Zero);
        for (var i = 0; i < bytes; i += BlockBytes)
        {
            var bits = Avx2.ShiftRightLogicalVariable(Avx2.BroadcastVector128ToVector256(signs + i).AsUInt64(), shifts);
            first += Avx2.MultiplyAddAdjacent(bits.AsByte() & one, Vector256.Load(query + 8 * i));
            second += Avx2.MultiplyAddAdjacent((bits >>> 2).AsByte() & one, Vector256.Load(query + 8 * i + 32));
            first += Avx2.MultiplyAddAdjacent((bits >>> 4).AsByte() & one, Vector256.Load(query + 8 * i + 64));
            second += Avx2.MultiplyAddAdjacent((bits >>> 6).AsByte() & one, Vector256.Load(query + 8 * i + 96));
        }

        return Vector256.Sum(Avx2.MultiplyAddAdjacent(first + second, Vector256.Create((short)1)));
    }

    private static int Sum128(sbyte* query, byte* signs, int bytes)
    {
        var (one, pairs) = (Vector128.Create((byte)1), Vector128<short>.Zero);
        for (var i = 0; i < bytes; i += BlockBytes)
        {
            var bits = Vector128.Load(signs + i).AsUInt16();
            for (var j = 0; j < 8; j++)
                pairs += Ssse3.MultiplyAddAdjacent((bits >>> j).AsByte() & one, Vector128.Load(query + 8 * i + 16 * j));
        }

        return Vector128.Sum(Sse2.MultiplyAddAdjacent(pairs, Vector128.Create((short)1)));
    }

    private static int SumPortable(sbyte* query, byte* signs, int bytes)
    {
        var pairs = Vector128<short>.Zero;
        for (var i = 0; i < bytes; i += BlockBytes)
        {
            var bits = Vector128.Load(signs + i);
            for (var j = 0; j < 8; j++)
            {
                var bit = Vector128.Create((byte)(1 << j));
                var (low, high) = Vector128.Widen(Vector128.Load(query + 8 * i + 16 * j) & Vector128.Equals(bits & bit, bit).AsSByte());
                pairs += low + high;
            }
        }

        return Vector128.Sum(Vector128.WidenLower(pairs) + Vector128.WidenUpper(pairs));
    }

    private static int SumScalar(sbyte* query, byte* signs, int bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes; i++)
        {
            var part = query + 8 * (i & -BlockBytes) + (i & (BlockBytes - 1));
            for (var j = 0; j < 8; j++)
                sum += (signs[i] >> j & 1) * part[16 * j];
        }

        return sum;
    }
}
