using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>
/// Inner products of a query of signed bytes with a plane of 4-bit codes, 0 to 15. A block of 64 bytes holds 128 components: byte
/// <c>b</c> has component <c>b</c> in its low half and <c>64 + b</c> in its high half, so that a query in its natural order fits
/// every register width. The sums are exact and the same on every processor.
/// </summary>
internal static unsafe class PlaneKernels
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 64;

    /// <summary>Components of a block.</summary>
    public const int BlockComponents = 128;

    // Products of 15 and -128 come in pairs of at most 3840; eight pairs fit 16 bits, and a block of 64 bytes has two.
    private const int BytesBeforeWidening = 4 * BlockBytes;

    /// <param name="query">Two signed bytes for each byte of the plane.</param>
    /// <param name="plane">The codes.</param>
    /// <param name="bytes">Length of the plane: a multiple of <see cref="BlockBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* query, byte* plane, int bytes)
    {
        if (Avx512BW.IsSupported)
            return Dot512(query, plane, bytes);
        if (Avx2.IsSupported)
            return Dot256(query, plane, bytes);
        return Ssse3.IsSupported ? Dot128(query, plane, bytes) : Vector128.IsHardwareAccelerated ? DotPortable(query, plane, bytes) : DotScalar(query, plane, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot512(sbyte* query, byte* plane, int bytes)
    {
        var (mask, ones) = (Vector512.Create((byte)15), Vector512.Create((short)1));
        var sum = Vector512<int>.Zero;
        for (var i = 0; i < bytes;)
        {
            var end = Math.Min(i + BytesBeforeWidening, bytes);
            var pairs = Vector512<short>.Zero;
            for (; i < end; i += 64)
            {
                var codes = Vector512.Load(plane + i);
                pairs += Avx512BW.MultiplyAddAdjacent(codes & mask, Vector512.Load(query + 2 * i));
                pairs += Avx512BW.MultiplyAddAdjacent((codes.AsUInt16() >>> 4).AsByte() & mask, Vector512.Load(query + 2 * i + 64));
            }

            sum += Avx512BW.MultiplyAddAdjacent(pairs, ones);
        }

        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot256(sbyte* query, byte* plane, int bytes)
    {
        var (mask, ones) = (Vector256.Create((byte)15), Vector256.Create((short)1));
        var sum = Vector256<int>.Zero;
        for (var i = 0; i < bytes;)
        {
            var end = Math.Min(i + BytesBeforeWidening, bytes);
            var (first, second) = (Vector256<short>.Zero, Vector256<short>.Zero);
            for (; i < end; i += 64)
            {
                var codes = Vector256.Load(plane + i);
                first += Avx2.MultiplyAddAdjacent(codes & mask, Vector256.Load(query + 2 * i));
                second += Avx2.MultiplyAddAdjacent((codes.AsUInt16() >>> 4).AsByte() & mask, Vector256.Load(query + 2 * i + 64));
                codes = Vector256.Load(plane + i + 32);
                first += Avx2.MultiplyAddAdjacent(codes & mask, Vector256.Load(query + 2 * i + 32));
                second += Avx2.MultiplyAddAdjacent((codes.AsUInt16() >>> 4).AsByte() & mask, Vector256.Load(query + 2 * i + 96));
            }

            sum += Avx2.MultiplyAddAdjacent(first, ones) + Avx2.MultiplyAddAdjacent(second, ones);
        }

        return Vector256.Sum(sum);
    }

    private static int Dot128(sbyte* query, byte* plane, int bytes)
    {
        var (mask, ones) = (Vector128.Create((byte)15), Vector128.Create((short)1));
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < bytes; i += 16)
        {
            // Within a block the query's halves are 64 apart, so a quarter of the block starts at twice the block plus the quarter.
            var part = query + 2 * (i & ~63) + (i & 63);
            var codes = Vector128.Load(plane + i);
            var pairs = Ssse3.MultiplyAddAdjacent(codes & mask, Vector128.Load(part))
                + Ssse3.MultiplyAddAdjacent((codes.AsUInt16() >>> 4).AsByte() & mask, Vector128.Load(part + 64));
            sum += Sse2.MultiplyAddAdjacent(pairs, ones);
        }

        return Vector128.Sum(sum);
    }

    private static int DotPortable(sbyte* query, byte* plane, int bytes)
    {
        var mask = Vector128.Create((byte)15);
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < bytes; i += 16)
        {
            var part = query + 2 * (i & ~63) + (i & 63);
            var codes = Vector128.Load(plane + i);
            var (low, high) = ((codes & mask).AsSByte(), (codes >>> 4).AsSByte());
            var (first, second) = (Vector128.Load(part), Vector128.Load(part + 64));
            var products = Vector128.WidenLower(low) * Vector128.WidenLower(first) + Vector128.WidenUpper(low) * Vector128.WidenUpper(first)
                + Vector128.WidenLower(high) * Vector128.WidenLower(second) + Vector128.WidenUpper(high) * Vector128.WidenUpper(second);
            sum += Vector128.WidenLower(products) + Vector128.WidenUpper(products);
        }

        return Vector128.Sum(sum);
    }

    private static int DotScalar(sbyte* query, byte* plane, int bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes; i++)
        {
            var part = query + 2 * (i & ~63) + (i & 63);
            sum += (plane[i] & 15) * part[0] + (plane[i] >> 4) * part[64];
        }

        return sum;
    }
}
