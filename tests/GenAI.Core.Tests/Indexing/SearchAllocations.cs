using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>What searches allocate on all threads together, measured where nothing else runs.</summary>
internal static class SearchAllocations
{
    /// <summary>The most bytes that a run of searches of any kind allocates, once warm: anything that is allocated for each search would be more than this runs' number of bytes.</summary>
    public static long Measure()
    {
        // Large enough for two threads: 16 MB of vectors, and of codes for the queries of the batch together.
        const int Dimensions = 4096, Rows = 1152, Queries = 10, Top = 5, Runs = 2;
        var random = new Random(61);
        var rows = VectorOracle.Real(random, Rows * Dimensions);
        var queries = VectorOracle.Real(random, Queries * Dimensions);
        var results = new VectorMatch[Queries * Top];
        var few = new ulong[Rows / 64];
        Array.Fill(few, 1UL);
        var most = 0L;
        foreach (var codes in (ExactCodes[])[ExactCodes.None, ExactCodes.FourBit])
        {
            using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { Codes = codes });
            index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id)], rows);
            foreach (var threads in (int[])[1, 8])
            {
                foreach (ReadOnlyMemory<ulong>? allowed in (ReadOnlyMemory<ulong>?[])[null, few])
                {
                    var settings = new VectorSearchSettings { MaxDegreeOfParallelism = threads, AllowedIds = allowed };
                    void Search()
                    {
                        index.Search(queries.AsSpan(0, Dimensions), results.AsSpan(0, Top), settings);
                        index.SearchBatch(queries, results, Top, settings);
                    }

                    // What threads bring along once, such as a place in the pool, is not the search's: the least of some runs counts.
                    var least = long.MaxValue;
                    for (var run = 0; run < 6; run++)
                    {
                        var before = GC.GetTotalAllocatedBytes(precise: true);
                        for (var i = 0; i < Runs; i++)
                            Search();
                        least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
                    }

                    most = Math.Max(most, least);
                }
            }
        }

        return most;
    }
}
