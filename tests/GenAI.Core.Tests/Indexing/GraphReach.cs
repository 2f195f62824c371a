using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Follows every link from the root of a graph.</summary>
internal static unsafe class GraphReach
{
    /// <summary>The ids of vectors that no chain of links leads to.</summary>
    public static List<long> Unreached(VectorIndex index)
    {
        var graph = (GraphIndex)index;
        var (rows, state) = (graph.Rows, graph.State);
        var reached = new bool[state.Rows];
        var next = new Stack<int>([state.Entries[0]]);
        reached[state.Entries[0]] = true;
        while (next.TryPop(out var row))
        {
            var links = rows.LinksOf(row);
            for (var i = 0; i < rows.MaxLinks && links[i] >= 0; i++)
            {
                if (!reached[links[i]])
                {
                    reached[links[i]] = true;
                    next.Push(links[i]);
                }
            }
        }

        var unreached = new List<long>();
        for (var row = 0; row < state.Rows; row++)
        {
            if (!reached[row] && rows.InfoOf(row).IsSeenIn(state.Version))
                unreached.Add(rows.InfoOf(row).Id);
        }

        return unreached;
    }

    /// <summary>Every link of every row, for comparing graphs.</summary>
    public static int[] Links(VectorIndex index)
    {
        var graph = (GraphIndex)index;
        var all = new List<int>();
        for (var row = 0; row < graph.State.Rows; row++)
        {
            var links = graph.Rows.LinksOf(row);
            for (var i = 0; i < graph.Rows.MaxLinks && links[i] >= 0; i++)
                all.Add(links[i]);
            all.Add(-1);
        }

        return [.. all];
    }
}
