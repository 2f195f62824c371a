namespace GenAI.Core.Indexing;

/// <summary>Which places for rows are free: a place whose row has died is free when no search is left that may see it.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class SlotPool(RowBlocks rows)
{
    private readonly Stack<int> _free = new();
    private readonly Queue<(int Slot, long Version)> _dying = new();

    /// <summary>The places that have to be looked at: all behind are free.</summary>
    public int Top { get; private set; }

    /// <summary>Rows that are seen by searches that begin now.</summary>
    public int Alive { get; private set; }

    /// <summary>Free places among those that have to be looked at.</summary>
    public int Holes => Top - Alive - _dying.Count;

    /// <summary>Takes a place that nobody looks at.</summary>
    public int Take()
    {
        Alive++;
        return TryTakeHole(out var slot) ? slot : Top++;
    }

    /// <summary>Notes that a row is not seen any more from a version on.</summary>
    public void Leave(int slot, long version)
    {
        Alive--;
        _dying.Enqueue((slot, version));
    }

    /// <summary>Notes that a row is seen elsewhere from a version on, in a place that was taken as a hole.</summary>
    public void Move(int slot, long version) => _dying.Enqueue((slot, version));

    /// <summary>The next row that nobody will see any more.</summary>
    /// <param name="oldest">The oldest version that is being read.</param>
    /// <param name="slot">The row; it is free after <see cref="Free"/>.</param>
    public bool TryBury(long oldest, out int slot)
    {
        slot = -1;
        if (!_dying.TryPeek(out var next) || next.Version > oldest)
            return false;
        slot = _dying.Dequeue().Slot;
        return true;
    }

    public void Free(int slot)
    {
        rows.Clear(slot);
        _free.Push(slot);
    }

    /// <summary>Leaves out free places at the end.</summary>
    /// <returns>Whether there were any.</returns>
    public bool DropEnd()
    {
        var before = Top;
        while (Top > 0 && rows.Info(Top - 1).Born == RowInfo.Never)
            Top--;
        return Top != before;
    }

    /// <summary>Takes a hole in front of a place; a search that reads the rows in between misses nothing.</summary>
    public bool TryTakeHole(out int slot, int before = int.MaxValue)
    {
        // Places behind the end are forgotten here; those that were taken as the end moved on are not free any more.
        while (_free.TryPop(out slot))
        {
            if (slot < Math.Min(Top, before) && rows.Info(slot).Born == RowInfo.Never)
                return true;
        }

        return false;
    }
}
