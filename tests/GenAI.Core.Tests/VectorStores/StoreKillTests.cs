using System.Diagnostics;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>
/// A process that writes to a store and is killed at a random moment, again and again: every write that it reported is there, none by half, and the store searches as one in memory.
/// All of it: <c>GENAI_CORE_KILLS=2000 dotnet test tests/GenAI.Core.Tests --filter FullyQualifiedName~StoreKillTests</c>.
/// </summary>
public class StoreKillTests
{
    private const int Seed = 97;

    [Fact]
    public async Task A_killed_writer_loses_nothing_that_it_acknowledged()
    {
        using var folder = new TemporaryFolder();
        var kills = int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_KILLS") ?? "12", null);
        var operations = new StoreOperations(Seed);
        var random = new Random(Seed);
        var done = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var progress = await RunAndKillAsync(folder.Path, done, random.Next(250));
            await using (var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }))
                done = await progress.CheckAsync(operations, store);

            // The oracle runs through all writes each time.
            if (done < 1500)
                continue;
            Directory.Delete(folder.Path, recursive: true);
            done = 0;
        }
    }

    /// <summary>What the process does: one write after the other, each reported when it is acknowledged, with checkpoints and compactions in between.</summary>
    internal static async Task WriteAsync(string path, int first)
    {
        var operations = new StoreOperations(Seed);
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = path, CheckpointBytes = 1 << 16 });
        Console.WriteLine("open");
        for (var number = first; ; number++)
        {
            Console.WriteLine($"begin {number}");
            await operations.ApplyAsync(store, number);
            Console.WriteLine($"end {number}");
            if (number % 40 == 39)
                await store.CompactAsync();
        }
    }

    private static async Task<StoreCrashTests.Progress> RunAndKillAsync(string path, int first, int milliseconds)
    {
        var progress = new StoreCrashTests.Progress { Acknowledged = first, Begun = first };
        using var process = ChildProcess.Start(ChildProcess.StoreWriter, path, $"{first}");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["open"]:
                    _ = Task.Delay(milliseconds).ContinueWith(_ => process.Kill(), TaskScheduler.Default);
                    break;
                case ["begin", var number]:
                    progress.Begun = int.Parse(number, null) + 1;
                    break;
                case ["end", var number]:
                    progress.Acknowledged = int.Parse(number, null) + 1;
                    break;
            }
        }

        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(137, "it is killed and does not fail: {0}", errors);
        return progress;
    }
}
