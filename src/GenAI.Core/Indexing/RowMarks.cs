using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>Which rows a walk has met. Each walk has a mark of its own, so nothing needs clearing before the next.</summary>
/// <remarks>A row that was added after the walk began may have no mark yet; such rows are not for it to see.</remarks>
internal readonly unsafe struct RowMarks(GraphScratch scratch)
{
    private readonly ushort* _marks = scratch.Marks;
    private readonly ushort _mark = scratch.Mark;
    private readonly uint _count = (uint)scratch.MarkCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Knows(int row) => (uint)row < _count;

    /// <summary>Whether a row has a mark and was not met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsFresh(int row) => Knows(row) && _marks[row] != _mark;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int row) => _marks[row] = _mark;

    /// <summary>Marks a row.</summary>
    /// <returns>1 if it was not met before, or else 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Meet(int row)
    {
        var met = _marks[row];
        _marks[row] = _mark;
        return met != _mark ? 1 : 0;
    }
}
