using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public sealed unsafe class PruningRuleTests
{
    public static TheoryData<VectorMetric, string> Cases => ExactCodesTests.Cases;

    /// <summary>The bound is put exactly where each row is, so that the least error in the wrong direction shows.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void No_row_is_ruled_out_by_its_own_score(VectorMetric metric, string kind)
    {
        var random = new Random(21);
        foreach (var dimensions in (int[])[1, 2, 3, 4, 5, 8, 17, 33, 64, 130, 384])
        {
            const int Rows = 64;
            using var memory = new IndexMemory();
            var blocks = new CodeBlocks(dimensions, hasLengths: metric != VectorMetric.Cosine, memory);
            blocks.EnsureCapacity(Rows, 1);
            var vectors = HostileVectors.Make(kind, random, Rows, dimensions);
            for (var row = 0; row < Rows; row++)
                blocks.Write(row, Row(row));

            var queries = HostileVectors.Make(kind, random, 8, dimensions).Concat(HostileVectors.Make("normal", random, 8, dimensions)).Concat(vectors).ToArray();
            for (var first = 0; first < queries.Length; first += dimensions)
                Check(queries.AsSpan(first, dimensions).ToArray());

            ReadOnlySpan<float> Row(int row)
            {
                var values = vectors.AsSpan(row * dimensions, dimensions);
                if (metric == VectorMetric.Cosine)
                    TensorPrimitives.Multiply(values, 1 / MathF.Max(1e-30f, TensorPrimitives.MaxMagnitude(values) * MathF.Sign(TensorPrimitives.MaxMagnitude(values))), values);
                return values;
            }

            void Check(float[] query)
            {
                if (metric == VectorMetric.Cosine)
                {
                    var length = Math.Sqrt(VectorOracle.Score(VectorMetric.DotProduct, query, query));
                    for (var i = 0; i < dimensions; i++)
                        query[i] = (float)(query[i] / length);
                }

                var coded = new ScanQuery(dimensions);
                var codes = stackalloc sbyte[NibbleBatch.QueryBytes(blocks.Steps)];
                fixed (float* start = query)
                {
                    coded.Begin(start, null, 0);
                    coded.Code(metric, blocks.Rotation, codes);
                }

                if (!coded.IsCoded)
                    return;

                var sums = stackalloc int[16];
                var estimates = stackalloc float[16];
                var test = (SumTest*)(codes + NibbleBatch.TestOffset(blocks.Steps));
                for (var row = 0; row < Rows; row++)
                {
                    var values = Row(row);
                    var score = metric switch
                    {
                        VectorMetric.Cosine => CosineKernel.Score(query, values, 1 / TensorPrimitives.Norm(values)),
                        VectorMetric.DotProduct => DotProductKernel.Score(query, values, 1),
                        _ => EuclideanKernel.Score(query, values, 1),
                    };
                    coded.SetBound(score);
                    var group = blocks.Group(row / 16);
                    NibbleKernels.Dot(group, codes, blocks.Steps, sums);
                    var kept = CodeScan.Kept(coded, blocks.Along(group), sums, estimates);
                    (kept >> row % 16 & 1).Should().Be(1u, "row {0} of {1} dimensions, score {2}", row, dimensions, score);

                    // Nor does the test of sums that comes before.
                    new GroupAngles(blocks.Along(group)).Passing((byte*)test, 0, 1, sums).Should().NotBe(0, "row {0} of {1} dimensions, score {2}", row, dimensions, score);

                    // And sixteen at once decide as one alone does.
                    var estimate = (sums[row % 16] * 2 - coded.Offset) * coded.Inverse;
                    (estimate < coded.Rule.Limit(blocks.Angle(group, row % 16))).Should().BeFalse("row {0} of {1} dimensions, score {2}", row, dimensions, score);
                }
            }
        }
    }

    [Fact]
    public void A_bound_far_above_rules_out_nearly_everything()
    {
        const int Dimensions = 384, Rows = 1600;
        var random = new Random(22);
        using var memory = new IndexMemory();
        var blocks = new CodeBlocks(Dimensions, hasLengths: false, memory);
        blocks.EnsureCapacity(Rows, 1);
        for (var row = 0; row < Rows; row++)
            blocks.Write(row, HostileVectors.Make("one huge component", random, 1, Dimensions));
        var query = HostileVectors.Make("normal", random, 1, Dimensions);
        TensorPrimitives.Divide(query, TensorPrimitives.Norm(query), query);
        var coded = new ScanQuery(Dimensions);
        var codes = stackalloc sbyte[NibbleBatch.QueryBytes(blocks.Steps)];
        fixed (float* start = query)
        {
            coded.Begin(start, null, 0);
            coded.Code(VectorMetric.Cosine, blocks.Rotation, codes);
        }

        coded.IsCoded.Should().BeTrue();
        coded.SetBound(0.4f);

        var sums = stackalloc int[16];
        var estimates = stackalloc float[16];
        var test = (SumTest*)(codes + NibbleBatch.TestOffset(blocks.Steps));
        var (kept, passed) = (0, 0);
        for (var group = 0; group < Rows / 16; group++)
        {
            NibbleKernels.Dot(blocks.Group(group), codes, blocks.Steps, sums);
            passed += new GroupAngles(blocks.Along(blocks.Group(group))).Passing((byte*)test, 0, 1, sums) == 0 ? 0 : 1;
            kept += System.Numerics.BitOperations.PopCount(CodeScan.Kept(coded, blocks.Along(blocks.Group(group)), sums, estimates));
        }

        kept.Should().BeLessThan(16);
        passed.Should().BeLessThan(Vector256.IsHardwareAccelerated ? 16 : int.MaxValue, "it rules out what it can where registers are wide enough");
    }
}
