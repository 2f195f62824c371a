using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Training;

/// <summary>Products of dense matrices, row by row in memory, on several threads.</summary>
/// <remarks>
/// Blocks of 4 x 24 results stay in registers while the sums run over the inner dimension. Each result is summed in one order, whatever the number of
/// threads, so that training is repeatable. Measured on one core of Zen 3 in November 2026: see docs/decisions/0120-static-training.md.
/// </remarks>
internal static class MatrixProduct
{
    private const int BlockRows = 4, Lanes = 8, BlockColumns = 3 * Lanes;

    /// <summary>Sets <paramref name="product"/> to <paramref name="left"/> (rows x inner) times <paramref name="right"/> (inner x columns).</summary>
    public static void Multiply(float[] left, float[] right, float[] product, int rows, int inner, int columns, ParallelOptions threads)
    {
        var blocks = (rows + BlockRows - 1) / BlockRows;
        // Bands of columns are outermost: the right side's band stays in the cache for all rows of a thread.
        var perTask = Math.Max(1, (blocks + (threads.MaxDegreeOfParallelism * 4) - 1) / (threads.MaxDegreeOfParallelism * 4));
        Parallel.For(0, (blocks + perTask - 1) / perTask, threads, task =>
        {
            var end = Math.Min(blocks, (task + 1) * perTask) * BlockRows;
            MultiplyRows(left, right, product, task * perTask * BlockRows, Math.Min(end, rows), inner, columns);
        });
    }

    /// <summary>Sets <paramref name="transposed"/> (columns x rows) to the transpose of <paramref name="matrix"/>.</summary>
    public static void Transpose(float[] matrix, float[] transposed, int rows, int columns, ParallelOptions threads)
    {
        const int Tile = 32;
        Parallel.For(0, (columns + Tile - 1) / Tile, threads, tile =>
        {
            var lastColumn = Math.Min(columns, (tile + 1) * Tile);
            for (var firstRow = 0; firstRow < rows; firstRow += Tile)
            {
                var lastRow = Math.Min(rows, firstRow + Tile);
                for (var column = tile * Tile; column < lastColumn; column++)
                {
                    for (var row = firstRow; row < lastRow; row++)
                        transposed[column * rows + row] = matrix[row * columns + column];
                }
            }
        });
    }

    private static void MultiplyRows(float[] left, float[] right, float[] product, int start, int end, int inner, int columns)
    {
        ref var a = ref MemoryMarshal.GetArrayDataReference(left);
        ref var b = ref MemoryMarshal.GetArrayDataReference(right);
        ref var c = ref MemoryMarshal.GetArrayDataReference(product);
        var column = 0;
        for (; column + BlockColumns <= columns; column += BlockColumns)
        {
            var row = start;
            for (; row + BlockRows <= end; row += BlockRows)
                Block(ref Unsafe.Add(ref a, row * inner), ref Unsafe.Add(ref b, column), ref Unsafe.Add(ref c, (nint)row * columns + column), inner, columns);
            for (; row < end; row++)
                Cells(ref Unsafe.Add(ref a, row * inner), ref b, ref Unsafe.Add(ref c, (nint)row * columns), column, column + BlockColumns, inner, columns);
        }

        for (var row = start; row < end; row++)
            Cells(ref Unsafe.Add(ref a, row * inner), ref b, ref Unsafe.Add(ref c, (nint)row * columns), column, columns, inner, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(ref float a, ref float b, ref float c, int inner, int columns)
    {
        Vector256<float> c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        Vector256<float> c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        ref var a1 = ref Unsafe.Add(ref a, inner);
        ref var a2 = ref Unsafe.Add(ref a1, inner);
        ref var a3 = ref Unsafe.Add(ref a2, inner);
        for (var k = 0; k < inner; k++)
        {
            var b0 = Vector256.LoadUnsafe(ref b);
            var b1 = Vector256.LoadUnsafe(ref b, Lanes);
            var b2 = Vector256.LoadUnsafe(ref b, 2 * Lanes);
            var v = Vector256.Create(Unsafe.Add(ref a, k));
            c00 = Vector256.FusedMultiplyAdd(v, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(v, b1, c01);
            c02 = Vector256.FusedMultiplyAdd(v, b2, c02);
            v = Vector256.Create(Unsafe.Add(ref a1, k));
            c10 = Vector256.FusedMultiplyAdd(v, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(v, b1, c11);
            c12 = Vector256.FusedMultiplyAdd(v, b2, c12);
            v = Vector256.Create(Unsafe.Add(ref a2, k));
            c20 = Vector256.FusedMultiplyAdd(v, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(v, b1, c21);
            c22 = Vector256.FusedMultiplyAdd(v, b2, c22);
            v = Vector256.Create(Unsafe.Add(ref a3, k));
            c30 = Vector256.FusedMultiplyAdd(v, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(v, b1, c31);
            c32 = Vector256.FusedMultiplyAdd(v, b2, c32);
            b = ref Unsafe.Add(ref b, columns);
        }

        Store(c00, c01, c02, ref c);
        Store(c10, c11, c12, ref Unsafe.Add(ref c, columns));
        Store(c20, c21, c22, ref Unsafe.Add(ref c, 2 * columns));
        Store(c30, c31, c32, ref Unsafe.Add(ref c, 3 * columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> first, Vector256<float> second, Vector256<float> third, ref float destination)
    {
        first.StoreUnsafe(ref destination);
        second.StoreUnsafe(ref destination, Lanes);
        third.StoreUnsafe(ref destination, 2 * Lanes);
    }

    // What is left at the right and lower edges: eight columns at a time, then one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cells(ref float a, ref float b, ref float c, int column, int end, int inner, int columns)
    {
        for (; column + Lanes <= end; column += Lanes)
        {
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < inner; k++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(Unsafe.Add(ref a, k)), Vector256.LoadUnsafe(ref Unsafe.Add(ref b, (nint)k * columns + column)), sum);
            sum.StoreUnsafe(ref Unsafe.Add(ref c, column));
        }

        for (; column < end; column++)
        {
            var sum = 0f;
            for (var k = 0; k < inner; k++)
                sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref a, k), Unsafe.Add(ref b, (nint)k * columns + column), sum);
            Unsafe.Add(ref c, column) = sum;
        }
    }
}
