using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Tokenization;

/// <summary>
/// The ids of words met before. A fixed table of 16,384 places (1 MB) in which a new word takes the place of an old one with the same
/// hash: bounded, nothing to allocate, one cache line to a look-up. Long words and words of many tokens are not kept.
/// </summary>
internal sealed class WordCache
{
    private const int Places = 1 << 14, MaxLength = 16, MaxTokens = 6;

    private readonly Place[] _places = new Place[Places];

    /// <summary>The ids of a word, if it is here; else the place to <see cref="Keep"/> it at, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids, out int place, out uint hash)
    {
        ids = default;
        if (word.Length > MaxLength)
        {
            (place, hash) = (-1, 0);
            return false;
        }

        hash = Hash(word);
        place = (int)(hash & (Places - 1));
        ref var entry = ref _places[place];
        if (entry.Hash != hash || entry.Length != word.Length || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Letters, char>(ref entry.Word), entry.Length).SequenceEqual(word))
            return false;
        ids = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Tokens, int>(ref entry.Ids), entry.Count);
        return true;
    }

    public void Keep(int place, uint hash, ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (ids.Length > MaxTokens)
            return;
        ref var entry = ref _places[place];
        entry.Hash = hash;
        entry.Length = (byte)word.Length;
        entry.Count = (byte)ids.Length;
        word.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Letters, char>(ref entry.Word), MaxLength));
        ids.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Tokens, int>(ref entry.Ids), MaxTokens));
    }

    // Four characters at a time. Never 0, which marks an empty place.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        ref var first = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(word));
        ulong hash = (uint)word.Length;
        var i = 0;
        for (; i + 4 <= word.Length; i += 4)
            hash = (hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, i * 2))) * 0x9E3779B97F4A7C15UL;
        for (; i < word.Length; i++)
            hash = (hash ^ word[i]) * 0x9E3779B97F4A7C15UL;
        return (uint)(hash >> 32) ^ (uint)(hash >> 47) | 0x80000000u;
    }

    [InlineArray(MaxLength)]
    private struct Letters
    {
        private char _first;
    }

    [InlineArray(MaxTokens)]
    private struct Tokens
    {
        private int _first;
    }

    private struct Place
    {
        public uint Hash;
        public byte Length, Count;
        public Letters Word;
        public Tokens Ids;
    }
}
