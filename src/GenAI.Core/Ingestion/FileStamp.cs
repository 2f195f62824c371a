using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core.Ingestion;

/// <summary>What a file that has not been written to is recognised by, where its times are trusted.</summary>
internal static class FileStamp
{
    // The coarsest clock of a file system in use (FAT). A file that was written to that shortly ago can be written to again without a new time.
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(2);

    /// <summary>A hash of the file's length, its time and what it is cut and embedded with; empty, which is never trusted, if the file is too new.</summary>
    /// <returns><see langword="null"/> if the item is no file.</returns>
    public static string? Of(in IngestionItem item, string fingerprint)
    {
        if (item.LastWriteTime is not { } time)
            return null;
        if (DateTime.UtcNow - time < Resolution)
            return "";
        var facts = string.Create(CultureInfo.InvariantCulture, $"{item.Folder}\n{item.Bytes}\n{time.Ticks}\n{fingerprint}");
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(facts.AsSpan())).ToString("x32", null);
    }
}
