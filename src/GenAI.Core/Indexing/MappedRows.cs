using System.Runtime.CompilerServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>The vectors of a segment where they lie in the file, with what is compared of each and the id it has. Nothing is copied.</summary>
/// <remarks>
/// What is read is verified before: the bytes that a row takes, where a row is asked for. A row's id is its own number, or, where some
/// ids of the segment have no vector, looked up. Any number of threads may read.
/// </remarks>
internal sealed unsafe class MappedRows
{
    private readonly MappedSection _values;
    private readonly MappedSection? _factors;
    private readonly MappedSection? _ids;
    private readonly MappedOriginals? _originals;
    private readonly long _rowBytes;

    /// <param name="head">What the segment says of its vectors.</param>
    /// <param name="values">The vectors, one after the other.</param>
    /// <param name="factors">What each is multiplied with to be compared; null for 1.</param>
    /// <param name="ids">The id of each, ascending; null if every id has a vector.</param>
    /// <param name="originals">The vectors that are not stored as they were given; null if all are.</param>
    public MappedRows(VectorHead head, MappedSection values, MappedSection? factors, MappedSection? ids, MappedOriginals? originals)
    {
        (Count, Ids, Dimensions) = (head.Rows, head.Ids, head.Dimensions);
        (_values, _factors, _ids, _originals) = (values, factors, ids, originals);
        _rowBytes = (long)Dimensions * sizeof(float);
    }

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The number of ids: all are from 0 to before it.</summary>
    public int Ids { get; }

    public int Dimensions { get; }

    /// <summary>Where a row lies, to be asked for ahead and not to be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Address(int row) => _values.Start + row * _rowBytes;

    /// <summary>Where a row's factor lies, to be asked for ahead and not to be read; null if factors are 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* FactorAddress(int row) => _factors is null ? null : _factors.Start + row * (long)sizeof(float);

    /// <summary>A row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(int row)
    {
        _values.Verify(row * _rowBytes, _rowBytes);
        return (float*)(_values.Start + row * _rowBytes);
    }

    /// <summary>Some rows one after the other.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">Their number.</param>
    /// <param name="factors">Receives where their factors are; null if those are 1.</param>
    public float* Start(int first, int count, out float* factors)
    {
        _values.Verify(first * _rowBytes, count * _rowBytes);
        _factors?.Verify((long)first * sizeof(float), (long)count * sizeof(float));
        factors = _factors is null ? null : (float*)_factors.Start + first;
        return (float*)(_values.Start + first * _rowBytes);
    }

    public float FactorOf(int row)
    {
        if (_factors is null)
            return 1;
        _factors.Verify((long)row * sizeof(float), sizeof(float));
        return ((float*)_factors.Start)[row];
    }

    public int IdOf(int row) => _ids is null ? row : StoredId(row);

    /// <summary>Finds the row of an id.</summary>
    public bool TryFind(long id, out int row)
    {
        row = (int)id;
        if ((ulong)id >= (ulong)Ids)
            return false;
        if (_ids is null)
            return true;

        // An id is at most as many rows ahead of its own place as there are ids without a vector.
        var (low, high) = (Math.Max(0, row - (Ids - Count)), Math.Min(row, Count - 1));
        while (low <= high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            var found = StoredId(middle);
            if (found == (int)id)
            {
                row = middle;
                return true;
            }

            if (found < (int)id)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    /// <summary>Copies a vector bit for bit as it was given.</summary>
    public bool TryCopyOriginal(long id, Span<float> destination)
    {
        if (!TryFind(id, out var row))
            return false;
        var original = OriginalOf(row);
        (original.IsEmpty ? new ReadOnlySpan<float>(Row(row), Dimensions) : original).CopyTo(destination);
        return true;
    }

    /// <summary>The vector as it was given, if that is not what is stored; empty else.</summary>
    public ReadOnlySpan<float> OriginalOf(int row) => _originals is not null && _originals.TryFind(row, out var original) ? original : default;

    private int StoredId(int row)
    {
        _ids!.Verify((long)row * sizeof(int), sizeof(int));
        var id = ((int*)_ids.Start)[row];
        return (uint)id < (uint)Ids ? id : throw VectorSections.Wrong(_ids, $"the id of row {row} is {id}, but ids are below {Ids}");
    }
}
