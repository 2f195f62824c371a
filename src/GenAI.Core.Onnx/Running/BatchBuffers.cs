using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenAI.Core.Onnx.Running;

/// <summary>The inputs of one run, in memory of its own that every batch of a worker uses again, and the runtime's view of it.</summary>
internal sealed unsafe class BatchBuffers(ModelSession session) : IDisposable
{
    private readonly void*[] _memory = new void*[session.Inputs.Length];
    private readonly OrtValue?[] _values = new OrtValue?[session.Inputs.Length];
    private nuint _capacity;
    private (int Rows, int Columns) _shape;

    /// <summary>The inputs in the order of the session's.</summary>
    public IReadOnlyCollection<OrtValue> Values => _values!;

    /// <summary>Writes items as rows of the same length.</summary>
    /// <returns>The rows and columns with padding, and the tokens without.</returns>
    public (int Rows, int Columns, long Tokens) Fill(ReadOnlySpan<WorkItem> items)
    {
        var (longest, tokens) = (1, 0L);
        foreach (var item in items)
        {
            longest = Math.Max(longest, item.Length);
            tokens += item.Length;
        }

        var rows = session.FixedRows ?? items.Length;
        var columns = session.FixedColumns ?? longest;
        Reshape(rows, columns);
        for (var i = 0; i < session.Inputs.Length; i++)
        {
            if (session.Inputs[i].IsInt64)
                Fill(new Span<long>(_memory[i], rows * columns), session.Inputs[i].Role, items, columns);
            else
                Fill(new Span<int>(_memory[i], rows * columns), session.Inputs[i].Role, items, columns);
        }

        return (rows, columns, tokens);
    }

    public void Dispose()
    {
        for (var i = 0; i < _memory.Length; i++)
        {
            _values[i]?.Dispose();
            NativeMemory.Free(_memory[i]);
            _values[i] = null;
            _memory[i] = null;
        }
    }

    private void Fill<T>(Span<T> values, OnnxInputRole role, ReadOnlySpan<WorkItem> items, int columns)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        values.Fill(role == OnnxInputRole.TokenIds ? T.CreateTruncating(session.PaddingId) : T.Zero);
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            var row = values.Slice(i * columns + (session.PadsLeft ? columns - item.Length : 0), item.Length);
            switch (role)
            {
                case OnnxInputRole.TokenIds:
                    var tokens = item.Tokens;
                    for (var t = 0; t < row.Length; t++)
                        row[t] = T.CreateTruncating(tokens[t]);
                    break;
                case OnnxInputRole.AttentionMask:
                    row.Fill(T.One);
                    break;
                case OnnxInputRole.TokenTypes:
                    row[item.SecondText..].Fill(T.One);
                    break;
                default:
                    for (var t = 0; t < row.Length; t++)
                        row[t] = T.CreateTruncating(t + session.FirstPosition);
                    break;
            }
        }
    }

    // The runtime's view is made again only when the shape is another: callers with one text after the other of like length keep it.
    private void Reshape(int rows, int columns)
    {
        if (_shape == (rows, columns))
            return;
        _shape = default;
        var count = (nuint)rows * (nuint)columns;
        for (var i = 0; i < _memory.Length; i++)
        {
            _values[i]?.Dispose();
            _values[i] = null;
            if (count > _capacity)
                _memory[i] = NativeMemory.Realloc(_memory[i], count * sizeof(long));
            var isLong = session.Inputs[i].IsInt64;
            _values[i] = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                isLong ? TensorElementType.Int64 : TensorElementType.Int32,
                [rows, columns],
                (nint)_memory[i],
                (long)count * (isLong ? sizeof(long) : sizeof(int)));
        }

        _capacity = Math.Max(_capacity, count);
        _shape = (rows, columns);
    }
}
