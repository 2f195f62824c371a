using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

/// <summary>Whatever stops an ingestion: each document is there in its old version or in its new one, and the next ingestion finishes the work.</summary>
public class InterruptedIngestionTests
{
    private static readonly Document[] Old = [.. Enumerable.Range(0, 8).Select(i => IncrementalIngestionTests.Paragraphs($"{i}", i, i + 1, i + 2, i + 3))];

    // The first loses a paragraph, so that what stays of it only moves; the others change elsewhere or not at all.
    private static readonly Document[] New = [.. Old.Select((document, i) => (i % 4) switch
    {
        0 => IncrementalIngestionTests.Paragraphs(document.Id, i + 1, i + 2, i + 3),
        1 => IncrementalIngestionTests.Paragraphs(document.Id, i, 40 + i, i + 2, i + 3),
        2 => IncrementalIngestionTests.Paragraphs(document.Id, 60 + i, 61 + i),
        _ => document,
    })];

    [Fact]
    public async Task A_generator_that_fails_at_any_call_leaves_each_document_old_or_new()
    {
        for (var failing = 0; ; failing++)
        {
            var calls = int.MinValue;
            using var generator = new FakeEmbeddingGenerator
            {
                Embed = IngestedStore.VectorOf,
                BeforeBatch = (_, _) => Interlocked.Increment(ref calls) - 1 == failing ? throw new HttpRequestException("502") : Task.CompletedTask,
            };
            using var store = new IngestedStore(new IngestionOptions { EmbeddingBatchSize = 2 }, generator: generator);
            await store.IngestAsync(Old);
            calls = 0;

            var summary = await store.IngestAsync(New);

            if (calls <= failing)
                break;
            await EachIsOldOrNewAsync(store);
            foreach (var failure in summary.Failures)
                (await store.RecordsAsync(record => record.DocumentId == failure.DocumentId)).Should().Equal(await IngestedStore.FreshAsync([Old.Single(document => document.Id == failure.DocumentId)]));
            (await store.IngestAsync(New)).Failed.Should().Be(0);
            (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync(New));
        }
    }

    [Fact]
    public async Task Cancelling_at_any_call_of_the_generator_leaves_each_document_old_or_new()
    {
        for (var cancelling = 0; ; cancelling++)
        {
            using var stop = new CancellationTokenSource();
            var calls = int.MinValue;
            using var generator = new FakeEmbeddingGenerator
            {
                Embed = IngestedStore.VectorOf,
                BeforeBatch = async (_, token) =>
                {
                    if (Interlocked.Increment(ref calls) - 1 == cancelling)
                        await stop.CancelAsync();
                    token.ThrowIfCancellationRequested();
                },
            };
            using var store = new IngestedStore(new IngestionOptions { EmbeddingBatchSize = 2 }, generator: generator);
            await store.IngestAsync(Old);
            calls = 0;

            var ingesting = store.Pipeline.IngestAsync(New.ToAsyncEnumerable(), progress: null, stop.Token);
            await EndAsync(ingesting);

            if (!stop.IsCancellationRequested)
                break;
            ingesting.IsCanceled.Should().BeTrue();
            await EachIsOldOrNewAsync(store);
            calls = int.MinValue;
            (await store.IngestAsync(New)).Failed.Should().Be(0);
            (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync(New));
        }
    }

