using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GenAI.Core.Embeddings;

/// <summary>The tensors of a published static model: the rows, and where it has them a weight for each token and the row that it shares with others.</summary>
internal sealed unsafe class PublishedRows : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly string _path;
    private readonly SafeTensor _rows;
    private readonly float[]? _weights;
    private readonly int[]? _mapping;
    private readonly int _size;

    /// <exception cref="InvalidDataException">A tensor is missing, of an unknown kind, or too small for the tokenizer.</exception>
    public PublishedRows(PublishedFolder folder, int vocabulary)
    {
        _path = folder.Tensors;
        _file = SafetensorsFile.Open(_path);
        try
        {
            _rows = _file.Find(folder.RowsName) ?? throw Wrong($"has no tensor '{folder.RowsName}', but {string.Join(", ", _file.Names)}");
            if (_rows.Shape.Count != 2 || _rows.Shape[0] < 1 || _rows.Shape[1] is < 1 or > StaticModelFormat.MaxRowLength || _rows.Shape[0] > int.MaxValue)
                throw Wrong($"has '{_rows.Name}' of the shape {string.Join(" x ", _rows.Shape)}, which is no table of rows");
            if (_rows.Type is not ("F32" or "F16" or "I8"))
                throw Wrong($"has rows of the type {_rows.Type}; F32, F16 and I8 are read. Save the model with quantize_to 'float32' or 'float16'");
            (Count, RowLength, _size) = ((int)_rows.Shape[0], (int)_rows.Shape[1], SafeTensor.SizeOf(_rows.Type));
            _weights = _file.Find("weights") is { } weights ? ReadWeights(weights, vocabulary) : null;
            _mapping = _file.Find("mapping") is { } mapping ? ReadMapping(mapping, vocabulary) : null;
            if (_mapping is null && Count < vocabulary)
                throw Wrong($"has {Count} rows for {vocabulary} tokens of the tokenizer");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    public int RowLength { get; }

    /// <summary>Adds the first components of a token's row, times its weight.</summary>
    /// <param name="token">The token's id.</param>
    /// <param name="sums">As many components as are wanted.</param>
    /// <param name="room">At least as many values to work in.</param>
    public void Add(int token, Span<float> sums, Span<float> room) => AddRow(_mapping is null ? token : _mapping[token], _weights is null ? 1 : _weights[token], sums, room);

    /// <summary>Adds the first components of a row, <paramref name="times"/> over.</summary>
    public void AddRow(int row, float times, Span<float> sums, Span<float> room)
    {
        var start = (byte*)_rows.Start + (long)row * RowLength * _size;
        fixed (float* target = sums)
        {
            switch (_rows.Type)
            {
                case "I8":
                    RowKernels.Add((sbyte*)start, sums.Length, times, target);
                    break;
                case "F32":
                    RowKernels.Add((float*)start, sums.Length, times, target);
                    break;
                default:
                    TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(start, sums.Length), room);
                    fixed (float* values = room)
                        RowKernels.Add(values, sums.Length, times, target);
                    break;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private float[] ReadWeights(SafeTensor tensor, int vocabulary)
    {
        var values = new float[CheckedLength(tensor, vocabulary)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tensor.Type switch
            {
                "F64" => (float)Value<double>(tensor, i),
                "F32" => Value<float>(tensor, i),
                "F16" => (float)Value<Half>(tensor, i),
                _ => throw Wrong($"has weights of the type {tensor.Type}; F64, F32 and F16 are read"),
            };
        }

        return values;
    }

    private int[] ReadMapping(SafeTensor tensor, int vocabulary)
    {
        var values = new int[CheckedLength(tensor, vocabulary)];
        for (var i = 0; i < values.Length; i++)
        {
            var row = tensor.Type switch
            {
                "I64" => Value<long>(tensor, i),
                "I32" => Value<int>(tensor, i),
                _ => throw Wrong($"has a mapping of the type {tensor.Type}; I64 and I32 are read"),
            };
            values[i] = row >= 0 && row < Count ? (int)row : throw Wrong($"maps token {i} to row {row} of {Count}");
        }

        return values;
    }

    private int CheckedLength(SafeTensor tensor, int vocabulary) =>
        tensor.Shape.Count == 1 && tensor.Shape[0] >= vocabulary && tensor.Shape[0] <= Array.MaxLength
            ? (int)tensor.Shape[0]
            : throw Wrong($"has '{tensor.Name}' of the shape {string.Join(" x ", tensor.Shape)} for {vocabulary} tokens of the tokenizer");

    private static T Value<T>(SafeTensor tensor, int index)
        where T : unmanaged =>
        MemoryMarshal.Read<T>(new ReadOnlySpan<byte>((byte*)tensor.Start + (long)index * sizeof(T), sizeof(T)));

    private InvalidDataException Wrong(string what) => new($"'{_path}' {what}. Get the folder again from where the model is published.");
}
