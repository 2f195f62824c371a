namespace GenAI.Core.Benchmarks;

/// <summary>The data folder: the one that GENAI_CORE_DATA names, or <c>shared/data</c> beside the checkout.</summary>
internal static class BenchmarkData
{
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder of the data, or null where it is absent.</summary>
    public static string? Find(params string[] parts)
    {
        if (Root is null)
            return null;
        var path = Path.Combine([Root, .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GENAI_CORE_DATA") is { Length: > 0 } named)
            return named;

        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var beside = Path.Combine(folder.FullName, "shared", "data");
                if (Directory.Exists(beside))
                    return beside;
            }
        }

        return null;
    }
}
