using System.Diagnostics.CodeAnalysis;

namespace GenAI.Core.Indexing;

/// <summary>
/// Fills a graph in the background with what an exact index holds, while that is searched and written to. Ids that are written meanwhile
/// are noted and done again, until so few are left that the last of them can be done while writes wait.
/// </summary>
/// <remarks>Members that end in NeedsLock, and <see cref="Note"/>, are called by whoever holds the lock of writes.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Nobody waits on the token's handle, which is all that there would be to dispose of.")]
internal sealed class GraphConstruction
{
    // So many take the graph some tens of milliseconds, for which writes may wait.
    private const int LastRows = 256;

    // A graph takes a thread more for each 32 vectors of a batch. Batches are such that one processor is left to searches: with all of
    // two, the 99th percentile of a search was 4.8 times what it is at rest. Few enough, also, to stop soon.
    private const int RowsPerThread = 32;
    private static readonly int BatchRows = Math.Clamp(RowsPerThread * (Environment.ProcessorCount - 1), RowsPerThread, 512);

    private readonly object _writing;
    private readonly IndexLease _exact;
    private readonly Func<GraphIndex> _create;
    private readonly Action<GraphIndex?, Exception?> _end;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly VectorBatch _batch;
    private readonly Thread _thread;
    private GraphIndex? _graph;
    private IdSet _noted;
    private bool _isPaced;
    private bool _hasEnded;
    private long _done;
    private long _written;

    /// <param name="writing">The lock of writes.</param>
    /// <param name="exact">The exact index, entered; it is left at the end.</param>
    /// <param name="create">Makes an empty graph.</param>
    /// <param name="ids">The ids of the exact index.</param>
    /// <param name="end">Receives the graph, or why there is none.</param>
    public GraphConstruction(object writing, IndexLease exact, Func<GraphIndex> create, IdSet ids, Action<GraphIndex?, Exception?> end)
    {
        (_writing, _exact, _create, _end) = (writing, exact, create, end);
        _batch = new VectorBatch(BatchRows, exact.Index.Dimensions);
        _noted = new IdSet(ids);
        _thread = new Thread(Run) { IsBackground = true, Name = "GenAI.Core graph construction" };
        _thread.UnsafeStart();
    }

    public VectorIndexMemory Memory => Volatile.Read(ref _graph)?.Memory ?? default;

    /// <summary>Has ids done, or done again, that are about to be written.</summary>
    public void Note(ReadOnlySpan<long> ids) => _noted.Add(ids);

    /// <summary>
    /// Makes a writer that is faster than the graph wait until two vectors have been done for each one that it wrote, so that the end comes
    /// nearer. Not before everything has been done once: until then, what is written is only more of the same.
    /// </summary>
    public void Pace_NeedsLock(int rows)
    {
        if (!_isPaced)
            return;
        _written += rows;
        while (!_hasEnded && !_cancellation.IsCancellationRequested && 2 * (_written - BatchRows) > _done)
            Monitor.Wait(_writing);
    }

    public void Cancel() => _cancellation.Cancel();

    public void Join() => _thread.Join();

    private void Run()
    {
        try
        {
            var graph = _create();
            Volatile.Write(ref _graph, graph);
            while (TakeNoted(graph, out var round))
            {
                Move(graph, round);
                lock (_writing)
                    _isPaced = true;
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, memory most likely: exact search goes on, and the index keeps the fault.
            _graph?.Dispose();
            lock (_writing)
                End_NeedsLock(null, exception is OperationCanceledException ? null : exception);
        }
        finally
        {
            _exact.Exit();
        }
    }

    /// <summary>Takes what was written since the last time; or does it at once, if it is little, and ends.</summary>
    private bool TakeNoted(GraphIndex graph, out IdSet round)
    {
        lock (_writing)
        {
            _cancellation.Token.ThrowIfCancellationRequested();
            (round, _noted) = (_noted, new IdSet());
            if (round.Count > LastRows)
                return true;

            Move(graph, round);
            End_NeedsLock(graph, null);
            return false;
        }
    }

    private void Move(GraphIndex graph, IdSet round)
    {
        var removed = new List<long>();
        var seen = 0;
        foreach (var id in round)
        {
            if (!_batch.TryAdd(_exact.Index, id))
                removed.Add(id);
            if (++seen % BatchRows == 0)
                Flush(graph, removed, BatchRows);
        }

        Flush(graph, removed, seen % BatchRows);
    }

    private void Flush(GraphIndex graph, List<long> removed, int rows)
    {
        _cancellation.Token.ThrowIfCancellationRequested();
        _batch.MoveTo(graph);
        foreach (var id in removed)
            graph.Remove(id);
        removed.Clear();
        lock (_writing)
        {
            _done += _isPaced ? rows : 0;
            Monitor.PulseAll(_writing);
        }
    }

    private void End_NeedsLock(GraphIndex? graph, Exception? fault)
    {
        _hasEnded = true;
        _end(graph, fault);
    }
}
