namespace GenAI.Core.Onnx.Downloads;

/// <summary>The files of a model at one commit.</summary>
internal sealed record HubSnapshot(string Commit, IReadOnlyList<HubFile> Files)
{
    public long TotalBytes => Files.Sum(file => file.Bytes);
}

/// <summary>A file of a model.</summary>
/// <param name="Path">Its path below the model, checked to stay there.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, for files under Git LFS; else null.</param>
/// <param name="GitHash">The hash that Git gives its content, for the others.</param>
internal sealed record HubFile(string Path, long Bytes, string? Sha256, string? GitHash);
