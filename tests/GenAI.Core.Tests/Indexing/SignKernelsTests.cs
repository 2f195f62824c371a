using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public unsafe class SignKernelsTests
{
    [Fact]
    public void Sums_equal_the_scalar_ones_for_any_number_of_blocks()
    {
        var random = new Random(1);
        for (var blocks = 1; blocks <= SignKernels.MostBytes / SignKernels.BlockBytes; blocks++)
        {
            var (query, signs) = (new sbyte[blocks * SignKernels.BlockComponents], new byte[blocks * SignKernels.BlockBytes]);
            random.NextBytes(signs);
            for (var i = 0; i < query.Length; i++)
                query[i] = (sbyte)random.Next(-128, 128);

            Sum(query, signs).Should().Be(Scalar(query, signs), $"{blocks} blocks");
        }
    }

    [Theory]
    [InlineData(-128, 0xFF)]
    [InlineData(127, 0xFF)]
    [InlineData(-128, 0x00)]
    [InlineData(-128, 0x55)]
    public void The_greatest_sums_do_not_overflow(int component, int bits)
    {
        var (query, signs) = (new sbyte[8 * SignKernels.MostBytes], new byte[SignKernels.MostBytes]);
        query.AsSpan().Fill((sbyte)component);
        signs.AsSpan().Fill((byte)bits);

        Sum(query, signs).Should().Be(Scalar(query, signs));
    }

    private static int Sum(sbyte[] query, byte[] signs)
    {
        // At the end of native memory of exactly this size, so that reading on would be an error.
        using var left = new NativeBuffer((nuint)query.Length);
        using var right = new NativeBuffer((nuint)signs.Length);
        query.CopyTo(new Span<sbyte>(left.Address, query.Length));
        signs.CopyTo(new Span<byte>(right.Address, signs.Length));
        return SignKernels.Sum((sbyte*)left.Address, right.Address, signs.Length);
    }

    private static int Scalar(sbyte[] query, byte[] signs)
    {
        var sum = 0;
        for (var i = 0; i < query.Length; i++)
        {
            var (block, bit, at) = (i / 128, i % 128 / 16, i % 16);
            sum += (signs[block * 16 + at] >> bit & 1) * query[i];
        }

        return sum;
    }
}
