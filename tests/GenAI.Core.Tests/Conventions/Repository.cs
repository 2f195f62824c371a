namespace GenAI.Core.Tests.Conventions;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string? Root { get; } = Find();

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root!, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The README and every page below docs.</summary>
    public static IEnumerable<string> Documentation() => Files("docs", "*.md").Append(Path.Combine(Root!, "README.md"));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GenAI.Core.sln")))
                return folder.FullName;
        }

        return null;
    }
}

/// <summary>A test over the source files, skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SourceFactAttribute : FactAttribute
{
    public SourceFactAttribute() => Skip = Repository.Root is null ? "Needs the source files beside the tests." : null;
}
