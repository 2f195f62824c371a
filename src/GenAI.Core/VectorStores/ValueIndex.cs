namespace GenAI.Core.VectorStores;

/// <summary>Finds the rows of a column by value: equality through postings, ranges and prefixes through a sorted copy.</summary>
/// <remarks>
/// The sorted copy is made when a range is first asked for. Rows put later stand in a tail, which is looked at whole, until it is
/// long enough to sort again; so neither a write nor a read pays for more than its share. Rows found are candidates to be checked.
/// </remarks>
internal sealed class ValueIndex<T>
    where T : IComparable<T>, IEquatable<T>
{
    // A scan of a column of this length takes a few microseconds; sorting it would not pay.
    private const int SmallestSorted = 4096;

    // Above this share of the rows, reading the column from front to back is faster than hopping through it.
    private const int LargestShare = 4;

    private readonly Lock _sorting = new();
    private readonly Postings<T> _postings = new();
    private Sorted? _sorted;
    private int _count;

    public void Add(int row, T value)
    {
        _count++;
        _postings.Add(row, value);
        _sorted?.Tail.Add(row);
    }

    public void Forget(T value, Func<int, T, bool> holds)
    {
        _count--;
        _postings.Forget(value, holds);
    }

    /// <summary>Adds every row that can pass the test, and perhaps more.</summary>
    /// <returns>Whether that was worth it; if not, nothing was added and the column is to be scanned.</returns>
    public bool TryFind(BoundTest<T> test, T?[] values, ulong[] present, Span<ulong> rows)
    {
        if (test.OnNull)
            return false;
        if (test.AnyOf is { } any)
            return TryFindAny(any, rows);
        if (test.Prefix is null && (test.Comparison is not { } comparison || comparison == Comparison.NotEqual))
            return false;
        if (_count < SmallestSorted)
            return false;

        var sorted = Sort(values, present);
        var (start, end) = test.Prefix is not null ? sorted.FindPrefix((T)(object)test.Prefix) : sorted.FindRange(test.Comparison!.Value, test.Value!);
        if (end - start > _count / LargestShare)
            return false;

        for (var i = start; i < end; i++)
            RowBits.Add(rows, sorted.Rows[i]);
        foreach (var row in sorted.Tail)
            RowBits.Add(rows, row);
        return true;
    }

    private bool TryFindAny(IReadOnlyCollection<T> values, Span<ulong> rows)
    {
        var candidates = 0L;
        foreach (var value in values)
            candidates += _postings.CountOf(value);
        if (candidates > Math.Max(64, _count / LargestShare))
            return false;

        foreach (var value in values)
            _postings.Find(value, rows);
        return true;
    }

    private Sorted Sort(T?[] values, ulong[] present)
    {
        // Several readers may come here at once; writers cannot, so the tail stands still.
        lock (_sorting)
        {
            if (_sorted is { } fresh && fresh.Tail.Count <= SmallestSorted / 4 + fresh.Rows.Length / 8)
                return fresh;

            var (keys, rows) = (new T[_count], new int[_count]);
            var next = 0;
            for (var row = 0; row < values.Length; row++)
            {
                if (!RowBits.Has(present, row))
                    continue;
                keys[next] = values[row]!;
                rows[next++] = row;
            }

            Array.Sort(keys, rows, OrderingComparer.Instance);
            return _sorted = new Sorted(keys, rows);
        }
    }

    private sealed class OrderingComparer : IComparer<T>
    {
        public static readonly OrderingComparer Instance = new();

        public int Compare(T? left, T? right) => Ordering<T>.Compare(left!, right!);
    }

    private sealed class Sorted(T[] keys, int[] rows)
    {
        public int[] Rows { get; } = rows;

        public List<int> Tail { get; } = [];

        public (int Start, int End) FindRange(Comparison comparison, T value) => comparison.Accepted switch
        {
            1 => (0, FirstFrom(value, orEqual: true)),
            3 => (0, FirstFrom(value, orEqual: false)),
            2 => (FirstFrom(value, orEqual: true), FirstFrom(value, orEqual: false)),
            6 => (FirstFrom(value, orEqual: true), keys.Length),
            _ => (FirstFrom(value, orEqual: false), keys.Length),
        };

        public (int Start, int End) FindPrefix(T prefix)
        {
            var start = FirstFrom(prefix, orEqual: true);
            var end = start;
            while (end < keys.Length && ((string)(object)keys[end]).StartsWith((string)(object)prefix, StringComparison.Ordinal))
                end++;
            return (start, end);
        }

        /// <summary>The first place whose key is greater than the value, or equal to it where that counts.</summary>
        private int FirstFrom(T value, bool orEqual)
        {
            var (low, high) = (0, keys.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                var sign = Ordering<T>.Compare(keys[middle], value);
                if (sign > 0 || (orEqual && sign == 0))
                    high = middle;
                else
                    low = middle + 1;
            }

            return low;
        }
    }
}
