using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>The rows of a segment ordered by value: finds those with a value, in a range, or with a prefix.</summary>
internal sealed class MappedOrder<T>
    where T : IComparable<T>, IEquatable<T>
{
    // Above this share of the rows, reading the column from front to back is faster than hopping through it.
    private const int LargestShare = 4;

    private readonly MappedValues<T> _values;
    private readonly SectionPart? _stored;
    private readonly int[] _made = [];

    public MappedOrder(MappedValues<T> values, SectionPart stored)
    {
        (_values, _stored) = (values, stored);
        Count = (int)(BitConverter.ToInt64(stored.Bytes(0, sizeof(long))));
        stored.Expect(2L + Count, sizeof(int));
    }

    private MappedOrder(MappedValues<T> values, int[] made) => (_values, _made, Count) = (values, made, made.Length);

    /// <summary>The number of rows with a value.</summary>
    public int Count { get; }

    /// <summary>Orders the rows of a column that was written without an order.</summary>
    public static MappedOrder<T> Of(MappedValues<T> values)
    {
        var (keys, rows) = (new List<T>(), new List<int>());
        for (var row = 0; row < values.Count; row++)
        {
            if (!values.TryGet(row, out var value))
                continue;
            keys.Add(value);
            rows.Add(row);
        }

        return new MappedOrder<T>(values, Order(keys, rows));
    }

    /// <summary>Rows ordered by their values.</summary>
    public static int[] Order(List<T> values, List<int> rows)
    {
        var ordered = rows.ToArray();
        Array.Sort(values.ToArray(), ordered, Comparer<T>.Create(Ordering<T>.Compare));
        return ordered;
    }

    /// <summary>Writes an order, its length first; nothing where there is none.</summary>
    public static void Write(SectionWriter section, int[]? rows)
    {
        section.BeginPart();
        if (rows is null)
            return;
        section.Write<long>([rows.Length]);
        section.Write<int>(rows);
    }

    /// <summary>Keeps the rows that pass a test, if it is one that the order answers well.</summary>
    /// <param name="test">The test.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">Their number: where the order names more, looking at each of them is less work.</param>
    /// <returns>Whether it was; if not, nothing was changed.</returns>
    public bool TryNarrow(BoundTest<T> test, Span<ulong> rows, int count)
    {
        if (test.OnNull)
            return false;
        var most = Math.Min(Count / LargestShare, count);

        using var found = RowBits.Empty(rows.Length);
        if (test.AnyOf is { } any)
        {
            var left = Math.Max(64, most);
            foreach (var value in any)
            {
                if (!TryAdd(FirstFrom(value, orEqual: true), FirstFrom(value, orEqual: false), ref left, found.Bits))
                    return false;
            }
        }
        else if (test.Prefix is { } prefix)
        {
            var left = most;
            var start = FirstFrom((T)(object)prefix, orEqual: true);
            if (!TryAdd(start, EndOfPrefix(prefix, start), ref left, found.Bits))
                return false;
        }
        else if (test.Comparison is { } comparison && comparison != Comparison.NotEqual && !IsNaN(test.Value!))
        {
            var left = most;
            var (start, end) = Range(comparison, test.Value!);
            if (!TryAdd(start, end, ref left, found.Bits))
                return false;
        }
        else
        {
            return false;
        }

        RowBits.Intersect(rows, found.Bits);
        return true;
    }

    private static bool IsNaN(T value) => value is double.NaN or float.NaN;

    // NaN is ordered before everything and compares with nothing.
    private int FirstNumber => default(T) is double ? FirstFrom((T)(object)double.NegativeInfinity, orEqual: true)
        : default(T) is float ? FirstFrom((T)(object)float.NegativeInfinity, orEqual: true)
        : 0;

    private (int Start, int End) Range(Comparison comparison, T value) => comparison.Accepted switch
    {
        1 => (FirstNumber, FirstFrom(value, orEqual: true)),
        3 => (FirstNumber, FirstFrom(value, orEqual: false)),
        2 => (FirstFrom(value, orEqual: true), FirstFrom(value, orEqual: false)),
        6 => (FirstFrom(value, orEqual: true), Count),
        _ => (FirstFrom(value, orEqual: false), Count),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryAdd(int start, int end, ref int left, Span<ulong> found)
    {
        left -= end - start;
        if (left < 0)
            return false;
        if (_stored is not { } stored)
        {
            foreach (var row in _made.AsSpan(start, end - start))
                RowBits.Add(found, row);
            return true;
        }

        foreach (var row in stored.Values<int>(2L + start, end - start))
            RowBits.Add(found, Checked(row));
        return true;
    }

    private int EndOfPrefix(string prefix, int start)
    {
        // The texts with a prefix stand together: the first that lacks it is found by halving.
        var (low, high) = (start, Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (((string)(object)_values[RowAt(middle)]).StartsWith(prefix, StringComparison.Ordinal))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // The first place whose value is greater, or equal where that counts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FirstFrom(T value, bool orEqual)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            var sign = _values.Compare(RowAt(middle), value);
            if (sign > 0 || (orEqual && sign == 0))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>The places of a value.</summary>
    public (int Start, int End) Find(T value) => (FirstFrom(value, orEqual: true), FirstFrom(value, orEqual: false));

    /// <summary>The row at a place.</summary>
    public int RowAt(int place) => _stored is { } stored ? Checked(stored.Values<int>(2L + place, 1)[0]) : _made[place];

    private int Checked(int row) =>
        (uint)row < (uint)_values.Count ? row : throw SectionPart.Damaged(_stored!.Value.Section, $"The order names row {row}, but there are {_values.Count}.");
}
