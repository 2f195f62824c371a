using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public unsafe class PlaneKernelsTests
{
    [Fact]
    public void Inner_products_equal_the_scalar_ones_for_any_number_of_blocks()
    {
        var random = new Random(1);
        for (var blocks = 1; blocks <= 20; blocks++)
        {
            var (query, plane) = (new sbyte[blocks * PlaneKernels.BlockComponents], new byte[blocks * PlaneKernels.BlockBytes]);
            random.NextBytes(plane);
            for (var i = 0; i < query.Length; i++)
                query[i] = (sbyte)random.Next(-128, 128);

            Dot(query, plane).Should().Be(Scalar(query, plane), $"{blocks} blocks");
        }
    }

    [Theory]
    [InlineData(-128, 0xFF)]
    [InlineData(127, 0xFF)]
    [InlineData(-128, 0x00)]
    [InlineData(127, 0xF0)]
    public void The_greatest_products_do_not_overflow(int component, int codes)
    {
        var (query, plane) = (new sbyte[32 * PlaneKernels.BlockComponents], new byte[32 * PlaneKernels.BlockBytes]);
        query.AsSpan().Fill((sbyte)component);
        plane.AsSpan().Fill((byte)codes);

        Dot(query, plane).Should().Be(Scalar(query, plane));
    }

    private static int Dot(sbyte[] query, byte[] plane)
    {
        // At the end of native memory of exactly this size, so that reading on would be an error.
        using var left = new NativeBuffer((nuint)query.Length);
        using var right = new NativeBuffer((nuint)plane.Length);
        query.CopyTo(new Span<sbyte>(left.Address, query.Length));
        plane.CopyTo(new Span<byte>(right.Address, plane.Length));
        return PlaneKernels.Dot((sbyte*)left.Address, right.Address, plane.Length);
    }

    private static int Scalar(sbyte[] query, byte[] plane)
    {
        var sum = 0;
        for (var i = 0; i < query.Length; i++)
        {
            var (block, at) = (i / 128, i % 128);
            var both = plane[block * 64 + at % 64];
            sum += query[i] * (at < 64 ? both & 15 : both >> 4);
        }

        return sum;
    }
}
