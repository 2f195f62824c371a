using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>When records are durable, and what the log does when it cannot make them so.</summary>
public class LogCommitTests
{
    [Fact]
    public async Task A_committed_record_survives_a_power_cut_and_one_that_was_only_appended_survives_its_process()
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder);
        await log.CommitAsync(log.Append([1]));
        log.Append([2]);

        WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().Equal((1, "01"));
        WriteAheadLogTests.Read(folder.Restart(Aftermath.ProcessKilled, 0)).Should().Equal((1, "01"), (2, "02"));
    }

    [Fact]
    public async Task Writers_that_wait_at_the_same_time_share_a_sync_and_wait_for_no_second()
    {
        var folder = new FaultFolder();
        await using var log = WriteAheadLogTests.Open(folder);
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        var syncs = 0;
        folder.BeforeSync = () =>
        {
            syncs++;
            entered.Release();
            leave.Wait();
        };

        var first = log.CommitAsync(log.Append([1])).AsTask();
        await entered.WaitAsync();
        // The first sync is running. What is appended now may be too late for it, so all of these wait for the next.
        var others = Enumerable.Range(0, 20).Select(_ => log.CommitAsync(log.Append([2])).AsTask()).ToArray();
        others.Should().OnlyContain(task => !task.IsCompleted);
        leave.Release();
        await first;
        await entered.WaitAsync();
        others.Should().OnlyContain(task => !task.IsCompleted);
        log.DurableSequence.Should().Be(1);
        leave.Release();
        await Task.WhenAll(others);

        syncs.Should().Be(2);
        log.DurableSequence.Should().Be(21);
        await log.CommitAsync(21);
        syncs.Should().Be(2, "it is durable already");
        folder.BeforeSync = null;
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_the_record_stays()
    {
        var folder = new FaultFolder();
        await using var log = WriteAheadLogTests.Open(folder);
        using var leave = new SemaphoreSlim(0);
        folder.BeforeSync = () => leave.Wait();
        using var cancel = new CancellationTokenSource();
        var commit = log.CommitAsync(log.Append([1]), cancel.Token).AsTask();

        cancel.Cancel();

        await commit.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        folder.BeforeSync = null;
        leave.Release(10);
        await log.SyncAsync();
        WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().HaveCount(1);
    }

    [Fact]
    public async Task By_the_interval_a_record_is_durable_when_the_time_has_passed()
    {
        var folder = new FaultFolder();
        var clock = new ManualClock();
        await using var log = WriteAheadLogTests.Open(folder, commit: LogCommit.Interval, time: clock);
        clock.Set.Should().BeNull("nothing is to be synced");

        await log.CommitAsync(log.Append([1]));
        log.DurableSequence.Should().Be(0);
        clock.Set.Should().Be(TimeSpan.FromSeconds(1));
        clock.GoOff();
        await log.SyncAsync();
        log.DurableSequence.Should().Be(1);
        clock.Set.Should().BeNull();
        await log.CommitAsync(log.Append([2]));
        clock.Set.Should().NotBeNull();
    }

    [Fact]
    public async Task By_hand_a_record_is_durable_when_asked_or_when_the_log_is_closed()
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder, commit: LogCommit.Manual);
        await log.CommitAsync(log.Append([1]));
        log.DurableSequence.Should().Be(0);
        await log.SyncAsync();
        log.DurableSequence.Should().Be(1);
        await log.CommitAsync(log.Append([2]));
        await log.DisposeAsync();

        WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().HaveCount(2);
    }

    [Theory]
    [InlineData(LogCommit.EveryBatch)]
    [InlineData(LogCommit.Interval)]
    [InlineData(LogCommit.Manual)]
    internal async Task After_a_failed_sync_nothing_is_taken_until_the_log_is_opened_again(LogCommit commit)
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder, commit: commit);
        await log.CommitAsync(log.Append([1]));
        await log.SyncAsync();
        var sequence = log.Append([2]);
        folder.Plan(FaultKind.SyncError, 1);

        await log.Awaiting(l => l.SyncAsync()).Should().ThrowAsync<IOException>().WithMessage("*takes no more records: Input/output error*open the store again*");
        // The disk would say now that all is well. It is not: what failed was dropped.
        await log.Awaiting(l => l.CommitAsync(sequence).AsTask()).Should().ThrowAsync<IOException>();
        log.Invoking(l => l.Append([3])).Should().Throw<IOException>().WithMessage("*takes no more records*").WithInnerException<IOException>();
        log.Invoking(l => l.Rotate()).Should().Throw<IOException>();
        log.DurableSequence.Should().Be(1);
        await log.DisposeAsync();

        // The record is in the system's memory and was never acknowledged; when it is read again it is made durable in earnest.
        await using var again = WriteAheadLogTests.Open(folder);
        again.LastSequence.Should().Be(2);
        WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().Equal((1, "01"), (2, "02"));
    }

    [Fact]
    public async Task A_failure_in_the_background_is_told_to_the_next_caller()
    {
        var folder = new FaultFolder();
        var clock = new ManualClock();
        await using var log = WriteAheadLogTests.Open(folder, commit: LogCommit.Interval, time: clock);
        var sequence = log.Append([1]);
        folder.Plan(FaultKind.SyncError, 1);
        clock.GoOff();

        await log.Awaiting(l => l.SyncAsync()).Should().ThrowAsync<IOException>();
        await log.Awaiting(l => l.CommitAsync(sequence).AsTask()).Should().ThrowAsync<IOException>();
    }

    [Fact]
    public async Task All_who_wait_hear_of_a_failed_sync()
    {
        var folder = new FaultFolder();
        await using var log = WriteAheadLogTests.Open(folder);
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        folder.BeforeSync = () =>
        {
            entered.Release();
            leave.Wait();
        };
        var first = log.CommitAsync(log.Append([1])).AsTask();
        await entered.WaitAsync();
        var second = log.CommitAsync(log.Append([2])).AsTask();
        folder.Plan(FaultKind.SyncError, 1);
        leave.Release(10);

        await first.Awaiting(task => task).Should().ThrowAsync<IOException>();
        await second.Awaiting(task => task).Should().ThrowAsync<IOException>();
        folder.BeforeSync = null;
    }

    [Theory]
    [InlineData(20)]
    [InlineData(200_000)]
    public async Task A_full_disk_refuses_the_record_keeps_the_others_and_goes_on_when_there_is_space(int length)
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder);
        await log.CommitAsync(log.Append([1]));
        folder.Plan(FaultKind.DiskFull, 1);
        for (var i = 0; i < 3; i++)
            log.Invoking(l => l.Append(new byte[length])).Should().Throw<IOException>().WithMessage("No space left*");
        log.LastSequence.Should().Be(1);
        WriteAheadLogTests.Read(folder).Should().HaveCount(1);

        folder.MakeSpace();
        await log.CommitAsync(log.Append([2]));
        await log.DisposeAsync();
        WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().Equal((1, "01"), (2, "02"));
    }

    [Fact]
    public async Task A_full_disk_at_any_step_of_a_rotation_loses_nothing()
    {
        for (var step = 1; step <= 8; step++)
        {
            var folder = new FaultFolder();
            var log = WriteAheadLogTests.Open(folder);
            await log.CommitAsync(log.Append([1]));
            folder.Plan(FaultKind.DiskFull, step);
            var rotated = Record.Exception(() => log.Rotate()) is null;
            folder.MakeSpace();
            log.Append([2]).Should().Be(2);
            log.Rotate();
            await log.CommitAsync(log.Append([3]));
            await log.DisposeAsync();
            folder.List().Should().OnlyContain(name => name.EndsWith(".log", StringComparison.Ordinal));
            WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().Equal([(1, "01"), (2, "02"), (3, "03")], "step {0}, rotated {1}", step, rotated);
        }
    }

    [Fact]
    public async Task A_sync_that_fails_in_a_rotation_is_not_followed_by_one_that_seems_to_succeed()
    {
        for (var step = 1; step <= 8; step++)
        {
            var folder = new FaultFolder();
            var log = WriteAheadLogTests.Open(folder);
            await log.CommitAsync(log.Append([1]));
            log.Append([2]);
            folder.Plan(FaultKind.SyncError, step);
            var failed = Record.Exception(() => log.Rotate()) is not null;
            var acknowledged = failed && Record.Exception(() => log.Append([3])) is not null ? 1 : 3;
            if (acknowledged == 3)
            {
                if (failed)
                    (await Record.ExceptionAsync(() => log.SyncAsync())).Should().BeNull();
                else
                    await log.CommitAsync(log.Append([3]));
            }

            await Record.ExceptionAsync(() => log.DisposeAsync().AsTask());
            WriteAheadLogTests.Read(folder.Restart(Aftermath.PowerCut, 0)).Should().HaveCountGreaterThanOrEqualTo(acknowledged, "step {0}", step);
        }
    }

    [Fact]
    public async Task A_rotation_that_waited_for_a_sync_that_fails_does_not_sync_after_it()
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder);
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        folder.BeforeSync = () =>
        {
            folder.BeforeSync = null;
            entered.Release();
            leave.Wait();
        };
        var commit = log.CommitAsync(log.Append([1])).AsTask();
        await entered.WaitAsync();
        // Before it waits the rotation makes the new file, in three steps, and writes the seal; the fifth step is the sync that is under way.
        var steps = folder.Steps;
        folder.Plan(FaultKind.SyncError, 5);
        var rotation = Task.Run(() => log.Rotate());
        SpinWait.SpinUntil(() => folder.Steps == steps + 4);
        leave.Release();

        await commit.Awaiting(task => task).Should().ThrowAsync<IOException>();
        await rotation.Awaiting(task => task).Should().ThrowAsync<IOException>();
        log.DurableSequence.Should().Be(0);
        await log.DisposeAsync();
    }

    [Fact]
    public async Task What_a_process_wrote_that_was_killed_is_durable_when_the_next_has_opened_the_log()
    {
        // The process ends at each step of a rotation; the system still has what was not synced. The next one acknowledges a record, and the power fails.
        for (var step = 1; step <= 7; step++)
        {
            var folder = new FaultFolder();
            var log = WriteAheadLogTests.Open(folder);
            await log.CommitAsync(log.Append([1]));
            log.Append([2]);
            folder.Plan(FaultKind.Stop, step);
            log.Invoking(l => l.Rotate()).Should().Throw<ProcessEndedException>();
            var next = folder.Restart(Aftermath.ProcessKilled, 0);
            var again = WriteAheadLogTests.Open(next);
            again.LastSequence.Should().Be(2);
            await again.CommitAsync(again.Append([3]));

            for (var seed = 0; seed < 20; seed++)
                WriteAheadLogTests.Read(next.Restart(Aftermath.PowerCutReordered, seed)).Should().Equal([(1, "01"), (2, "02"), (3, "03")], "step {0}, seed {1}", step, seed);
        }
    }

    [Fact]
    public async Task A_closed_log_says_so()
    {
        var folder = new FaultFolder();
        var log = WriteAheadLogTests.Open(folder);
        await log.DisposeAsync();
        await log.DisposeAsync();

        log.Invoking(l => l.Append([1])).Should().Throw<ObjectDisposedException>();
        log.Invoking(l => l.Rotate()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Many_writers_on_a_disk_are_all_there()
    {
        using var place = new TemporaryFolder();
        var folder = DiskFolder.OpenOrCreate(place.Path);
        var written = new System.Collections.Concurrent.ConcurrentDictionary<long, string>();
        await using (var log = WriteAheadLogTests.Open(folder, maxFileBytes: 20_000))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    var payload = new byte[i * 10];
                    Array.Fill(payload, (byte)writer);
                    var sequence = log.Append(payload);
                    written[sequence] = Convert.ToHexString(payload);
                    await log.CommitAsync(sequence);
                    log.DurableSequence.Should().BeGreaterThanOrEqualTo(sequence);
                }
            })));
        }

        WriteAheadLogTests.Read(folder).Should().Equal(written.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        folder.List().Should().HaveCountGreaterThan(3);
        folder.Counters.LogBytes.Should().Be(folder.List().Sum(folder.GetLength));
    }
}