    [Fact]
    public async Task Cancelling_after_any_document_leaves_each_document_old_or_new()
    {
        for (var after = 1; after <= New.Length; after++)
        {
            using var stop = new CancellationTokenSource();
            using var store = new IngestedStore(new IngestionOptions { MaxPendingBytes = 1 });
            await store.IngestAsync(Old);

            var ingesting = store.Pipeline.IngestAsync(New.ToAsyncEnumerable(), new Callback(progress =>
            {
                if (progress.DocumentsDone == after)
                    stop.Cancel();
            }), stop.Token);
            await EndAsync(ingesting);

            await EachIsOldOrNewAsync(store);
            (await store.IngestAsync(New)).ChunksEmbedded.Should().BeLessThanOrEqualTo(12);
            (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync(New));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_without_transactions_that_stops_at_any_step_is_put_right_by_the_next_ingestion(bool goesBack)
    {
        for (var stopping = 0; ; stopping++)
        {
            using var stop = new CancellationTokenSource();
            using var store = new IngestedStore(new IngestionOptions { MaxDegreeOfParallelism = 1 }, isOtherProvider: true);
            await store.IngestAsync(Old);
            var steps = 0;
            void Step()
            {
                if (steps++ == stopping)
                    stop.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }

            (store.Other!.BeforeRead, store.Other.BeforeWrite) = (Step, Step);
            await EndAsync(store.Pipeline.IngestAsync(New.ToAsyncEnumerable(), progress: null, stop.Token));
            if (!stop.IsCancellationRequested)
                break;
            (store.Other.BeforeRead, store.Other.BeforeWrite) = (null, null);

            // Going back to the old version is the hard case: parts of it may still be as they were.
            var next = goesBack ? Old : New;
            (await store.IngestAsync(next)).Failed.Should().Be(0);
            (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync(next), "after step {0}", stopping);
        }
    }

    [Fact]
    public async Task A_document_is_removed_whole_after_a_removal_that_stopped_half_way()
    {
        using var store = new IngestedStore(isOtherProvider: true);
        await store.IngestAsync(Old[0]);
        var deletes = 0;
        store.Other!.BeforeWrite = () =>
        {
            if (deletes++ == 2)
                throw new IOException("lost");
        };
        await FluentActions.Awaiting(() => store.Pipeline.RemoveAsync(Old[0].Id)).Should().ThrowAsync<IOException>();
        store.Other.BeforeWrite = null;

        (await store.Pipeline.RemoveAsync(Old[0].Id)).Should().BeTrue();

        (await store.AllAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_slow_store_keeps_documents_from_being_read()
    {
        // Each document counts 4,096 and its own length of less than 100.
        const int Pending = 5;
        using var store = new IngestedStore(new IngestionOptions { MaxPendingBytes = Pending * (4_096 + 100) }, isOtherProvider: true);
        var (read, written, most) = (0, 0, 0);
        // Nothing is written until as many were read as may be pending, however late the reader gets a processor.
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Other!.WriteDelay = () => full.Task.WaitAsync(TimeSpan.FromMinutes(2));

        await store.Pipeline.IngestAsync(Source(), new Callback(progress => Volatile.Write(ref written, progress.DocumentsDone)));

        written.Should().Be(60);
        most.Should().BeInRange(Pending, Pending + 1, "one more waits to be let in");

        async IAsyncEnumerable<Document> Source()
        {
            for (var i = 0; i < 60; i++)
            {
                most = Math.Max(most, ++read - Volatile.Read(ref written));
                if (read == Pending)
                    full.SetResult();
                yield return IncrementalIngestionTests.Paragraphs($"{i}", i);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_document_above_the_limit_of_what_may_be_pending_passes_alone()
    {
        using var store = new IngestedStore(new IngestionOptions { MaxPendingBytes = 1 });

        (await store.IngestAsync(Old)).Added.Should().Be(Old.Length);
    }

    // Waits, however it ends.
    private static async Task EndAsync(Task task) => await Task.WhenAny(task);

    private static async Task EachIsOldOrNewAsync(IngestedStore store)
    {
        for (var i = 0; i < Old.Length; i++)
        {
            var stored = await store.RecordsAsync(record => record.DocumentId == Old[i].Id);
            List<string>[] versions = [await IngestedStore.FreshAsync([Old[i]]), await IngestedStore.FreshAsync([New[i]])];
            versions.Should().Contain(version => version.SequenceEqual(stored), "document {0} is whole", Old[i].Id);
        }
    }

    private sealed class Callback(Action<IngestionProgress> report) : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value) => report(value);
    }
}
