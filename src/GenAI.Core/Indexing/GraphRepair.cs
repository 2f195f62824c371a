namespace GenAI.Core.Indexing;

/// <summary>Takes removed rows out of the graph: what led to one leads to those that it led to, as far as they are among the nearest.</summary>
/// <remarks>
/// After "FreshDiskANN" (Singh et al. 2021). It visits every row, so it is done once for many removals. Rows are read meanwhile;
/// a reader may miss a link that is being moved, never follow one to nowhere.
/// </remarks>
internal sealed unsafe class GraphRepair(GraphRows rows, GraphCodes codes, GraphBuilder builder)
{
    /// <summary>Replaces the links of one row that lead to removed rows.</summary>
    public void Reconnect(int row, GraphScratch scratch)
    {
        var links = rows.LinksOf(row);
        rows.InfoOf(row).Children = GraphRowInfo.Outside;
        scratch.EnsurePicked(rows.MaxLinks * (rows.MaxLinks + 1));
        scratch.NextMark(rows.Capacity);
        scratch.Marks[row] = scratch.Mark;
        var (picked, broken) = (0, false);
        var query = codes.StoredQuery(rows.Upper[row], rows.Lower[row], scratch.Query);
        for (var i = 0; i < rows.MaxLinks && links[i] >= 0; i++)
        {
            if (IsAlive(links[i]))
            {
                Pick(links[i], query, scratch, ref picked);
                continue;
            }

            broken = true;
            var beyond = rows.LinksOf(links[i]);
            for (var j = 0; j < rows.MaxLinks && beyond[j] >= 0; j++)
            {
                if (IsAlive(beyond[j]))
                    Pick(beyond[j], query, scratch, ref picked);
            }
        }

        if (!broken)
            return;
        var candidates = new Span<ulong>(scratch.Picked, picked);
        candidates.Sort();
        builder.Replace(row, candidates, codes.KeyOffset(rows.Upper[row]), scratch);
    }

    /// <summary>Makes a spanning tree anew, from a row that is alive, over all that are.</summary>
    public void Span(int root, int used, GraphScratch scratch)
    {
        var reached = new Queue<int>();
        rows.InfoOf(root).Children = 0;
        reached.Enqueue(root);
        Spread(reached);
        int[] entries = [root];
        for (var row = 0; row < used; row++)
        {
            if (!IsAlive(row) || rows.InfoOf(row).Children != GraphRowInfo.Outside)
                continue;
            builder.Attach(row, scratch, entries);
            rows.InfoOf(row).Children = 0;
            reached.Enqueue(row);
            Spread(reached);
        }
    }

    private void Spread(Queue<int> reached)
    {
        while (reached.TryDequeue(out var row))
        {
            var links = rows.LinksOf(row);
            ref var children = ref rows.InfoOf(row).Children;
            for (var i = children; i < rows.MaxLinks && links[i] >= 0 && children < builder.MostChildren; i++)
            {
                var other = links[i];
                ref var outside = ref rows.InfoOf(other).Children;
                if (outside != GraphRowInfo.Outside)
                    continue;
                outside = 0;
                links[i] = links[children];
                Volatile.Write(ref links[children++], other);
                reached.Enqueue(other);
            }
        }
    }

    private bool IsAlive(int row) => rows.InfoOf(row).Died == GraphRowInfo.Alive;

    private void Pick(int row, in GraphQuery query, GraphScratch scratch, ref int picked)
    {
        if (scratch.Marks[row] == scratch.Mark)
            return;
        scratch.Marks[row] = scratch.Mark;
        scratch.Picked[picked++] = GraphPool.Place(query.Key(rows.Upper[row], rows.Lower[row]), row);
    }
}
