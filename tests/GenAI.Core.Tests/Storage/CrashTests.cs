using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>Everything together, ended at every step in every way.</summary>
public class CrashTests
{
    [Theory]
    [InlineData(FaultKind.Stop)]
    [InlineData(FaultKind.Tear)]
    [InlineData(FaultKind.DiskFull)]
    [InlineData(FaultKind.SyncError)]
    internal async Task What_was_acknowledged_is_there_after_an_end_at_any_step(FaultKind kind)
    {
        var checks = await CrashDriver.EveryStepAsync<Oracle>(WorkAsync, CheckAsync, kind, endsInRecovery: kind == FaultKind.Tear ? 12 : 0);

        checks.Should().BeGreaterThan(150);
    }

    private static async Task WorkAsync(FaultFolder folder, Oracle oracle)
    {
        for (var session = 0; session < 2; session++)
        {
            await using var store = TinyStore.Open(folder, maxFileBytes: 700);
            for (var i = 0; i < 12; i++)
            {
                var (key, value) = ($"k{i % 7}", $"{session}-{i}-{new string('x', i * 13)}");
                oracle.Written.Add((key, value));
                await store.SetAsync(key, value);
                oracle.Acknowledged = oracle.Written.Count;
                if (i is 4 or 9)
                    store.Checkpoint();
            }
        }
    }

    private static async Task CheckAsync(FaultFolder folder, Oracle oracle)
    {
        await using (var store = TinyStore.Open(folder, maxFileBytes: 700))
        {
            oracle.Check(store.Values, store.LastSequence);
            // It goes on from there: with a writer that has another fate, and a reader beside it.
            await store.SetAsync("after", "crash");
            TinyStore.Read(folder).Should().Equal(store.Values);
        }

        TinyStore.Read(folder)["after"].Should().Be("crash");
        folder.Mappings.Should().Be(0);
    }

    /// <summary>All that was ever written, in order, and how much of it was acknowledged.</summary>
    private sealed class Oracle
    {
        public List<(string Key, string Value)> Written { get; } = [];

        public int Acknowledged { get; set; }

        public void Check(IReadOnlyDictionary<string, string> found, long count)
        {
            // A second check of the same remains has one record more, its own.
            var written = found.ContainsKey("after") ? count - found.Count(pair => pair.Key == "after") : count;
            written.Should().BeInRange(Acknowledged, Written.Count);
            var expected = new Dictionary<string, string>();
            foreach (var (key, value) in Written.Take((int)written))
                expected[key] = value;
            found.Where(pair => pair.Key != "after").Should().BeEquivalentTo(expected);
        }
    }
}
