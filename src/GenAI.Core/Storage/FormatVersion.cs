namespace GenAI.Core.Storage;

/// <summary>Refuses files of a version that this library does not know.</summary>
internal static class FormatVersion
{
    /// <exception cref="NotSupportedException">The file is of a newer version.</exception>
    public static void ThrowIfNewer(string path, uint version, uint known)
    {
        if (version > known)
            throw new NotSupportedException($"'{path}' has format version {version}; this version of GenAI.Core reads up to {known}. Open it with the version of GenAI.Core that wrote it, or a newer one. Nothing was changed.");
        if (version == 0)
            throw new CorruptDataException(path, 8, "Its format version is 0, which does not exist.");
    }
}
