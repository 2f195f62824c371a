namespace GenAI.Core.Onnx.Running;

/// <summary>Chooses which of the waiting items run together: those that make the most of it together with the one that has waited longest.</summary>
/// <remarks>
/// A batch costs its padded tokens, the longest item times the number of items, and a fixed amount for starting a run. Among the batches that
/// have the first item in them, the one with the most real tokens for its cost is taken. Not safe for use by two threads at once.
/// </remarks>
internal sealed class BatchPicker(BatchLimits limits)
{
    /// <summary>
    /// What starting a run costs, in tokens: a run of one token takes as long as a large batch takes for 11 of them (six layers of 384, two threads; decision 95).
    /// </summary>
    private const int RunCost = 11;

    private int[] _lengths = [];
    private int[] _order = [];

    /// <summary>Chooses items.</summary>
    /// <param name="lengths">The lengths of the waiting items, the one that has waited longest first.</param>
    /// <returns>The chosen positions in <paramref name="lengths"/>, valid until the next call.</returns>
    public ReadOnlySpan<int> Pick(ReadOnlySpan<int> lengths)
    {
        if (_lengths.Length < lengths.Length)
            (_lengths, _order) = (new int[lengths.Length], new int[lengths.Length]);
        var sorted = _lengths.AsSpan(0, lengths.Length);
        var order = _order.AsSpan(0, lengths.Length);
        lengths.CopyTo(sorted);
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        sorted.Sort(order);

        // Of those as long as the first item, the first itself has to come along, the others may.
        var first = order.IndexOf(0);
        var last = sorted.LastIndexOf(sorted[first]);
        (order[first], order[last]) = (order[last], order[first]);
        first = last;

        var (low, high) = (first, first);
        var best = 0.0;
        for (var longest = first; longest < sorted.Length; longest++)
        {
            // Beyond this there is no room for the first item any more, or its row is more padding than text, whatever comes with it.
            var rows = longest - first + 1;
            if (rows > 1 && (rows > limits.MaxRows || (long)rows * sorted[longest] > limits.MaxTokens || sorted[longest] > 2 * Math.Max(sorted[first], RunCost)))
                break;
            if (Down(sorted, first, longest, out var lowest) is var share && share > best)
                (best, low, high) = (share, lowest, longest);
        }

        return order[low..(high + 1)];
    }

    // The share of real tokens in the cost of the best batch from 'longest' downwards that has 'first' in it, and where it ends.
    private double Down(ReadOnlySpan<int> sorted, int first, int longest, out int lowest)
    {
        long width = sorted[longest], tokens = 0;
        lowest = longest;
        double share = 0;
        for (var i = longest; i >= 0; i--)
        {
            var rows = longest - i + 1;
            if (rows > 1 && (rows > limits.MaxRows || rows * width > limits.MaxTokens))
                break;
            tokens += sorted[i];
            var next = tokens / (RunCost + rows * (double)width);
            if (i < first && next < share)
                break;
            (share, lowest) = (next, i);
        }

        return share;
    }
}
