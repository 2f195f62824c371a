using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>The tokens of a vocabulary and their ids, found by characters without making a string.</summary>
internal sealed class TokenTable
{
    private readonly char[] _characters;
    private readonly Slot[] _slots;
    private readonly int _mask;
    private readonly (int Start, int Length)[] _byId;

    // A bit for each hash, one in sixteen or less set: most of what is no token is known by a cache line that is at hand.
    private readonly ulong[] _seen;
    private readonly int _seenShift;

    /// <param name="tokens">Tokens and ids; of equal tokens the last counts.</param>
    /// <param name="skip">How many characters at the front of each token do not belong to what is looked up.</param>
    public TokenTable(IReadOnlyCollection<KeyValuePair<string, int>> tokens, int skip = 0)
    {
        _characters = new char[tokens.Sum(token => (long)token.Key.Length)];
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, tokens.Count * 2));
        (_slots, _mask) = (new Slot[size], size - 1);
        (_seen, _seenShift) = (new ulong[size / 8], 32 - BitOperations.Log2((uint)size * 8));
        MaxId = tokens.Count == 0 ? -1 : tokens.Max(token => token.Value);
        _byId = new (int, int)[MaxId + 1];
        Array.Fill(_byId, (0, -1));

        var start = 0;
        foreach (var (token, id) in tokens)
        {
            token.CopyTo(_characters.AsSpan(start));
            var key = _characters.AsSpan(start + skip, token.Length - skip);
            ref var slot = ref Place(key, Hash(key));
            if (slot.Length == 0)
                Count++;
            slot = new Slot(Hash(key), start + skip, key.Length + 1, id);
            _byId[id] = (start, token.Length);
            var bit = Bit(Hash(key));
            _seen[bit >> 6] |= 1UL << bit;
            start += token.Length;
            MaxLength = Math.Max(MaxLength, key.Length);
        }
    }

    public int Count { get; }

    public int MaxId { get; }

    /// <summary>The length of the longest token, in UTF-16 units.</summary>
    public int MaxLength { get; }

    /// <summary>The start of a hash that <see cref="Extend"/> continues, a character at a time.</summary>
    public const uint HashSeed = 2166136261;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Extend(uint hash, char next) => (hash ^ next) * 16777619;

    public static uint Hash(ReadOnlySpan<char> token)
    {
        var hash = HashSeed;
        foreach (var c in token)
            hash = Extend(hash, c);
        return hash;
    }

    /// <summary>The id of a token, or -1.</summary>
    public int Find(ReadOnlySpan<char> token) => Find(token, Hash(token));

    /// <summary>The id of a token whose hash is known, or -1.</summary>
    public int Find(ReadOnlySpan<char> token, uint hash)
    {
        var bit = Bit(hash);
        if ((_seen[bit >> 6] >> bit & 1) == 0)
            return -1;
        ref var slot = ref Place(token, hash);
        return slot.Length == 0 ? -1 : slot.Id;
    }

    /// <summary>The token of an id, or null.</summary>
    public string? Token(int id) =>
        (uint)id < (uint)_byId.Length && _byId[id] is var (start, length) && length >= 0 ? new string(_characters, start, length) : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bit(uint hash) => (int)(hash * 0x9E3779B1u >> _seenShift);

    private ref Slot Place(ReadOnlySpan<char> token, uint hash)
    {
        var at = (int)((hash ^ (hash >> 15)) * 0x2C1B3C6Du >> 8) & _mask;
        while (true)
        {
            ref var slot = ref _slots[at];
            if (slot.Length == 0 || (slot.Hash == hash && slot.Length == token.Length + 1 && token.SequenceEqual(_characters.AsSpan(slot.Start, token.Length))))
                return ref slot;
            at = (at + 1) & _mask;
        }
    }

    // Length is one more than the token's: 0 marks an empty slot.
    private readonly record struct Slot(uint Hash, int Start, int Length, int Id);
}
