using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>Links rows: finds a row's nearest ones, keeps those that no nearer one stands before, and has them link back.</summary>
/// <remarks>
/// The rule by which links are kept is that of HNSW (Malkov and Yashunin 2016) and of Vamana (Subramanya et al. 2019), in one layer.
/// Several threads may insert at once; the links of a row are changed under a lock of their own and read without one.
/// </remarks>
internal sealed unsafe class GraphBuilder(GraphRows rows, GraphCodes codes, int breadth)
{
    // A row whose links are full keeps at most this part of them, so that it is not chosen anew at every link that is added.
    private const double Keep = 0.75;

    private const int Stripes = 1 << 12;

    private readonly int[] _locks = new int[Stripes];

    // Half of the links may hold the tree, so that there is always room to choose the other half by distance.
    private readonly int _mostChildren = rows.MaxLinks / 2;
    private readonly int _keptWhenFull = Math.Max(rows.MaxLinks / 2 + 1, (int)(rows.MaxLinks * Keep));

    /// <summary>The most children that a row takes.</summary>
    public int MostChildren => _mostChildren;

    /// <summary>Makes a row the first of the graph, which every other can be reached from.</summary>
    public void Root(int row)
    {
        rows.LinksOf(row)[0] = GraphRows.NoLink;
        rows.InfoOf(row).Children = 0;
    }

    /// <summary>Links a row whose codes are stored, and makes it the child of one that is linked already.</summary>
    public void Insert(int row, GraphScratch scratch, ReadOnlySpan<int> entries)
    {
        rows.LinksOf(row)[0] = GraphRows.NoLink;
        rows.InfoOf(row).Children = GraphRowInfo.Outside;
        var selection = Choose(row, scratch, entries);
        Write(row, selection, 0);
        var isChild = false;
        for (var i = 0; i < selection.Count; i++)
            LinkBack(selection[i], row, ref isChild, scratch);
        if (!isChild)
            Adopt(row, entries[0], scratch);
        Volatile.Write(ref rows.InfoOf(row).Children, 0);
    }

    /// <summary>Makes a row that nobody leads to a child of one that can be reached, which keeps its own links and children.</summary>
    public void Attach(int row, GraphScratch scratch, ReadOnlySpan<int> entries)
    {
        var selection = Choose(row, scratch, entries);
        if (rows.LinksOf(row)[0] < 0)
            Write(row, selection, 0);
        Adopt(row, entries[0], scratch);
    }

    /// <summary>Gives a row without children new links, chosen from sorted candidates.</summary>
    public void Replace(int row, ReadOnlySpan<ulong> candidates, float offset, GraphScratch scratch)
    {
        var selection = scratch.Selection;
        selection.Clear();
        foreach (var candidate in candidates)
        {
            if (selection.Count == _keptWhenFull)
                break;
            selection.Offer(rows, codes, GraphPool.Row(candidate), GraphPool.Key(candidate) + offset);
        }

        Write(row, selection, 0);
    }

    private GraphSelection Choose(int row, GraphScratch scratch, ReadOnlySpan<int> entries)
    {
        var query = codes.StoredQuery(rows.Upper[row], rows.Lower[row], scratch.Query);
        GraphWalk.Nearest(rows, scratch, query, entries, breadth, row);
        var offset = codes.KeyOffset(rows.Upper[row]);
        var selection = scratch.Selection;
        selection.Clear();
        foreach (var candidate in new ReadOnlySpan<ulong>(scratch.Pool, scratch.PoolCount))
        {
            if (selection.Count == _keptWhenFull)
                break;
            if (rows.InfoOf(GraphPool.Row(candidate)).Died == GraphRowInfo.Alive)
                selection.Offer(rows, codes, GraphPool.Row(candidate), GraphPool.Key(candidate) + offset);
        }

        return selection;
    }

