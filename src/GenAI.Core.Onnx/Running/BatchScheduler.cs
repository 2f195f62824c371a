using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Onnx.Running;

/// <summary>Puts the items of all callers in one line, and runs them in batches on threads of its own.</summary>
/// <remarks>Callers limit themselves: each has only so many items in line. Safe for concurrent use.</remarks>
internal sealed class BatchScheduler : IDisposable
{
    // So many items of the line are looked at for a batch: enough to fill it well, and sorted in a tenth of a millisecond.
    private const int Lookahead = 2048;

    private readonly object _lock = new();
    private readonly List<WorkItem> _line = [];
    private readonly List<Thread> _threads = [];
    private readonly ModelSession _session;
    private readonly BatchLimits _limits;
    private readonly BatchPicker _picker;
    private readonly TimeSpan _delay;
    private readonly int _workers;
    private readonly int[] _lengths = new int[Lookahead];
    private int _callers;
    private bool _isClosed;

    public BatchScheduler(ModelSession session, BatchLimits limits, TimeSpan delay, int workers)
    {
        _session = session;
        _limits = limits;
        _picker = new BatchPicker(limits);
        _delay = delay;
        _workers = workers;
    }

    /// <summary>Says that a call has begun or ended; batches wait for company only while there is more than one.</summary>
    public void CallBegins() => Interlocked.Increment(ref _callers);

    public void CallEnds() => Interlocked.Decrement(ref _callers);

    /// <summary>Puts items in line, in this order.</summary>
    public void Enqueue(ReadOnlySpan<WorkItem> items)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(BatchScheduler));
            foreach (var item in items)
            {
                item.Arrived = now;
                _line.Add(item);
            }

            // A thread is started when there is work that none of the others will take.
            if (_threads.Count < _workers && _line.Count > 0)
                StartThread_NeedsLock();
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Ends the threads after their running batch; items that are left fail.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            threads = [.. _threads];
            Monitor.PulseAll(_lock);
        }

        foreach (var thread in threads)
            thread.Join();
        foreach (var item in _line)
        {
            item.Call.Fail(new ObjectDisposedException(_session.Graph, "The model was disposed of while texts were waiting."));
            item.Release();
        }

        _line.Clear();
    }

    private void StartThread_NeedsLock()
    {
        var thread = new Thread(Work) { IsBackground = true, Name = "GenAI.Core.Onnx" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Work()
    {
        using var runner = new BatchRunner(_session);
        var batch = new List<WorkItem>();
        while (Take(batch))
        {
            runner.Run(CollectionsMarshal.AsSpan(batch));
            foreach (var item in batch)
                item.Release();
            batch.Clear();
        }
    }

    // Waits for a batch; false when the scheduler is closed.
    private bool Take(List<WorkItem> batch)
    {
        lock (_lock)
        {
            while (true)
            {
                if (_isClosed)
                    return false;
                DropAbandoned_NeedsLock();
                if (_line.Count == 0)
                    Monitor.Wait(_lock);
                else if (Remaining_NeedsLock() is { Ticks: > 0 } wait)
                    Monitor.Wait(_lock, wait);
                else
                    break;
            }

            Pick_NeedsLock(batch);
            return true;
        }
    }

    // Waiting for company pays only while other calls are under way whose texts have not come yet, and while the batch has room.
    private TimeSpan Remaining_NeedsLock()
    {
        if (_delay == TimeSpan.Zero || Volatile.Read(ref _callers) < 2 || _line.Count >= _limits.MaxRows || _line.Sum(item => (long)item.Length) >= _limits.MaxTokens)
            return TimeSpan.Zero;
        return _delay - Stopwatch.GetElapsedTime(_line[0].Arrived);
    }

    private void DropAbandoned_NeedsLock() => _line.RemoveAll(static item =>
    {
        var isOver = item.Call.IsOver;
        if (isOver)
            item.Release();
        return isOver;
    });

    private void Pick_NeedsLock(List<WorkItem> batch)
    {
        var lengths = _lengths.AsSpan(0, Math.Min(Lookahead, _line.Count));
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = _line[i].Length;
        foreach (var position in _picker.Pick(lengths))
        {
            batch.Add(_line[position]);
            _line[position] = null!;
        }

        _line.RemoveAll(static item => item is null);
    }
}
