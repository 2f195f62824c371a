using Microsoft.ML.OnnxRuntime;

namespace GenAI.Core.Onnx.Running;

/// <summary>Runs batches one after the other, in buffers that it uses again. For one thread.</summary>
internal sealed class BatchRunner(ModelSession session) : IDisposable
{
    private readonly BatchBuffers _buffers = new(session);
    private float[]? _converted;

    /// <summary>Runs items and hands each its output. If that fails they are run by halves, so that only those which fail alone fail.</summary>
    public void Run(ReadOnlySpan<WorkItem> items)
    {
        try
        {
            RunOnce(items);
        }
#pragma warning disable CA1031 // Whatever it is, it goes to whom it belongs, and the thread lives on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (items.Length > 1)
            {
                Run(items[..(items.Length / 2)]);
                Run(items[(items.Length / 2)..]);
                return;
            }

            items[0].Call.Fail(exception as OnnxModelException ?? Failure(items[0], exception));
        }
    }

    public void Dispose() => _buffers.Dispose();

    private void RunOnce(ReadOnlySpan<WorkItem> items)
    {
        var (rows, columns, tokens) = _buffers.Fill(items);
        using var outputs = session.Run(_buffers, rows, columns);
        var output = outputs[0];
        var (width, perToken) = session.Shape(output, rows, columns);
        var values = OutputReader.Read(output, session.OutputType, ref _converted);
        session.Counters.Ran(items.Length, tokens, (long)rows * columns);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            var first = (perToken ? i * columns + (session.PadsLeft ? columns - item.Length : 0) : i) * width;
            Deliver(item, new RowOutput(values.Slice(first, (perToken ? item.Length : 1) * width), width));
        }
    }

    // What a caller does with its result is its own affair: its failure must not reach the others or end the thread.
    private static void Deliver(WorkItem item, in RowOutput output)
    {
        try
        {
            item.Call.Receive(item, output);
            item.Call.ItemDone();
        }
#pragma warning disable CA1031 // Whatever it is, it goes to the caller.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            item.Call.Fail(exception);
        }
    }

    private OnnxModelException Failure(WorkItem item, Exception exception) => new(
        $"The model '{session.Graph}' failed on a text of {item.Length} tokens: {exception.Message} If memory ran out, lower MaxTokens or MaxBatchTokens; if an index is out of bounds, the tokenizer's files are not this model's, or the text has more tokens than the model has positions (MaxTokens). Other texts can still be run.",
        session.Graph,
        exception);
}
