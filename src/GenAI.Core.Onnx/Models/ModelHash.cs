using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core.Onnx.Models;

/// <summary>Makes a fingerprint of files and decisions.</summary>
internal sealed class ModelHash
{
    private readonly XxHash128 _hash = new();

    public void AddFile(string path)
    {
        Add(Path.GetFileName(path));
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
        _hash.Append(stream);
    }

    public void Add(string? text)
    {
        Add(text?.Length ?? -1);
        _hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    public void Add(int number) => _hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());
}
