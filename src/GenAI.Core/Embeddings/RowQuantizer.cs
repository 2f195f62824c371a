using System.Numerics.Tensors;

namespace GenAI.Core.Embeddings;

/// <summary>Rows of 8-bit numbers with a scale for each row: value = code * scale.</summary>
internal static class RowQuantizer
{
    /// <summary>The largest code; its negative is the smallest.</summary>
    public const int MaxCode = 127;

    /// <summary>Writes the codes of a row and returns its scale: 0 for a row of zeros. A code is off by half the scale at most.</summary>
    public static float Quantize(ReadOnlySpan<float> row, Span<sbyte> codes)
    {
        var largest = row.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(row));
        var scale = largest / MaxCode;
        if (scale == 0)
        {
            codes[..row.Length].Clear();
            return 0;
        }

        for (var i = 0; i < row.Length; i++)
            codes[i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scale), -MaxCode, MaxCode);
        return scale;
    }
}
