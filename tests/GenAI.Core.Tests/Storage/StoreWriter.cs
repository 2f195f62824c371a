using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>A process that writes to a store until it is killed, and says what was acknowledged.</summary>
internal static class StoreWriter
{
    public const string Part = "storage-writer";

    /// <summary>Writes until the end of the process.</summary>
    public static async Task WriteAsync(string path)
    {
        var store = TinyStore.Open(DiskFolder.OpenOrCreate(path), maxFileBytes: 2_000);
        for (var i = 0; ; i++)
        {
            var (key, value) = ($"k{i % 50}", $"{i}");
            await store.SetAsync(key, value);
            Console.WriteLine($"{key}={value}");
            if (i % 20 == 19)
                store.Checkpoint();
        }
    }

    /// <summary>Starts one, and kills it when so many writes were acknowledged.</summary>
    /// <returns>The number of the last acknowledged write of every key.</returns>
    public static Dictionary<string, int> RunAndKill(string path, int after)
    {
        var acknowledged = new Dictionary<string, int>();
        using var process = ChildProcess.Start(Part, path);
        for (var lines = 0; process.StandardOutput.ReadLine() is { } line; lines++)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            acknowledged[line[..equals]] = Number(line[(equals + 1)..]);
            if (lines == after)
                process.Kill();
        }

        process.WaitForExit();
        return acknowledged;
    }

    /// <summary>The number of the write that a value is from.</summary>
    public static int Number(string value) => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
}
