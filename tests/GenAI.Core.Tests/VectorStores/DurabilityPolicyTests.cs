using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>What each policy may lose, as the guide says, and no more: nothing at the end of a process, and at a power cut the latest writes since the last synchronisation, in order.</summary>
public class DurabilityPolicyTests
{
    private const int Flushed = 9;
    private const int Writes = 20;

    [Theory]
    [InlineData(StoreDurability.EveryBatch, Writes)]
    [InlineData(StoreDurability.Interval, Flushed)]
    [InlineData(StoreDurability.Manual, Flushed)]
    public async Task A_power_cut_loses_what_the_policy_says_and_the_end_of_the_process_nothing(StoreDurability durability, int kept)
    {
        var operations = new StoreOperations(23);
        var folder = new FaultFolder();
        var (durable, store) = Open(folder, durability);
        for (var number = 0; number < Writes; number++)
        {
            await operations.ApplyAsync(store, number);
            if (number + 1 == Flushed)
                await durable.FlushAsync(CancellationToken.None);
        }

        await CheckAsync(folder.Restart(Aftermath.ProcessKilled, 0), Writes, Writes);
        await CheckAsync(folder.Restart(Aftermath.PowerCut, 0), kept, kept);
        for (var seed = 0; seed < 10; seed++)
            await CheckAsync(folder.Restart(Aftermath.PowerCutReordered, seed), kept, Writes);

        async Task CheckAsync(FaultFolder left, int least, int most)
        {
            var (found, again) = Open(left, durability);
            (await new StoreCrashTests.Progress { Acknowledged = least, Begun = most }.CheckAsync(operations, again)).Should().BeInRange(least, most);
            await found.CloseAsync();
        }
    }

    [Theory]
    [InlineData(StoreDurability.Interval, true)]
    [InlineData(StoreDurability.Interval, false)]
    [InlineData(StoreDurability.Manual, true)]
    [InlineData(StoreDurability.Manual, false)]
    public async Task A_checkpoint_or_closing_makes_everything_durable_under_every_policy(StoreDurability durability, bool isClosed)
    {
        var operations = new StoreOperations(24);
        var folder = new FaultFolder();
        var (durable, store) = Open(folder, durability);
        for (var number = 0; number < Writes; number++)
            await operations.ApplyAsync(store, number);
        await (isClosed ? durable.CloseAsync() : durable.CheckpointNowAsync());

        var (found, again) = Open(folder.Restart(Aftermath.PowerCut, 0), durability);
        await operations.CheckAsync(again, Writes);
        await found.CloseAsync();
    }

    [Fact]
    public async Task Many_writers_share_a_synchronisation()
    {
        var folder = new FaultFolder();
        var (durable, store) = Open(folder, StoreDurability.EveryBatch);
        var notes = store.GetDynamicCollection("notes", TestRecords.Notes());
        await notes.EnsureCollectionExistsAsync();
        using var entered = new SemaphoreSlim(0);
        using var leave = new ManualResetEventSlim();
        var syncs = 0;
        folder.BeforeSync = () =>
        {
            Interlocked.Increment(ref syncs);
            entered.Release();
            leave.Wait();
        };

        var first = Task.Run(() => notes.UpsertAsync(TestRecords.Note("first", 1, 0)));
        await entered.WaitAsync();
        // What a store in memory would have at once: all of them are in the log, and wait for the one synchronisation after the one that runs.
        var others = Enumerable.Range(0, 24).Select(i => Task.Run(() => notes.UpsertAsync(TestRecords.Note($"{i}", 1, 0)))).ToArray();
        while (durable.LastSequence < 25)
            await Task.Yield();
        first.IsCompleted.Should().BeFalse("nothing is acknowledged before it is durable");
        leave.Set();
        await Task.WhenAll([first, .. others]);

        syncs.Should().BeLessThanOrEqualTo(3);
        folder.BeforeSync = null;
        await durable.CloseAsync();
    }

    private static (DurableStore Durable, LocalVectorStore Store) Open(FaultFolder folder, StoreDurability durability)
    {
        // An interval that does not pass while the test runs.
        var durable = DurableStore.Open(folder, DurableStoreOptions.Of(new LocalVectorStoreOptions { Durability = durability, DurabilityInterval = TimeSpan.FromHours(1) }));
        return (durable, new LocalVectorStore(new LocalDatabase(durable), null));
    }
}
