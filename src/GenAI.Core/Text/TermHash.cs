using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Text;

/// <summary>A 64-bit hash of a term: the same in every process and on every machine, so it may be stored.</summary>
/// <remarks>
/// Search knows a term by this hash alone. Among a million terms the chance that any two share one is about 3 in 100 million,
/// and then two words are taken for one: the price of an index without a dictionary of strings.
/// </remarks>
internal static class TermHash
{
    // Odd numbers without structure (binary digits of the golden ratio and of pi).
    private const ulong Multiplier = 0x9E3779B97F4A7C15, Seed = 0x243F6A8885A308D3, Finisher = 0x13198A2E03707345;

    /// <summary>The hash of a term; never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<char> term)
    {
        var hash = Seed + (ulong)term.Length * Multiplier;
        while (term.Length >= 4)
        {
            hash = Mix(hash ^ ReadFour(term), Multiplier);
            term = term[4..];
        }

        var rest = 0UL;
        for (var i = 0; i < term.Length; i++)
            rest |= (ulong)term[i] << (16 * i);
        hash = Mix(hash ^ rest, Finisher);
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Combines two hashes into one; the order matters.</summary>
    public static ulong Combine(ulong first, ulong second) => Mix(first ^ Multiplier, (second << 1 | 1) ^ Finisher);

    /// <summary>Multiplies to 128 bits and folds the halves together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong value, ulong multiplier)
    {
        var high = Math.BigMul(value, multiplier, out var low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadFour(ReadOnlySpan<char> term) => BitConverter.IsLittleEndian
        ? Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(term)))
        : term[0] | (ulong)term[1] << 16 | (ulong)term[2] << 32 | (ulong)term[3] << 48;
}
