using System.Text;

namespace GenAI.Core.Storage;

/// <summary>
/// The right to write to a folder: one holder at a time among all processes, given up by <see cref="Dispose"/> or by the end of the process, however it ends. Reading needs no lock.
/// The file that is locked stays: deleting it would let two processes lock two files of one name.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly StorageFile _file;

    private FolderLock(StorageFile file) => _file = file;

    /// <exception cref="IOException">Another process, or another store in this one, has it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FolderLock Acquire(StorageFolder folder)
    {
        StorageFile? file;
        try
        {
            file = folder.TryOpenExclusive(StorageNames.Lock);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException && error.HResult == ReadOnlyFileSystem))
        {
            throw new UnauthorizedAccessException($"The folder '{folder.Path}' cannot be written to: {error.Message} Give this user the right to write there, or open the store read-only.", error);
        }

        if (file is null)
        {
            var owner = Encoding.UTF8.GetString(folder.ReadExclusive(StorageNames.Lock)).Trim();
            throw new IOException($"The folder '{folder.Path}' is open for writing elsewhere ({(owner.Length == 0 ? "by an unknown process" : owner)}). Close it there, or open it read-only here.");
        }

        return new FolderLock(file);
    }

    /// <summary>Writes down who holds the lock, for the message to the next one. It comes last, so that a folder that turns out to be damaged is left as it is.</summary>
    public void Sign()
    {
        try
        {
            var owner = Encoding.UTF8.GetBytes($"process {Environment.ProcessId} on {Environment.MachineName}\n");
            _file.Truncate(0);
            _file.Write(owner, 0);
        }
        catch (IOException)
        {
            // Who holds it is a courtesy to the next; on a full disk the lock holds without.
        }
    }

    // EROFS, as .NET reports it.
    private const int ReadOnlyFileSystem = 30;

    public void Dispose() => _file.Dispose();
}
