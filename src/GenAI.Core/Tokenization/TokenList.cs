using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Tokenization;

/// <summary>Tokens as a model makes them: ids and, where asked for, ranges.</summary>
internal sealed class TokenList
{
    private int[] _ids = new int[64], _starts = [], _ends = [], _leading = [], _trailing = [];

    public int Count { get; private set; }

    public bool HasRanges { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public Span<int> Starts => _starts.AsSpan(0, Count);

    public Span<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>How many spaces each token begins with, where ranges are trimmed.</summary>
    public Span<int> Leading => _leading.AsSpan(0, Count);

    /// <summary>How many spaces each token ends with.</summary>
    public Span<int> Trailing => _trailing.AsSpan(0, Count);

    public void Clear(bool ranges)
    {
        Count = 0;
        HasRanges = ranges;
    }

    /// <summary>Drops the tokens from <paramref name="count"/> on.</summary>
    public void Shrink(int count) => Count = count;

    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
            Array.Resize(ref _ids, Count * 2);
        _ids[Count] = id;
        if (HasRanges)
        {
            if (_starts.Length < _ids.Length)
            {
                Array.Resize(ref _starts, _ids.Length);
                Array.Resize(ref _ends, _ids.Length);
                Array.Resize(ref _leading, _ids.Length);
                Array.Resize(ref _trailing, _ids.Length);
            }

            _starts[Count] = start;
            _ends[Count] = end;
            _leading[Count] = _trailing[Count] = 0;
        }

        Count++;
    }

    /// <summary>Adds tokens without ranges.</summary>
    public void Add(ReadOnlySpan<int> ids)
    {
        while (Count + ids.Length > _ids.Length)
            Array.Resize(ref _ids, _ids.Length * 2);
        ids.CopyTo(_ids.AsSpan(Count));
        Count += ids.Length;
    }

    /// <summary>Adds the first <paramref name="count"/> ids of a vector, without ranges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<int> ids, int count)
    {
        // All are written, whatever their number: a branch on it would be guessed wrongly for many.
        if (Count + Vector256<int>.Count > _ids.Length)
            Array.Resize(ref _ids, _ids.Length * 2);
        ids.StoreUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ids), Count));
        Count += count;
    }
}
