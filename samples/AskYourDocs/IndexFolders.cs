using System.Security.Cryptography;
using System.Text;

namespace AskYourDocs;

/// <summary>Where an index is kept unless the user says otherwise: in the user's cache, not among the documents.</summary>
internal static class IndexFolders
{
    /// <summary>The folder of the index for a folder of documents.</summary>
    /// <param name="documents">The folder of documents.</param>
    /// <param name="model">The folder of the embedding model; null for the one in the box.</param>
    public static string Of(string documents, string? model)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(documents));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model is null ? path : $"{path}\n{Path.GetFullPath(model)}")))[..16];
        return Path.Combine(Cache(), "AskYourDocs", $"{Path.GetFileName(path)}-{hash}");
    }

    private static string Cache()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Caches");
        return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(home, ".cache");
    }
}