    private void LinkBack(int row, int other, ref bool isChild, GraphScratch scratch)
    {
        Lock(row);
        try
        {
            var links = rows.LinksOf(row);
            var (count, place) = (0, -1);
            for (; count < rows.MaxLinks && links[count] >= 0; count++)
            {
                if (links[count] == other)
                    place = count;
            }

            // Only a row within the tree adopts: two that are inserted at once must not become each other's parents.
            ref var children = ref rows.InfoOf(row).Children;
            var adopts = !isChild && children >= 0 && children < _mostChildren;
            if (place < 0)
            {
                if (count == rows.MaxLinks)
                    count = Shorten(row, other, adopts, scratch);
                else
                    Append(links, count++, other);
            }

            if (!adopts)
                return;

            // Children stand first. For a moment a reader sees one of the two links twice.
            for (place = count - 1; links[place] != other; place--)
            {
            }

            var moved = links[children];
            Volatile.Write(ref links[children], other);
            Volatile.Write(ref links[place], moved);
            children++;
            isChild = true;
        }
        finally
        {
            Unlock(row);
        }
    }

    private int Shorten(int row, int other, bool mustKeep, GraphScratch scratch)
    {
        var links = rows.LinksOf(row);
        var upper = rows.Upper[row];
        var lower = rows.Lower[row];
        for (var i = 0; i < rows.MaxLinks && Sse.IsSupported; i++)
        {
            for (var line = 0; line < rows.Upper.Stride; line += 64)
                Sse.Prefetch0(rows.Upper[links[i]] + line);
            for (var line = 0; line < rows.Lower.Stride; line += 64)
                Sse.Prefetch0(rows.Lower[links[i]] + line);
        }

        var query = codes.StoredQuery(upper, lower, scratch.OtherQuery);
        var offset = codes.KeyOffset(upper);
        var children = Math.Max(0, rows.InfoOf(row).Children);
        var selection = scratch.OtherSelection;
        selection.Clear();
        for (var i = 0; i < children; i++)
            selection.Add(rows, codes, links[i]);
        if (mustKeep)
            selection.Add(rows, codes, other);

        scratch.EnsurePicked(rows.MaxLinks + 1);
        var picked = 0;
        for (var i = children; i < rows.MaxLinks; i++)
            scratch.Picked[picked++] = GraphPool.Place(query.Key(rows.Upper[links[i]], rows.Lower[links[i]]), links[i]);
        if (!mustKeep)
            scratch.Picked[picked++] = GraphPool.Place(query.Key(rows.Upper[other], rows.Lower[other]), other);
        var candidates = new Span<ulong>(scratch.Picked, picked);
        candidates.Sort();
        foreach (var candidate in candidates)
        {
            if (selection.Count >= _keptWhenFull)
                break;
            selection.Offer(rows, codes, GraphPool.Row(candidate), GraphPool.Key(candidate) + offset);
        }

        Write(row, selection, children);
        return selection.Count;
    }

    /// <summary>
    /// Makes a row the child of the nearest candidate that has room; or else of a descendant of one, or of the root.
    /// </summary>
    private void Adopt(int row, int root, GraphScratch scratch)
    {
        var isChild = false;
        var full = -1;
        for (var i = 0; i < scratch.PoolCount && !isChild; i++)
        {
            var candidate = GraphPool.Row(scratch.Pool[i]);
            if (full < 0 && Volatile.Read(ref rows.InfoOf(candidate).Children) >= _mostChildren)
                full = candidate;
            LinkBack(candidate, row, ref isChild, scratch);
        }

        if (!isChild && full < 0)
        {
            LinkBack(root, row, ref isChild, scratch);
            full = root;
        }

        // A row that is full has children, and those are within the tree, so that going down ends at one with room.
        for (var step = row; full >= 0 && !isChild; step = step * 31 + 17)
        {
            full = rows.LinksOf(full)[(int)((uint)step % (uint)_mostChildren)];
            LinkBack(full, row, ref isChild, scratch);
        }
    }

    private void Write(int row, GraphSelection selection, int from)
    {
        var links = rows.LinksOf(row);
        if (selection.Count < rows.MaxLinks)
            Volatile.Write(ref links[selection.Count], GraphRows.NoLink);
        for (var i = from; i < selection.Count; i++)
            Volatile.Write(ref links[i], selection[i]);
    }

    private void Append(int* links, int count, int other)
    {
        if (count + 1 < rows.MaxLinks)
            links[count + 1] = GraphRows.NoLink;
        Volatile.Write(ref links[count], other);
    }

    private void Lock(int row)
    {
        ref var taken = ref _locks[row & (Stripes - 1)];
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref taken, 1, 0) != 0)
            spin.SpinOnce();
    }

    private void Unlock(int row) => Volatile.Write(ref _locks[row & (Stripes - 1)], 0);
}
