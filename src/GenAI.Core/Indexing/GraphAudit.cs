namespace GenAI.Core.Indexing;

/// <summary>
/// Measures what breadth the data needs: asks for the neighbours of stored vectors, other than themselves, at growing breadths until
/// enough of the true ones are found.
/// </summary>
internal static unsafe class GraphAudit
{
    public const int LeastBreadth = 128;
    public const int MostBreadth = 768;

    /// <summary>Smaller indexes are scanned.</summary>
    public const int FewestRows = 2048;

    /// <summary>Larger indexes keep the breadth they have: comparing with every vector would hold up the write that is due for seconds.</summary>
    public const int MostRows = 1_000_000;

    private const int Top = 10;

    // Stored vectors are found more easily than queries from elsewhere, so more is asked of them than the 95% that is promised.
    private const double Recall = 0.99;

    private const int MostQueries = 64;
    private const int FewestQueries = 16;
    private const long CodesCompared = 4_000_000;

    public static int Breadth(GraphRows rows, GraphCodes codes, GraphState state, GraphScratch scratch, ulong seed)
    {
        var queries = (int)Math.Clamp(CodesCompared / state.Count, FewestQueries, MostQueries);
        var (picked, farthest) = (new int[queries], new float[queries]);
        var sequence = new SeededSequence(seed + (ulong)state.Count);
        for (var i = 0; i < queries; i++)
        {
            picked[i] = Seen(rows, state, sequence.Next(state.Rows));
            farthest[i] = TrueFarthest(rows, codes, state, scratch, picked[i]);
        }

        for (var breadth = LeastBreadth; breadth < MostBreadth; breadth += breadth / 3)
        {
            var hits = 0;
            for (var i = 0; i < queries; i++)
            {
                var query = Query(rows, codes, scratch, picked[i]);
                GraphWalk.Nearest(rows, scratch, query, state.Entries, breadth);
                var found = 0;
                for (var j = 0; j < scratch.PoolCount && found < Top; j++)
                {
                    var row = GraphPool.Row(scratch.Pool[j]);
                    if (row == picked[i] || rows.InfoOf(row).Died != GraphRowInfo.Alive)
                        continue;
                    found++;
                    hits += GraphPool.Key(scratch.Pool[j]) <= farthest[i] ? 1 : 0;
                }
            }

            if (hits >= Recall * Top * queries)
                return breadth;
        }

        return MostBreadth;
    }

    // Asked as a user would, by the index's own metric: inner products are harder to search than the distances that links are chosen by.
    private static GraphQuery Query(GraphRows rows, GraphCodes codes, GraphScratch scratch, int row) =>
        codes.Query(new ReadOnlySpan<float>(rows.VectorOf(row), rows.Dimensions), scratch.Rotated, scratch.Query, out _);

    private static int Seen(GraphRows rows, GraphState state, int row)
    {
        while (rows.InfoOf(row).Died != GraphRowInfo.Alive)
            row = (row + 1) % state.Rows;
        return row;
    }

    private static float TrueFarthest(GraphRows rows, GraphCodes codes, GraphState state, GraphScratch scratch, int asked)
    {
        var query = Query(rows, codes, scratch, asked);
        scratch.EnsurePool(Top);
        var pool = new GraphPool(scratch.Pool, Top);
        for (var row = 0; row < state.Rows; row++)
        {
            if (row == asked || rows.InfoOf(row).Died != GraphRowInfo.Alive)
                continue;
            var upper = rows.Upper[row];
            var product = query.Upper(upper);
            if (query.Optimistic(upper, product) < pool.Bound)
                pool.Offer(query.Key(upper, rows.Lower[row], product), row);
        }

        return GraphPool.Key(scratch.Pool[pool.Count - 1]);
    }
}
