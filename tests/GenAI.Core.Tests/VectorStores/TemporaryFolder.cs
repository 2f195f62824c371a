namespace GenAI.Core.Tests.VectorStores;

/// <summary>A folder for one test; it is not there yet, and not any more afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"genai-core-{Guid.NewGuid():N}");

    /// <summary>Every file with its bytes, as text to compare.</summary>
    public string Contents => string.Join("; ", Directory.EnumerateFiles(Path).Order(StringComparer.Ordinal)
        .Select(file => $"{System.IO.Path.GetFileName(file)} {Convert.ToHexString(System.IO.Hashing.XxHash3.Hash(File.ReadAllBytes(file)))}"));

    /// <summary>The only file with a name that ends so, or the first of several.</summary>
    public string First(string suffix) => Directory.EnumerateFiles(Path, "*" + suffix).Order(StringComparer.Ordinal).First();

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
