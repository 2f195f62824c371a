using System.Buffers;
using System.Numerics.Tensors;
using GenAI.Core.Onnx.Running;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>Texts that are embedded together, and their vectors.</summary>
internal sealed class EmbeddingCall : WorkCall
{
    private readonly Pooler _pooler;
    private readonly VectorShape _shape;
    private readonly string _modelId;
    private Dictionary<int, Windows>? _windows; // of texts that come in several; most calls have none

    public EmbeddingCall(int texts, Pooler pooler, VectorShape shape, string modelId, CancellationToken cancellationToken)
        : base(cancellationToken)
    {
        Embeddings = new Embedding<float>[texts];
        _pooler = pooler;
        _shape = shape;
        _modelId = modelId;
    }

    /// <summary>The embeddings in the order of the texts, complete when the call is.</summary>
    public Embedding<float>[] Embeddings { get; }

    /// <summary>The tokens of all texts.</summary>
    public long Tokens { get; set; }

    /// <summary>Says that a text comes in several windows; before the first is put in line.</summary>
    public void ExpectWindows(int index, int windows) => (_windows ??= []).Add(index, new Windows(windows));

    public override void Receive(WorkItem item, in RowOutput output)
    {
        var dimensions = _pooler.Dimensions(output.Width);
        var pooled = ArrayPool<float>.Shared.Rent(dimensions);
        try
        {
            var vector = pooled.AsSpan(0, dimensions);
            _pooler.Pool(output, item.Unpooled, vector);
            if (_windows is null || !_windows.TryGetValue(item.Index, out var windows))
                Finish(item.Index, vector);
            else if (windows.Add(vector, item.Length, _shape.Normalize) is { } mean)
                Finish(item.Index, mean);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pooled);
        }
    }

    private void Finish(int index, ReadOnlySpan<float> pooled)
    {
        var vector = new float[_shape.Dimensions];
        _shape.Apply(pooled, vector);
        Embeddings[index] = new Embedding<float>(vector) { ModelId = _modelId };
    }

    /// <summary>The mean over the windows of one text, which may end on different threads.</summary>
    private sealed class Windows(int count)
    {
        private readonly object _lock = new();
        private float[]? _sum;
        private float _weight;
        private int _left = count;

        /// <summary>Adds a window; the mean when it was the last.</summary>
        public float[]? Add(Span<float> vector, int tokens, bool normalize)
        {
            if (normalize && TensorPrimitives.Norm<float>(vector) is > 0 and var norm)
                TensorPrimitives.Divide(vector, norm, vector);
            lock (_lock)
            {
                _sum ??= new float[vector.Length];
                TensorPrimitives.MultiplyAdd(vector, (float)tokens, _sum, _sum);
                _weight += tokens;
                if (--_left > 0)
                    return null;
                TensorPrimitives.Divide(_sum, _weight, _sum);
                return _sum;
            }
        }
    }
}
