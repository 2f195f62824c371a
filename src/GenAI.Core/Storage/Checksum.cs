using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Storage;

/// <summary>The checksum of everything stored: XXH3, 64 bits. It notices damage; it does not withstand forgery.</summary>
/// <remarks>
/// Where AVX2 is, long stretches are hashed here and not by the library that has XXH3 for everything else: a process hashes hundreds of megabytes for its first answer,
/// before the runtime has optimised any code but what is marked for it (0079). The sums are the library's.
/// </remarks>
internal static class Checksum
{
    private const int StripeBytes = 64;
    private const int BlockStripes = (SecretBytes - StripeBytes) / 8;
    private const int SecretBytes = 192;

    // Below, XXH3 is another function.
    private const int ShortestStripes = 241;

    private const ulong Prime1 = 0x9E3779B185EBCA87, Prime2 = 0xC2B2AE3D27D4EB4F, Prime3 = 0x165667B19E3779F9, Prime4 = 0x85EBCA77C2B2AE63, Prime5 = 0x27D4EB2F165667C5;
    private const uint Prime32One = 0x9E3779B1, Prime32Two = 0x85EBCA77, Prime32Three = 0xC2B2AE3D;

    // XXH3's default secret: github.com/Cyan4973/xxHash, doc/xxhash_spec.md.
    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c, 0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
        0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21, 0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
        0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3, 0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d, 0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
        0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb, 0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
        0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce, 0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) =>
        seed == 0 && bytes.Length >= ShortestStripes && Avx2.X64.IsSupported ? OfStripes(bytes) : XxHash3.HashToUInt64(bytes, unchecked((long)seed));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe ulong OfStripes(ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (Vector256.Create(Prime32Three, Prime1, Prime2, Prime3), Vector256.Create(Prime4, Prime32Two, Prime5, Prime32One));
        fixed (byte* input = bytes, secret = Secret)
        {
            // The last stripe is always one of its own, which may overlap the one before.
            var (stripes, inBlock) = ((bytes.Length - 1) / StripeBytes, 0);
            for (var stripe = 0; stripe < stripes; stripe++)
            {
                Add(input + (long)stripe * StripeBytes, secret + inBlock * 8, ref low, ref high);
                if (++inBlock != BlockStripes)
                    continue;
                inBlock = 0;
                low = Scrambled(low, secret + SecretBytes - StripeBytes);
                high = Scrambled(high, secret + SecretBytes - StripeBytes / 2);
            }

            Add(input + bytes.Length - StripeBytes, secret + SecretBytes - StripeBytes - 7, ref low, ref high);
            var keys = (ulong*)(secret + 11);
            var sum = (ulong)bytes.Length * Prime1;
            sum += Folded(low.GetElement(0) ^ keys[0], low.GetElement(1) ^ keys[1]) + Folded(low.GetElement(2) ^ keys[2], low.GetElement(3) ^ keys[3]);
            sum += Folded(high.GetElement(0) ^ keys[4], high.GetElement(1) ^ keys[5]) + Folded(high.GetElement(2) ^ keys[6], high.GetElement(3) ^ keys[7]);
            sum = (sum ^ sum >> 37) * 0x165667919E3779F9;
            return sum ^ sum >> 32;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add(byte* stripe, byte* secret, ref Vector256<ulong> low, ref Vector256<ulong> high)
    {
        var (first, second) = (Vector256.Load((ulong*)stripe), Vector256.Load((ulong*)stripe + 4));
        low += Product(first ^ Vector256.Load((ulong*)secret)) + Swapped(first);
        high += Product(second ^ Vector256.Load((ulong*)secret + 4)) + Swapped(second);
    }

    // The lower half of each number times its upper half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> keys) => Avx2.Multiply(keys.AsUInt32(), (keys >>> 32).AsUInt32());

    // Each number in the place of its neighbour.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Swapped(Vector256<ulong> values) => Avx2.Shuffle(values.AsUInt32(), 0b01_00_11_10).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<ulong> Scrambled(Vector256<ulong> sums, byte* secret)
    {
        sums ^= sums >>> 47;
        sums ^= Vector256.Load((ulong*)secret);
        var prime = Vector256.Create((ulong)Prime32One).AsUInt32();
        return Avx2.Multiply(sums.AsUInt32(), prime) + (Avx2.Multiply((sums >>> 32).AsUInt32(), prime) << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Folded(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out var low);
        return high ^ low;
    }
}
