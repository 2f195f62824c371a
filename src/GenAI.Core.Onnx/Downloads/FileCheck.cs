using System.Security.Cryptography;
using System.Text;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>Compares a file with what the hub says of it.</summary>
internal static class FileCheck
{
    /// <summary>What is wrong with the file; null if nothing is.</summary>
    public static string? Problem(string path, HubFile file)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length != file.Bytes)
            return $"with {stream.Length:N0} bytes in place of {file.Bytes:N0}";
        if (file.Sha256 is { } sha256)
            return Convert.ToHexStringLower(SHA256.HashData(stream)) == sha256 ? null : "with another content than its SHA-256 says";
        return file.GitHash is not { } git || GitHash(stream) == git ? null : "with another content than its Git hash says";
    }

    // Git's own name of a content: the hub has no other for small files. It guards against damage; an endpoint that lies about hashes lies about SHA-256 too.
    private static string GitHash(FileStream stream)
    {
#pragma warning disable CA5350 // The hash is given, not chosen.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
            hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
