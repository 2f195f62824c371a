namespace GenAI.Core.Tests.Storage;

/// <summary>A test in the one folder of Linux where not even root may create a file; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProtectedFolderFactAttribute : FactAttribute
{
    public const string Path = "/sys/kernel";

    public ProtectedFolderFactAttribute() => Skip = Directory.Exists(Path) ? null : $"There is no '{Path}'.";
}
