using System.Runtime.InteropServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public sealed unsafe class NibbleKernelsTests
{
    [Fact]
    public void Every_length_gives_the_sum_of_the_products()
    {
        var random = new Random(41);
        for (var dimensions = 1; dimensions <= 257; dimensions++)
            Check(dimensions, () => (byte)random.Next(16), () => (sbyte)random.Next(-NibbleKernels.MaxQueryCode, NibbleKernels.MaxQueryCode + 1));
    }

    [Theory]
    [InlineData(NibbleKernels.MaxQueryCode)]
    [InlineData(-NibbleKernels.MaxQueryCode)]
    public void The_largest_codes_do_not_saturate(int query)
    {
        foreach (var dimensions in (int[])[1, 31, 32, 33, 256, 1000])
            Check(dimensions, () => 15, () => (sbyte)query);
    }

    private static void Check(int dimensions, Func<byte> code, Func<sbyte> queryCode)
    {
        var steps = NibbleKernels.Steps(dimensions);
        var length = steps * NibbleKernels.StepDimensions;
        var group = (byte*)NativeMemory.AlignedAlloc((nuint)(steps * NibbleKernels.StepBytes), 64);
        try
        {
            new Span<byte>(group, steps * NibbleKernels.StepBytes).Clear();
            var rows = Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, dimensions).Select(_ => code()).ToArray()).ToArray();
            for (var row = 0; row < 16; row++)
                NibbleKernels.Write(group, row, rows[row]);
            var queries = new sbyte[8 * length];
            for (var query = 0; query < 8; query++)
            {
                for (var i = 0; i < dimensions; i++)
                    queries[query * length + i] = queryCode();
            }

            var (one, eight) = (new int[16], new int[128]);
            fixed (sbyte* codes = queries)
            fixed (int* oneSums = one, eightSums = eight)
            {
                NibbleKernels.Dot8(group, codes, steps, eightSums);
                for (var query = 0; query < 8; query++)
                {
                    NibbleKernels.Dot(group, codes + query * length, steps, oneSums);
                    int[] expected = [.. rows.Select(row => row.Select((value, i) => value * queries[query * length + i]).Sum())];
                    one.Should().Equal(expected, "of {0} dimensions", dimensions);
                    eight.AsSpan(query * 16, 16).ToArray().Should().Equal(expected, "of {0} dimensions, eight queries at once", dimensions);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(group);
        }
    }
}
