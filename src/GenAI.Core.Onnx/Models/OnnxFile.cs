using System.IO.MemoryMappedFiles;
using System.Text;

namespace GenAI.Core.Onnx.Models;

/// <summary>Looks over an .onnx file before the runtime does, which says less well what is wrong with one.</summary>
/// <remarks>The file is a protocol buffer: ModelProto, with its graph in field 7, whose tensors in field 5 name the file of their data in field 13.</remarks>
internal static class OnnxFile
{
    private const int ModelGraph = 7;
    private const int GraphTensor = 5;
    private const int TensorExternalData = 13;
    private const int Bytes = 2;

    /// <summary>The files that hold tensors outside of this one, relative to its folder.</summary>
    public static unsafe IReadOnlyList<string> ExternalData(string path)
    {
        var length = new FileInfo(path).Length;
        if (length == 0)
            throw new OnnxModelException($"'{path}' is empty. Get the file again.", path);

        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            // A protocol buffer has at most 2 GB; larger models keep their data outside.
            var reader = new Reader(new ReadOnlySpan<byte>(start, (int)Math.Min(length, int.MaxValue)), path);
            return Locations(reader);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static List<string> Locations(Reader model)
    {
        var found = new List<string>();
        var hasGraph = false;
        while (model.Next(out var field, out var content))
        {
            if (field != ModelGraph)
                continue;
            hasGraph = true;
            var graph = model.Inside(content);
            while (graph.Next(out var part, out var tensorContent))
            {
                if (part != GraphTensor)
                    continue;
                var tensor = graph.Inside(tensorContent);
                while (tensor.Next(out var detail, out var entryContent))
                {
                    if (detail == TensorExternalData && Location(tensor.Inside(entryContent)) is { } location && !found.Contains(location))
                        found.Add(location);
                }
            }
        }

        return hasGraph ? found : throw model.NotOnnx();
    }

    private static string? Location(Reader entry)
    {
        string key = "", value = "";
        while (entry.Next(out var field, out var content))
        {
            if (field == 1)
                key = Encoding.UTF8.GetString(content);
            else if (field == 2)
                value = Encoding.UTF8.GetString(content);
        }

        if (key != "location")
            return null;
        return Path.IsPathRooted(value) || value.Split('/', '\\').Contains("..") ? throw entry.Outside(value) : value;
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes, string path)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position;

        public readonly Reader Inside(ReadOnlySpan<byte> content) => new(content, path);

        /// <summary>Reads the next field; the content is empty where it is a number.</summary>
        public bool Next(out int field, out ReadOnlySpan<byte> content)
        {
            field = 0;
            content = default;
            if (_position == _bytes.Length)
                return false;
            var tag = Varint();
            field = (int)(tag >> 3);
            ulong length = (tag & 7) switch
            {
                0 => Number(),
                1 => 8,
                Bytes => Varint(),
                5 => 4,
                _ => ulong.MaxValue,
            };
            if (field == 0 || length == ulong.MaxValue)
                throw NotOnnx();
            if (length > (ulong)(_bytes.Length - _position))
                throw new OnnxModelException($"'{path}' is cut off or is not an ONNX model: a part of {length} bytes begins {_bytes.Length - _position} bytes before its end. Get the file again; files under Git LFS need 'git lfs pull'.", path);
            if ((tag & 7) == Bytes)
                content = _bytes.Slice(_position, (int)length);
            _position += (int)length;
            return true;
        }

        public readonly OnnxModelException NotOnnx() =>
            new($"'{path}' is not an ONNX model. Name the .onnx file that the model was exported to; a file of Git LFS that is text needs 'git lfs pull'.", path);

        public readonly OnnxModelException Outside(string location) =>
            new($"The model '{path}' names '{location}' for its data, which is outside of its folder. Only data files beside the model are read.", path);

        private ulong Number()
        {
            Varint();
            return 0;
        }

        private ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (_position == _bytes.Length)
                    throw NotOnnx();
                var part = _bytes[_position++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                    return value;
            }

            throw NotOnnx();
        }
    }
}
