using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>A store whose process ends, or whose disk fails, at every write, sync, rename and deletion in turn: everything acknowledged is there, nothing by half, and it searches as one in memory.</summary>
public class StoreCrashTests
{
    private const int Writes = 24;

    [Theory]
    [InlineData("Stop", 7)]
    [InlineData("Tear", 3)]
    [InlineData("DiskFull", 7)]
    [InlineData("SyncError", 5)]
    public async Task What_was_acknowledged_survives_a_fault_at_every_step(string fault, int stride)
    {
        var operations = new StoreOperations(Seed);
        var checks = await CrashDriver.EveryStepAsync<Progress>(
            async (folder, progress) =>
            {
                var store = await OpenAsync(folder);
                for (var number = 0; number < Writes; number++)
                {
                    progress.Begun = number + 1;
                    await operations.ApplyAsync(store.Store, number);
                    progress.Acknowledged = number + 1;
                    if (number % 6 == 5)
                        await store.Durable.CheckpointNowAsync();
                    if (number is 13 or 20)
                        await store.Durable.CompactAsync(CancellationToken.None);
                    if (number == 17)
                    {
                        await store.Durable.CloseAsync();
                        store = await OpenAsync(folder);
                    }
                }

                await store.Durable.CloseAsync();
            },
            async (folder, progress) =>
            {
                folder.MakeSpace();
                var (durable, store) = await OpenAsync(folder);
                await progress.CheckAsync(operations, store);
                await durable.CloseAsync();
            },
            Enum.Parse<FaultKind>(fault),
            stride: Full ? 1 : stride,
            endsInRecovery: Full ? 5 : 0);

        checks.Should().BeGreaterThan(50);
    }

    /// <summary>More of everything, by <c>GENAI_CORE_TORTURE=1</c>.</summary>
    private static bool Full => Environment.GetEnvironmentVariable("GENAI_CORE_TORTURE") is not null;

    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_PROPERTY_ROUND") ?? "0", null) + 11;

    private static Task<(DurableStore Durable, LocalVectorStore Store)> OpenAsync(StorageFolder folder)
    {
        var durable = DurableStore.Open(folder, DurableStoreOptions.Of(null));
        return Task.FromResult((durable, new LocalVectorStore(new LocalDatabase(durable), null)));
    }

    /// <summary>How far the writer came.</summary>
    internal sealed class Progress
    {
        public int Acknowledged { get; set; }

        /// <summary>The write that was begun last may have happened or not.</summary>
        public int Begun { get; set; }

        /// <returns>How many writes have happened.</returns>
        public async Task<int> CheckAsync(StoreOperations operations, LocalVectorStore store)
        {
            var found = new List<string>();
            if (await store.CollectionExistsAsync(StoreOperations.Collection))
                found = await StoreOperations.StateOf((LocalCollection<object, Dictionary<string, object?>>)store.GetDynamicCollection(StoreOperations.Collection, StoreOperations.Definition));
            for (var count = Acknowledged; count <= Begun; count++)
            {
                if (!found.SequenceEqual(operations.After(count).Select(StoreOperations.Describe)))
                    continue;
                await operations.CheckAsync(store, count);
                return count;
            }

            // A collection that is deleted and made again is empty in between.
            if (found.Count == 0 && operations[Begun - 1].StartsAnew)
                return Acknowledged;
            throw new InvalidOperationException($"The state is none after {Acknowledged} to {Begun} writes: {found.Count} records.");
        }
    }
}
