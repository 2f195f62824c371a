namespace GenAI.Core.Storage;

/// <summary>
/// A file of a store is not what was written: its checksum, its length or its place in the store is wrong. Nothing was changed on disk, and nothing of the damaged part was used.
/// Restore the folder from a backup, or delete it and ingest the documents again.
/// </summary>
public sealed class CorruptDataException : IOException
{
    /// <summary>Damage at a known place.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="offset">Where in the file the damage was noticed, in bytes; the damage lies in the block or record that starts there.</param>
    /// <param name="reason">What is wrong, as a sentence.</param>
    /// <param name="innerException">What the damage was noticed by, if that was another exception.</param>
    public CorruptDataException(string path, long offset, string reason, Exception? innerException = null)
        : base($"'{path}' is damaged at byte {offset}: {reason} Restore the folder from a backup, or delete it and ingest again. Nothing was changed.", innerException)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The full path of the damaged file.</summary>
    public string Path { get; }

    /// <summary>Where in the file the damage was noticed, in bytes from its start.</summary>
    public long Offset { get; }
}
