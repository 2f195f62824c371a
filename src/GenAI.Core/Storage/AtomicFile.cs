namespace GenAI.Core.Storage;

/// <summary>A small file that is there whole and durable, or not at all.</summary>
internal static class AtomicFile
{
    public static void Write(StorageFolder folder, string name, ReadOnlySpan<byte> bytes)
    {
        var temporary = StorageNames.Temporary(name);
        try
        {
            using (var file = folder.Create(temporary))
            {
                file.Write(bytes, 0);
                file.Sync();
            }

            folder.Rename(temporary, name);
        }
        catch (IOException)
        {
            folder.Delete(temporary);
            throw;
        }

        folder.SyncEntries();
    }
}
