using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Tokenization;

/// <summary>
/// The ids of words met before. A fixed table of 16,384 places (1 MB) in which a new word takes the place of an old one with the same
/// hash: bounded, nothing to allocate, one cache line to a look-up. Long words and words of many tokens are not kept.
/// </summary>
internal sealed class WordCache
{
    private const int PlaceBits = 14, MaxTokens = 7, LineBytes = 64;

    /// <summary>The length of the longest word that is kept: a word is one vector, filled up with zeros.</summary>
    private const int MaxLength = 16;

    // From where it is read, this many units are all ones and the rest zero: MaxLength less the length of the word.
    private static readonly ushort[] Masks = [.. Enumerable.Repeat(ushort.MaxValue, MaxLength), .. new ushort[MaxLength]];

    // Where the collector does not move them, so that each is a cache line by itself.
    private readonly Place[] _places = GC.AllocateArray<Place>((1 << PlaceBits) + 1, pinned: true);
    private readonly nint _skew;

    public unsafe WordCache()
    {
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_places));
        _skew = -address & (LineBytes - 1);
    }

    /// <summary>Whether words of this length are kept.</summary>
    public static bool Keeps(int length) => length <= MaxLength;

    /// <summary>A word as it is looked up: its units, filled up with zeros.</summary>
    /// <param name="text">The text that the word is in: units behind the word are read along.</param>
    /// <param name="start">Where the word begins.</param>
    /// <param name="length">Its length; 1 to 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Key(ReadOnlySpan<char> text, int start, int length) =>
        start + MaxLength > text.Length
            ? LastKey(text, start, length)
            : Vector256.LoadUnsafe(ref Unsafe.As<char, ushort>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start)))
                & Vector256.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Masks), MaxLength - length));

    /// <summary>The ids of a word, if it is here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(Vector256<ushort> key, int length, out ReadOnlySpan<int> ids)
    {
        ref var place = ref PlaceOf(key);
        if (!place.Has(key, length))
        {
            ids = default;
            return false;
        }

        ids = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Tokens, int>(ref place.Ids), place.Count);
        return true;
    }

    /// <summary>Adds the ids of a word to a list, if it is here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(Vector256<ushort> key, int length, TokenList tokens)
    {
        ref var place = ref PlaceOf(key);
        if (!place.Has(key, length))
            return false;
        tokens.Add(Vector256.LoadUnsafe(ref Unsafe.As<Tokens, int>(ref place.Ids)), place.Count);
        return true;
    }

    public void Keep(Vector256<ushort> key, int length, ReadOnlySpan<int> ids)
    {
        if (ids.Length > MaxTokens)
            return;
        ref var place = ref PlaceOf(key);
        (place.Length, place.Count) = ((short)length, (short)ids.Length);
        key.StoreUnsafe(ref Unsafe.As<Letters, ushort>(ref place.Word));
        ids.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Tokens, int>(ref place.Ids), MaxTokens));
    }

    // At the end of the text, where a whole vector would read beyond it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<ushort> LastKey(ReadOnlySpan<char> text, int start, int length)
    {
        Span<ushort> units = stackalloc ushort[MaxLength];
        units.Clear();
        MemoryMarshal.Cast<char, ushort>(text.Slice(start, length)).CopyTo(units);
        return Vector256.Create<ushort>(units);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Place PlaceOf(Vector256<ushort> key)
    {
        var parts = key.AsUInt64();
        var hash = (parts.GetElement(0) * 0x9E3779B97F4A7C15UL) ^ (parts.GetElement(1) * 0xC2B2AE3D27D4EB4FUL) ^ (parts.GetElement(2) * 0x165667B19E3779F9UL) ^ (parts.GetElement(3) * 0xD6E8FEB86659FD93UL);
        hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL;
        return ref Unsafe.Add(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_places), _skew), (nint)(hash >> (64 - PlaceBits)));
    }

    [InlineArray(MaxLength)]
    private struct Letters
    {
        private ushort _first;
    }

    [InlineArray(MaxTokens)]
    private struct Tokens
    {
        private int _first;
    }

    // Of length 0 where nothing is kept. The ids are read as a vector of eight, of which the last is the two numbers behind them.
    private struct Place
    {
        public Letters Word;
        public Tokens Ids;
        public short Length, Count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Has(Vector256<ushort> key, int length) => Length == length & Vector256.LoadUnsafe(ref Unsafe.As<Letters, ushort>(ref Word)) == key;
    }
}
