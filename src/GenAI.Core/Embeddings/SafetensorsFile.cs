using System.Buffers.Binary;
using System.Text.Json;
using GenAI.Core.Storage;

namespace GenAI.Core.Embeddings;

/// <summary>A tensor where it lies in a mapped file; not aligned to anything.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its number type as the file writes it, such as <c>F32</c>.</param>
/// <param name="Shape">Its lengths, the outermost first.</param>
/// <param name="Start">Its address.</param>
internal sealed unsafe record SafeTensor(string Name, string Type, IReadOnlyList<long> Shape, nint Start)
{
    public static int SizeOf(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => 0,
    };
}

/// <summary>A safetensors file, mapped: 8 bytes with the length of a JSON text, the text, and the tensors that it describes.</summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    // The limit of the format.
    private const long MaxHeaderBytes = 100_000_000;

    private readonly FileMapping _mapping;
    private readonly string _path;
    private readonly Dictionary<string, SafeTensor> _tensors = new(StringComparer.Ordinal);

    private SafetensorsFile(FileMapping mapping, string path)
    {
        _mapping = mapping;
        _path = path;
        if (mapping.Length < 8)
            throw Damaged($"it has {mapping.Length} bytes");
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(mapping.Start, 8));
        if (headerBytes is 0 or > MaxHeaderBytes || headerBytes > (ulong)mapping.Length - 8)
            throw Damaged($"its header should have {headerBytes} bytes, and the file has {mapping.Length}");
        try
        {
            using var header = JsonDocument.Parse(new ReadOnlySpan<byte>(mapping.Start + 8, (int)headerBytes).ToArray());
            var data = 8 + (long)headerBytes;
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__")
                    _tensors[entry.Name] = Read(entry.Name, entry.Value, data);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Damaged("its header is not the JSON of the format", error);
        }
    }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <exception cref="InvalidDataException">It is not a safetensors file, or cut off.</exception>
    public static SafetensorsFile Open(string path)
    {
        var folder = DiskFolder.Open(Path.GetDirectoryName(path)!);
        if (folder.GetLength(Path.GetFileName(path)) == 0)
            throw new InvalidDataException($"'{path}' is empty. {Remedy}");
        var mapping = folder.Map(Path.GetFileName(path));
        try
        {
            return new SafetensorsFile(mapping, path);
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    public SafeTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    public void Dispose() => _mapping.Dispose();

    private const string Remedy = "Get the file again from where the model is published; files under Git LFS need 'git lfs pull'.";

    private SafeTensor Read(string name, JsonElement entry, long data)
    {
        var type = entry.GetProperty("dtype").GetString() ?? "";
        var shape = entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToList();
        var offsets = entry.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var room = _mapping.Length - data;
        var size = (UInt128)SafeTensor.SizeOf(type);
        foreach (var length in shape)
        {
            // Above the file's length nothing can follow that makes it right again but a 0, which would be no tensor to use either.
            if (length < 0 || size > (UInt128)_mapping.Length)
                throw Damaged($"the shape of tensor '{name}' makes no sense");
            size *= (UInt128)length;
        }

        if (begin < 0 || end < begin || end > room)
            throw Damaged($"tensor '{name}' ends {end - room} bytes behind the end of the file");
        // A type that is not known may still be of a tensor that is not needed.
        if (size != 0 && size != (UInt128)(end - begin))
            throw Damaged($"tensor '{name}' has {end - begin} bytes for a shape that needs {size}");
        return new SafeTensor(name, type, shape, (nint)(_mapping.Start + data + begin));
    }

    private InvalidDataException Damaged(string what, Exception? inner = null) => new($"'{_path}' is cut off, damaged or not a safetensors file: {what}. {Remedy}", inner);
}
