using System.Runtime.InteropServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public sealed unsafe class ByteKernelsTests : IDisposable
{
    private const int MostDimensions = 257;
    private readonly int _room = ByteKernels.Padded(MostDimensions);
    private readonly sbyte* _rows;
    private readonly short* _query;

    public ByteKernelsTests()
    {
        _rows = (sbyte*)NativeMemory.AlignedAlloc((nuint)(5 * _room), 64);
        _query = (short*)NativeMemory.AlignedAlloc((nuint)(_room * sizeof(short)), 64);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_rows);
        NativeMemory.AlignedFree(_query);
    }

    [Fact]
    public void Every_length_gives_the_sum_of_the_products()
    {
        var random = new Random(7);
        for (var dimensions = 1; dimensions <= MostDimensions; dimensions++)
            Check(dimensions, _ => (sbyte)random.Next(-127, 128));
    }

    [Theory]
    [InlineData(127, 127)]
    [InlineData(-127, 127)]
    [InlineData(-127, -127)]
    public void The_largest_codes_do_not_saturate(int even, int odd)
    {
        foreach (var dimensions in (int[])[1, 2, 63, 64, 65, 256, 257])
            Check(dimensions, i => (sbyte)(i % 2 == 0 ? even : odd));
    }

    private void Check(int dimensions, Func<int, sbyte> code)
    {
        var length = ByteKernels.Padded(dimensions);
        length.Should().BeGreaterThanOrEqualTo(dimensions).And.BeLessThan(dimensions + ByteKernels.Stride);
        new Span<sbyte>(_rows, 5 * _room).Clear();
        for (var row = 0; row < 5; row++)
        {
            for (var i = 0; i < dimensions; i++)
                _rows[row * length + i] = code(i);
        }

        var query = _rows + 4 * length;
        ByteKernels.Widen(query, _query, length);
        var together = ByteKernels.Dot4(_query, _rows, _rows + length, _rows + 2 * length, _rows + 3 * length, length);
        for (var row = 0; row < 4; row++)
        {
            var expected = 0;
            for (var i = 0; i < dimensions; i++)
                expected += query[i] * _rows[row * length + i];

            ByteKernels.Dot(_query, _rows + row * length, length).Should().Be(expected, "of {0} dimensions", dimensions);
            ByteKernels.Dot(query, _rows + row * length, length).Should().Be(expected, "of {0} dimensions", dimensions);
            together[row].Should().Be(expected, "of {0} dimensions, four rows at once", dimensions);
        }
    }
}
