using GenAI.Core.Embeddings;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>The model that is measured: the file that GENAI_CORE_MODEL names, or the one of the package, in the source tree.</summary>
internal static class SmallModel
{
    public static string? Path { get; } = Find();

    /// <summary>The rows of the model before they were rounded, where GENAI_CORE_MODEL_ROWS names a file of them.</summary>
    public static string? Rows { get; } = Environment.GetEnvironmentVariable("GENAI_CORE_MODEL_ROWS") is { Length: > 0 } rows ? rows : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("GENAI_CORE_MODEL") is { Length: > 0 } named)
            return named;
        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var path = System.IO.Path.Combine(folder.FullName, "src", "GenAI.Core.Models.Small", DefaultEmbedder.ModelFile);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
