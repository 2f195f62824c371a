using System.Numerics.Tensors;
using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Classification;

/// <summary>Texts or pairs that are scored together, and the raw values of each: the greatest of each label, where a text was read in windows.</summary>
internal sealed class LabelCall(int texts, CancellationToken cancellationToken) : WorkCall(cancellationToken)
{
    private readonly object _lock = new();

    /// <summary>The values in the order of the texts, complete when the call is.</summary>
    public float[][] Values { get; } = new float[texts][];

    public override void Receive(WorkItem item, in RowOutput output)
    {
        lock (_lock)
        {
            if (Values[item.Index] is { } before)
                TensorPrimitives.Max(before, output.Row(0), before);
            else
                Values[item.Index] = output.Row(0).ToArray();
        }
    }
}
