using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Kernels read no byte before or behind what they are given: the process would end.</summary>
public sealed unsafe class GuardedKernelsTests
{
    [Fact]
    public void Sums_over_vectors_stay_within_them_at_every_length()
    {
        for (var length = 1; length <= 257; length++)
        {
            using var left = new GuardedMemory(length * sizeof(float));
            using var right = new GuardedMemory(length * sizeof(float));
            foreach (var (a, b) in ((nint, nint)[])[((nint)left.First, (nint)right.First), ((nint)left.Last, (nint)right.Last)])
            {
                Span<float> query = new((void*)a, length), row = new((void*)b, length);
                for (var i = 0; i < length; i++)
                    (query[i], row[i]) = (i % 5 - 2, i % 3 + 1);
                DotProductKernel.Score(query, row, 1).Should().Be((float)VectorOracle.Score(VectorMetric.DotProduct, query, row));
                EuclideanKernel.Score(query, row, 1).Should().Be((float)VectorOracle.Score(VectorMetric.Euclidean, query, row));
                ManhattanKernel.Score(query, row, 1).Should().Be((float)VectorOracle.Score(VectorMetric.Manhattan, query, row));
                HammingKernel.Score(query, row, 1).Should().Be((float)VectorOracle.Score(VectorMetric.Hamming, query, row));
            }
        }
    }

    [Fact]
    public void Inner_products_of_codes_stay_within_a_group_and_the_queries()
    {
        var random = new Random(71);
        for (var dimensions = 1; dimensions <= 257; dimensions++)
        {
            var steps = NibbleKernels.Steps(dimensions);
            var bytes = NibbleBatch.QueryBytes(steps);
            using var group = new GuardedMemory(steps * NibbleKernels.StepBytes);
            using var unpacked = new GuardedMemory(steps * NibbleBatch.UnpackedBytes);
            using var queries = new GuardedMemory(8 * bytes);
            using var sums = new GuardedMemory(8 * NibbleKernels.GroupRows * sizeof(int));
            random.NextBytes(new Span<byte>(group.Last, group.Bytes));
            for (var i = 0; i < queries.Bytes; i++)
                queries.Last[i] = (byte)(sbyte)random.Next(-NibbleKernels.MaxQueryCode / 2, NibbleKernels.MaxQueryCode / 2 + 1);
            for (var query = 0; query < 8; query++)
                NibbleBatch.TryStart((sbyte*)queries.Last + query * bytes, steps).Should().BeTrue();

            NibbleBatch.Unpack(group.Last, steps, unpacked.Last);
            NibbleBatch.Dot(group.Last, unpacked.Last, (sbyte*)queries.Last, 8, steps, (int*)sums.Last);
            var eight = new Span<int>(sums.Last, 8 * NibbleKernels.GroupRows).ToArray();
            for (var query = 0; query < 8; query++)
            {
                NibbleKernels.Dot(group.Last, (sbyte*)queries.Last + query * bytes, steps, (int*)sums.Last);
                new Span<int>(sums.Last, NibbleKernels.GroupRows).SequenceEqual(eight.AsSpan(query * NibbleKernels.GroupRows, NibbleKernels.GroupRows)).Should().BeTrue();
                NibbleKernels.DotPortable(group.Last, (sbyte*)queries.Last + query * bytes, steps, (int*)sums.Last);
                new Span<int>(sums.Last, NibbleKernels.GroupRows).SequenceEqual(eight.AsSpan(query * NibbleKernels.GroupRows, NibbleKernels.GroupRows)).Should().BeTrue();
            }
        }
    }
}
