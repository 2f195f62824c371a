namespace GenAI.Core.Tests.Storage;

/// <summary>A folder of the file system that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("genai-core-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
