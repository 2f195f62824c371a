using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>The rows that hold each value.</summary>
/// <remarks>
/// Rows that change are not looked for, which would take time linear in the value's rows; they stay until half of a value's rows
/// are out of date, and whoever reads checks the row again.
/// </remarks>
internal sealed class Postings<T>
    where T : notnull
{
    private readonly Dictionary<T, Posting> _postings = [];

    public void Add(int row, T value)
    {
        ref var posting = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, value, out _);
        if (posting.Count == (posting.Rows?.Length ?? 0))
            Array.Resize(ref posting.Rows, Math.Max(2, posting.Count * 2));
        posting.Rows![posting.Count++] = row;
    }

    /// <summary>Notes that a row no longer holds the value; its value must have been cleared before.</summary>
    /// <param name="value">The value.</param>
    /// <param name="holds">Whether a row holds a value now.</param>
    public void Forget(T value, Func<int, T, bool> holds)
    {
        ref var posting = ref CollectionsMarshal.GetValueRefOrNullRef(_postings, value);
        if (++posting.Stale == posting.Count)
        {
            _postings.Remove(value);
            return;
        }

        if (posting.Stale * 2 < posting.Count)
            return;

        var rows = new HashSet<int>();
        foreach (var row in posting.Rows.AsSpan(0, posting.Count))
        {
            if (holds(row, value))
                rows.Add(row);
        }

        posting = new Posting { Rows = [.. rows], Count = rows.Count };
    }

    /// <summary>How many rows may hold the value, at most.</summary>
    public int CountOf(T value) => _postings.TryGetValue(value, out var posting) ? posting.Count : 0;

    /// <summary>Adds the rows that may hold the value.</summary>
    public void Find(T value, Span<ulong> rows)
    {
        if (!_postings.TryGetValue(value, out var posting))
            return;
        foreach (var row in posting.Rows.AsSpan(0, posting.Count))
            RowBits.Add(rows, row);
    }

    private struct Posting
    {
        public int[] Rows;
        public int Count;
        public int Stale;
    }
}
