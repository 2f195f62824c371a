using System.Buffers.Binary;
using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>Reads tensors of a small safetensors file: 8 bytes with the length of a JSON text, the text, and the numbers that it describes.</summary>
internal sealed class TensorFile
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly int _data;
    private readonly JsonElement _header;

    private TensorFile(string path, byte[] bytes)
    {
        (_path, _bytes) = (path, bytes);
        var length = bytes.Length < 8 ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > (ulong)Math.Max(0, bytes.Length - 8))
            throw Damaged("its header ends behind the end of the file");
        _data = 8 + (int)length;
        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            _header = header.RootElement.ValueKind == JsonValueKind.Object ? header.RootElement.Clone() : throw Damaged("its header is no JSON object");
        }
        catch (JsonException exception)
        {
            throw Damaged("its header is not JSON", exception);
        }
    }

    /// <exception cref="OnnxModelException">It is not a safetensors file, or cut off.</exception>
    public static TensorFile Open(string path) => new(path, File.ReadAllBytes(path));

    /// <summary>The numbers of a tensor as single precision; null if there is no such tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The lengths that it must have, the outermost first.</param>
    /// <exception cref="OnnxModelException">It has another shape, is of a type that is not read, or is cut off.</exception>
    public float[]? Find(string name, params ReadOnlySpan<int> shape)
    {
        if (!_header.TryGetProperty(name, out var entry))
            return null;
        try
        {
            var (type, lengths, offsets) = (entry.GetProperty("dtype").GetString(), entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32()).ToArray(), entry.GetProperty("data_offsets"));
            if (!lengths.AsSpan().SequenceEqual(shape))
                throw Wrong($"has '{name}' of the shape {string.Join(" x ", lengths)}, and config.json beside it says {string.Join(" x ", shape.ToArray())}");
            var size = type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => throw Wrong($"has '{name}' of the type {type}; F64, F32, F16 and BF16 are read") };
            var values = new float[lengths.Aggregate(1, (product, length) => checked(product * length))];
            var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            if (begin < 0 || end > _bytes.Length - _data || end - begin != (long)values.Length * size)
                throw Damaged($"'{name}' has {end - begin} bytes up to {end} of {_bytes.Length - _data}");
            for (var i = 0; i < values.Length; i++)
                values[i] = Value(_bytes.AsSpan(_data + (int)begin + i * size), type);
            return values;
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw Damaged($"'{name}' is not described as the format says", exception);
        }
    }

    private static float Value(ReadOnlySpan<byte> bytes, string type) => type switch
    {
        "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
    };

    private OnnxModelException Wrong(string what) => new($"'{_path}' {what}. Get the folder again from where the model is published.", _path);

    private OnnxModelException Damaged(string what, Exception? inner = null) => new($"'{_path}' is cut off, damaged or not a safetensors file: {what}. Get the file again from where the model is published.", _path, inner);
}
