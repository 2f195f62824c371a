using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenAI.Core.Onnx.Running;

/// <summary>Reads the numbers of an output as single precision, whatever they are.</summary>
internal static class OutputReader
{
    public static bool CanRead(TensorElementType type) =>
        type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.Double or TensorElementType.Int8 or TensorElementType.UInt8;

    /// <summary>The values: those of the tensor itself where they are floats, else converted into <paramref name="buffer"/>, which is rented at need.</summary>
    public static ReadOnlySpan<float> Read(OrtValue value, TensorElementType type, ref float[]? buffer)
    {
        if (type == TensorElementType.Float)
            return value.GetTensorDataAsSpan<float>();

        var bytes = value.GetTensorMutableRawData();
        return type switch
        {
            TensorElementType.Float16 => Converted(MemoryMarshal.Cast<byte, Half>(bytes), ref buffer),
            TensorElementType.Double => Converted(MemoryMarshal.Cast<byte, double>(bytes), ref buffer),
            TensorElementType.Int8 => Converted(MemoryMarshal.Cast<byte, sbyte>(bytes), ref buffer),
            _ => Converted(bytes, ref buffer),
        };
    }

    private static ReadOnlySpan<float> Converted<T>(ReadOnlySpan<T> values, ref float[]? buffer)
        where T : System.Numerics.INumberBase<T>
    {
        if (buffer is null || buffer.Length < values.Length)
        {
            if (buffer is not null)
                ArrayPool<float>.Shared.Return(buffer);
            buffer = ArrayPool<float>.Shared.Rent(values.Length);
        }

        TensorPrimitives.ConvertTruncating<T, float>(values, buffer);
        return buffer.AsSpan(0, values.Length);
    }
}
