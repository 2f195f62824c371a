namespace GenAI.Core.Storage;

/// <summary>
/// The files of one store: a flat folder. The seam under everything durable, so that tests can stop, tear, reorder and forget at every step.
/// What is written or renamed is only certain to survive a power cut after <see cref="StorageFile.Sync"/> and <see cref="SyncEntries"/>. Safe for concurrent calls.
/// </summary>
internal abstract class StorageFolder
{
    /// <summary>Where it is, for messages.</summary>
    public abstract string Path { get; }

    /// <summary>What was written here since it was opened.</summary>
    public StorageCounters Counters { get; } = new();

    /// <summary>The names of what is in it, in ordinal order.</summary>
    public abstract IReadOnlyList<string> List();

    public abstract bool Exists(string name);

    /// <summary>Bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract long GetLength(string name);

    /// <summary>Creates an empty file for writing, in place of one of the same name.</summary>
    public abstract StorageFile Create(string name);

    /// <summary>Opens a file for reading, and for writing where <paramref name="writable"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract StorageFile Open(string name, bool writable = false);

    /// <summary>
    /// Maps the whole of a file that nobody changes any more, for reading. A file that another program makes shorter while it is mapped ends the
    /// process (SIGBUS on Unix) when the missing part is read: nothing of ours shortens a file that is ever mapped.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public abstract FileMapping Map(string name);

    /// <summary>Gives a file another name at one instant, replacing a file that has it.</summary>
    public abstract void Rename(string from, string to);

    /// <summary>Deletes a file; no error where there is none.</summary>
    public abstract void Delete(string name);

    /// <summary>Makes creations, renames and deletions so far survive a power cut.</summary>
    public abstract void SyncEntries();

    /// <summary>Opens a file, creating it where it is missing, that only one holder can have open this way until it is disposed of or its process ends, however it ends.</summary>
    /// <returns>Null if another holder has it.</returns>
    public abstract StorageFile? TryOpenExclusive(string name);

    /// <summary>Reads what the holder of <see cref="TryOpenExclusive"/> wrote into the file; empty where that cannot be read.</summary>
    public abstract byte[] ReadExclusive(string name);

    /// <summary>The sum of what the files take, in bytes.</summary>
    public long GetTotalLength() => List().Sum(GetLength);
}
