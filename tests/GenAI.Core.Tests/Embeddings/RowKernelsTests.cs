using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Indexing;

namespace GenAI.Core.Tests.Embeddings;

/// <summary>The kernels against a loop, to the last bit, at every length, beside memory that ends the process when it is read.</summary>
public unsafe class RowKernelsTests
{
    [Fact]
    public void Codes_and_values_are_added_as_a_loop_would_and_within_their_bounds()
    {
        var random = new Random(9);
        for (var length = 1; length <= 257; length++)
        {
            using var codes = new GuardedMemory(length);
            using var values = new GuardedMemory(length * sizeof(float));
            using var sums = new GuardedMemory(length * sizeof(float));
            foreach (var isLast in new[] { false, true })
            {
                var code = (sbyte*)(isLast ? codes.Last : codes.First);
                var value = (float*)(isLast ? values.Last : values.First);
                var sum = (float*)(isLast ? sums.Last : sums.First);
                var expected = new float[length];
                for (var i = 0; i < length; i++)
                    (code[i], value[i], sum[i]) = ((sbyte)random.Next(-128, 128), random.NextSingle() - 0.5f, 0);
                for (var round = 0; round < 3; round++)
                {
                    var multiplier = random.NextSingle() * 3;
                    RowKernels.Add(code, length, multiplier, sum);
                    RowKernels.Add(value, length, multiplier, sum);
                    for (var i = 0; i < length; i++)
                        expected[i] = expected[i] + multiplier * code[i] + multiplier * value[i];
                }

                new Span<float>(sum, length).SequenceEqual(expected).Should().BeTrue("{0} components", length);
            }
        }
    }
}
