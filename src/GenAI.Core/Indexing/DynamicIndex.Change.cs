namespace GenAI.Core.Indexing;

/// <content>Changing from exact to graph and back.</content>
internal sealed partial class DynamicIndex
{
    // Vectors that are copied at once from a graph into an exact index.
    private const int CopiedRows = 512;

    private void StartBuilding_NeedsLock()
    {
        var exact = _serving;
        exact.TryEnter();
        _construction = new GraphConstruction(_writing, exact, _newGraph, _ids, EndBuilding_NeedsLock);
    }

    /// <summary>Called when everything is in the graph and nothing can be written, or when that has failed.</summary>
    /// <param name="graph">The graph, or null.</param>
    /// <param name="fault">Why there is none; null if it was cancelled.</param>
    private void EndBuilding_NeedsLock(GraphIndex? graph, Exception? fault)
    {
        BuildFault = fault;

        // Without a graph exact search goes on. What failed now may go well later, but not at the very next write.
        if (graph is not null)
            Serve_NeedsLock(graph);
        else
            _leastForGraph = (int)Math.Min(int.MaxValue, 2L * _serving.Index.Count);

        // Last: whoever sees that nothing is being built any more sees what came of it.
        Volatile.Write(ref _construction, null);
        Monitor.PulseAll(_writing);
    }

    /// <summary>Copies what a graph has left into a new exact index. Searches go on; the write that caused it waits.</summary>
    private void ReturnToExact_NeedsLock(VectorIndex graph)
    {
        var exact = NewExact();
        var batch = new VectorBatch(CopiedRows, Dimensions);
        foreach (var id in _ids)
        {
            batch.TryAdd(graph, id);
            if (batch.IsFull)
                batch.MoveTo(exact);
        }

        batch.MoveTo(exact);
        _leastForGraph = _options.GraphThreshold;
        Serve_NeedsLock(exact);
    }

    private void Serve_NeedsLock(VectorIndex index)
    {
        var before = _serving;
        Volatile.Write(ref _serving, new IndexLease(index));
        before.Exit();
    }
}
