using System.Runtime.InteropServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public sealed unsafe class NibbleKernelsTests
{
    // Of the smaller codes stretches fit 16 bits, so that many queries at once are checked too.
    [Theory]
    [InlineData(NibbleKernels.MaxQueryCode)]
    [InlineData(70)]
    public void Every_length_gives_the_sum_of_the_products(int largest)
    {
        var random = new Random(41);
        for (var dimensions = 1; dimensions <= 257; dimensions++)
            Check(dimensions, () => (byte)random.Next(16), () => (sbyte)random.Next(-largest, largest + 1));
    }

    [Theory]
    [InlineData(NibbleKernels.MaxQueryCode)]
    [InlineData(-NibbleKernels.MaxQueryCode)]
    public void The_largest_codes_do_not_saturate(int query)
    {
        foreach (var dimensions in (int[])[1, 31, 32, 33, 256, 1000])
            Check(dimensions, () => 15, () => (sbyte)query);
    }

    [Fact]
    public void A_query_whose_sums_do_not_fit_is_told_and_every_other_is_exact()
    {
        // 96 codes of a stretch go to one sum: 45 of each are the most that 16 bits hold, whatever their signs.
        foreach (var sign in (int[])[1, -1])
        {
            Starts(Enumerable.Repeat(sign * 45, 384)).Should().BeTrue();
            Starts(Enumerable.Repeat(sign * 46, 384)).Should().BeFalse();
            Check(384, () => 15, () => (sbyte)(sign * 45));
            Check(384, () => 0, () => (sbyte)(sign * 45));
        }

        static bool Starts(IEnumerable<int> codes)
        {
            var query = new sbyte[NibbleBatch.QueryBytes(48)];
            codes.Select(code => (sbyte)code).ToArray().CopyTo(query, 0);
            fixed (sbyte* start = query)
                return NibbleBatch.TryStart(start, 48);
        }
    }

    private static void Check(int dimensions, Func<byte> code, Func<sbyte> queryCode)
    {
        var steps = NibbleKernels.Steps(dimensions);
        var bytes = NibbleBatch.QueryBytes(steps);
        var group = (byte*)NativeMemory.AlignedAlloc((nuint)(steps * NibbleKernels.StepBytes), 64);
        var unpacked = (byte*)NativeMemory.AlignedAlloc((nuint)(steps * NibbleBatch.UnpackedBytes), 64);
        try
        {
            new Span<byte>(group, steps * NibbleKernels.StepBytes).Clear();
            var rows = Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, dimensions).Select(_ => code()).ToArray()).ToArray();
            for (var row = 0; row < 16; row++)
                NibbleKernels.Write(group, row, rows[row]);
            NibbleBatch.Unpack(group, steps, unpacked);
            var queries = new sbyte[8 * bytes];
            for (var query = 0; query < 8; query++)
            {
                for (var i = 0; i < dimensions; i++)
                    queries[query * bytes + i] = queryCode();
            }

            var (one, some) = (new int[16], new int[128]);
            fixed (sbyte* codes = queries)
            fixed (int* oneSums = one, someSums = some)
            {
                var fit = true;
                for (var query = 0; query < 8; query++)
                    fit &= NibbleBatch.TryStart(codes + query * bytes, steps);
                foreach (var count in fit ? (int[])[1, 4, 5, 8] : [])
                {
                    some.AsSpan().Clear();
                    NibbleBatch.Dot(group, unpacked, codes, count, steps, someSums);
                    for (var query = 0; query < count; query++)
                        some.AsSpan(query * 16, 16).ToArray().Should().Equal(Expected(query), "of {0} dimensions, {1} queries at once", dimensions, count);
                }

                for (var query = 0; query < 8; query++)
                {
                    NibbleKernels.Dot(group, codes + query * bytes, steps, oneSums);
                    one.Should().Equal(Expected(query), "of {0} dimensions", dimensions);
                }
            }

            int[] Expected(int query) => [.. rows.Select(row => row.Select((value, i) => value * queries[query * bytes + i]).Sum())];
        }
        finally
        {
            NativeMemory.AlignedFree(group);
            NativeMemory.AlignedFree(unpacked);
        }
    }
}
