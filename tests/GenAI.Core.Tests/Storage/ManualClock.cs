namespace GenAI.Core.Tests.Storage;

/// <summary>Timers that go off when the test says so.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];

    /// <summary>How long the timer that is set runs, if one is.</summary>
    public TimeSpan? Set => _timers.Select(timer => timer.Due).FirstOrDefault(due => due is not null);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void GoOff()
    {
        foreach (var timer in _timers)
            timer.GoOff();
    }

    private sealed class ManualTimer(Action callback) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : dueTime;
            return true;
        }

        public void GoOff()
        {
            if (Due is null)
                return;
            Due = null;
            callback();
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
