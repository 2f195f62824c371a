using GenAI.Core.Storage;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

public class DurableStoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_in_a_folder_holds_and_finds_what_one_in_memory_does(int seed)
    {
        using var folder = new TemporaryFolder();
        var operations = new StoreOperations(seed);
        var random = new Random(seed);
        var store = new LocalVectorStore(Options(folder));
        for (var number = 0; number < 120; number++)
        {
            await operations.ApplyAsync(store, number);
            switch (random.Next(12))
            {
                case 0:
                    await store.CompactAsync();
                    break;
                case 1 or 2:
                    await store.CheckpointAsync();
                    break;
                case 3:
                    await store.DisposeAsync();
                    store = new LocalVectorStore(Options(folder));
                    break;
            }

            if (number % 5 == 0)
                await operations.CheckAsync(store, number + 1);
        }

        await store.DisposeAsync();
        using var reader = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path, ReadOnly = true });
        await operations.CheckAsync(reader, 120);
    }

    [Fact]
    public async Task Checkpoints_and_compactions_in_the_background_change_nothing_that_is_seen()
    {
        using var folder = new TemporaryFolder();
        var operations = new StoreOperations(7);
        await using (var store = new LocalVectorStore(Options(folder)))
        {
            for (var number = 0; number < 1500; number++)
                await operations.ApplyAsync(store, number);
            await operations.CheckAsync(store, 1500);
            store.GetStatistics().Generation.Should().BeGreaterThan(3);
            store.GetStatistics().MaintenanceFault.Should().BeNull();
        }

        using var again = new LocalVectorStore(Options(folder));
        await operations.CheckAsync(again, 1500);
    }

    [Fact]
    public async Task Readers_and_writers_go_on_while_a_checkpoint_and_a_compaction_write_their_segments()
    {
        var folder = new FaultFolder();
        var durable = DurableStore.Open(folder, DurableStoreOptions.Of(new LocalVectorStoreOptions { Durability = StoreDurability.Manual }));
        var notes = new LocalVectorStore(new LocalDatabase(durable), null).GetDynamicCollection("notes", TestRecords.Notes());
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync(Enumerable.Range(0, 100).Select(i => TestRecords.Note($"{i}", i, 1, "a note")));
        foreach (var (work, number) in new Func<Task>[] { durable.CheckpointNowAsync, () => durable.CompactAsync(CancellationToken.None) }.Select((work, i) => (work, i)))
        {
            await notes.DeleteAsync($"{number}");
            using var entered = new SemaphoreSlim(0);
            using var leave = new ManualResetEventSlim();
            folder.BeforeSync = () =>
            {
                // The log is handed over at once; what takes long is a segment.
                if (!folder.List().Any(name => name.Contains(".segment.", StringComparison.Ordinal)))
                    return;
                entered.Release();
                leave.Wait();
            };
            var running = Task.Run(work);
            await entered.WaitAsync();

            // All of these would wait for ever if they waited for the disk.
            (await notes.SearchAsync(new float[] { 50, 1 }, 3).ReadAllAsync()).Should().HaveCount(3);
            (await notes.GetAsync("7")).Should().NotBeNull();
            await notes.UpsertAsync(TestRecords.Note($"meanwhile {number}", 1, 1));
            await notes.DeleteAsync($"{10 + number}");
            (await notes.GetAsync($"{10 + number}")).Should().BeNull();
            running.IsCompleted.Should().BeFalse();

            leave.Set();
            folder.BeforeSync = null;
            await running;
            (await notes.GetAsync($"{10 + number}")).Should().BeNull("it was deleted from what was being written");
            (await notes.GetAsync($"meanwhile {number}")).Should().NotBeNull();
        }

        await durable.CloseAsync();
    }

    [Fact]
    public async Task What_is_written_for_each_byte_is_bounded_however_often_records_are_replaced()
    {
        using var folder = new TemporaryFolder();
        await using var store = new LocalVectorStore(Options(folder));
        var notes = store.GetDynamicCollection("notes", TestRecords.Notes(dimensions: 256));
        await notes.EnsureCollectionExistsAsync();
        for (var round = 0; round < 60; round++)
            await notes.UpsertAsync(Enumerable.Range(0, 60).Select(i => Wide($"{(i * 7 + round * 31) % 600}", round)));
        await store.CheckpointAsync();

        // Once for the log, once for the checkpoint, once for each merge of four neighbours, three times at most for a row that died (CompactionPlan), and codes, postings and padding beside the vectors.
        var statistics = store.GetStatistics();
        statistics.BytesWritten.Should().BeGreaterThan(statistics.BytesReceived);
        statistics.WriteAmplification.Should().BeLessThan(10);
        statistics.FileBytes.Should().BeLessThan(5 * 600 * 256 * sizeof(float), "the room of what was replaced is used again");

        static Dictionary<string, object?> Wide(string key, int round)
        {
            var note = TestRecords.Note(key, round, 1, "a note");
            note["Vector"] = new ReadOnlyMemory<float>([.. Enumerable.Range(0, 256).Select(i => (float)(round + i))]);
            return note;
        }
    }

    [Fact]
    public async Task Stores_of_one_folder_share_it_until_the_last_is_disposed_of()
    {
        using var folder = new TemporaryFolder();
        var first = new LocalVectorStore(Options(folder));
        using var second = new LocalVectorStore(new LocalVectorStoreOptions { Path = Path.Combine(folder.Path, "..", Path.GetFileName(folder.Path)) });
        var notes = first.GetDynamicCollection("notes", TestRecords.Notes());
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync(TestRecords.Note("a", 1, 0));
        first.Dispose();

        (await second.ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("notes");
        (await second.GetDynamicCollection("notes", TestRecords.Notes()).GetAsync("a")).Should().NotBeNull();
        second.Dispose();
        (await notes.Awaiting(collection => collection.GetAsync("a")).Should().ThrowAsync<ObjectDisposedException>()).WithMessage("*closed*");
    }

    [Fact]
    public async Task What_is_stored_is_there_without_Dispose_and_collections_come_and_go()
    {
        using var folder = new TemporaryFolder();
        await using (var store = new LocalVectorStore(Options(folder)))
        {
            foreach (var name in new[] { "a", "b" })
            {
                var collection = store.GetDynamicCollection(name, TestRecords.Notes());
                await collection.EnsureCollectionExistsAsync();
                await collection.UpsertAsync([TestRecords.Note("x", 1, 0, name), TestRecords.Note("y", 0, 1, name)]);
            }

            await store.EnsureCollectionDeletedAsync("a");
            var again = store.GetDynamicCollection("a", TestRecords.Notes(dimensions: 2));
            await again.EnsureCollectionExistsAsync();
            await again.UpsertAsync(TestRecords.Note("z", 1, 1, "new"));
        }

        await using var opened = new LocalVectorStore(Options(folder));
        (await opened.ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("a", "b");
        var fresh = opened.GetDynamicCollection("a", TestRecords.Notes());
        (await fresh.GetAsync("z"))!["Text"].Should().Be("new");
        (await fresh.GetAsync("x")).Should().BeNull();
        (await opened.GetDynamicCollection("b", TestRecords.Notes()).GetAsync("x"))!["Text"].Should().Be("b");
    }

    [Fact]
    public async Task A_collection_opened_with_other_properties_is_refused_as_in_memory()
    {
        using var folder = new TemporaryFolder();
        await using (var store = new LocalVectorStore(Options(folder)))
            await store.GetDynamicCollection("notes", TestRecords.Notes(dimensions: 2)).EnsureCollectionExistsAsync();

        await using var opened = new LocalVectorStore(Options(folder));
        var other = opened.GetDynamicCollection("notes", TestRecords.Notes(dimensions: 3));
        await other.Awaiting(collection => collection.EnsureCollectionExistsAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*has 2 dimensions, not 3*");
    }

    [Fact]
    public async Task A_backup_made_while_writing_goes_on_opens_as_a_store_with_everything_acknowledged_before()
    {
        using var folder = new TemporaryFolder();
        using var target = new TemporaryFolder();
        var operations = new StoreOperations(5);
        await using var store = new LocalVectorStore(Options(folder));
        for (var number = 0; number < 100; number++)
            await operations.ApplyAsync(store, number);

        var backup = store.BackupAsync(target.Path);
        var written = 100;
        for (; written < 130; written++)
            await operations.ApplyAsync(store, written);
        await backup;

        await using var copy = new LocalVectorStore(Options(target));
        var collection = (LocalCollection<object, Dictionary<string, object?>>)copy.GetDynamicCollection(StoreOperations.Collection, StoreOperations.Definition);
        var state = await StoreOperations.StateOf(collection);
        var possible = new List<int>();
        for (var count = 100; count <= written; count++)
        {
            if (state.SequenceEqual(operations.After(count).Select(StoreOperations.Describe)))
                possible.Add(count);
        }

        possible.Should().NotBeEmpty();
        (await copy.VerifyAsync()).IsIntact.Should().BeTrue();
        await store.Awaiting(from => from.BackupAsync(target.Path)).Should().ThrowAsync<IOException>().WithMessage("*not empty*");
    }

    [Fact]
    public async Task Statistics_count_rows_files_and_what_was_written()
    {
        using var folder = new TemporaryFolder();
        await using var store = new LocalVectorStore(Options(folder));
        var notes = store.GetDynamicCollection("notes", TestRecords.Notes());
        await notes.EnsureCollectionExistsAsync();
        await notes.UpsertAsync(Enumerable.Range(0, 100).Select(i => TestRecords.Note($"{i}", i, 1)));
        await store.CheckpointAsync();
        await notes.DeleteAsync(["1", "2", "3"]);

        var statistics = store.GetStatistics();
        statistics.Path.Should().Be(Path.GetFullPath(folder.Path));
        statistics.Records.Should().Be(97);
        statistics.DeletedRows.Should().Be(3);
        statistics.Collections.Single().Segments.Should().Be(1);
        statistics.FileBytes.Should().BeGreaterThan(statistics.Collections.Single().SegmentBytes);
        statistics.WriteAmplification.Should().BeGreaterThan(1);

        await store.CompactAsync();
        store.GetStatistics().DeletedRows.Should().Be(0);
        store.GetStatistics().LogBytes.Should().BeLessThan(100);
    }

    private static LocalVectorStoreOptions Options(TemporaryFolder folder) => new() { Path = folder.Path, CheckpointBytes = 1 << 16 };
}
