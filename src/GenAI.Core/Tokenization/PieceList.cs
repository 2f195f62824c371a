using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Tokenization;

/// <summary>A stretch of a text that is looked up by itself; or, with an id, an added token that is not.</summary>
internal readonly record struct Piece(int Start, int Length, int Id)
{
    /// <summary>The id of a piece that is yet to be looked up.</summary>
    public const int Text = -1;

    public int End => Start + Length;
}

/// <summary>The pieces of a text, in order.</summary>
internal sealed class PieceList
{
    private Piece[] _pieces = new Piece[128];

    public int Count { get; private set; }

    public ReadOnlySpan<Piece> Span => _pieces.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Adds a stretch of text; an empty one is left out.</summary>
    public void Add(int start, int end)
    {
        if (end > start)
            Add(new Piece(start, end - start, Piece.Text));
    }

    public void Add(Piece piece)
    {
        if (Count == _pieces.Length)
            Array.Resize(ref _pieces, Count * 2);
        _pieces[Count++] = piece;
    }

    /// <summary>Adds the stretches of text that end in a block of 64 units. Nothing is decided for each by a branch, which would be guessed wrongly for every other one.</summary>
    /// <param name="origin">Where the block begins.</param>
    /// <param name="open">Where the stretch begins that reaches into the block, if one does.</param>
    /// <param name="starts">The units with which a stretch begins, a bit for each.</param>
    /// <param name="ends">The units before which one ends.</param>
    public void Add(int origin, int open, ulong starts, ulong ends)
    {
        if (Count + 65 > _pieces.Length)
            Array.Resize(ref _pieces, _pieces.Length * 2);
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pieces), Count);
        var count = BitOperations.PopCount(ends);
        first = new Piece(open, 0, Piece.Text);
        ref var started = ref Unsafe.Add(ref first, open < origin ? 1 : 0);
        for (; starts != 0; starts &= starts - 1)
        {
            started = new Piece(origin + BitOperations.TrailingZeroCount(starts), 0, Piece.Text);
            started = ref Unsafe.Add(ref started, 1);
        }

        for (; ends != 0; ends &= ends - 1)
        {
            first = first with { Length = origin + BitOperations.TrailingZeroCount(ends) - first.Start };
            first = ref Unsafe.Add(ref first, 1);
        }

        Count += count;
    }
}
