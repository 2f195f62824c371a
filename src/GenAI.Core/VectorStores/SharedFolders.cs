namespace GenAI.Core.VectorStores;

/// <summary>The folders that stores of this process have open. Stores of one folder share it; it is closed when the last of them is disposed of.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal static class SharedFolders
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Shared> Folders = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Opens a folder, or joins those who have.</summary>
    /// <exception cref="ArgumentException">It is open in another way.</exception>
    public static Lease Open(string path, DurableStoreOptions options)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        lock (Gate)
        {
            if (!Folders.TryGetValue(full, out var shared))
                Folders[full] = shared = new Shared(new LocalDatabase(DurableStore.Open(full, options)), options);
            else if (shared.Options.ReadOnly != options.ReadOnly)
                throw new ArgumentException($"The folder '{full}' is open {(options.ReadOnly ? "for writing" : "read-only")} in this process, and cannot be opened {(options.ReadOnly ? "read-only" : "for writing")} beside that. Share that store, or dispose of it first.", nameof(options));

            shared.Holders++;
            return new Lease(full, shared.Database);
        }
    }

    /// <summary>Opens the folder that the options of a collection name, if they do.</summary>
    public static Lease? Open(LocalCollectionOptions? options) => options?.StorePath is not { } path ? null
        : options.StoreName is null ? Open(path, DurableStoreOptions.Of(new LocalVectorStoreOptions { Indexing = options.Indexing }))
        : throw new ArgumentException($"The options name memory ('{options.StoreName}') and a folder ('{path}'). Leave StoreName out.", nameof(options));

    private static Task CloseAsync(string path, LocalDatabase database)
    {
        lock (Gate)
        {
            if (--Folders[path].Holders > 0)
                return Task.CompletedTask;
            Folders.Remove(path);
        }

        return database.Durable!.CloseAsync();
    }

    private sealed class Shared(LocalDatabase database, DurableStoreOptions options)
    {
        public LocalDatabase Database => database;

        public DurableStoreOptions Options => options;

        public int Holders { get; set; }
    }

    /// <summary>One store's hold on a folder.</summary>
    internal sealed class Lease(string path, LocalDatabase database)
    {
        private int _isReleased;

        public LocalDatabase Database => database;

        /// <summary>Lets go; the last one closes the folder.</summary>
        public Task ReleaseAsync() => Interlocked.Exchange(ref _isReleased, 1) == 0 ? CloseAsync(path, database) : Task.CompletedTask;
    }
}
