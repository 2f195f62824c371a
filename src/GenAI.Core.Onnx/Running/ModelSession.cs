using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenAI.Core.Onnx.Running;

/// <summary>A loaded graph with its inputs and its output bound. Runs may overlap.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly RunOptions _runOptions = new();

    public ModelSession(InferenceSession session, string graph, GraphInput[] inputs, GraphOutput output)
    {
        _session = session;
        Graph = graph;
        Inputs = inputs;
        Output = output;
        OutputType = session.OutputMetadata[output.Name].ElementDataType;
        _inputNames = [.. inputs.Select(input => input.Name)];
        _outputNames = [output.Name];
        var shape = session.InputMetadata[inputs.First(input => input.Role == OnnxInputRole.TokenIds).Name].Dimensions;
        FixedRows = shape[0] > 0 ? shape[0] : null;
        FixedColumns = shape[1] > 0 ? shape[1] : null;
    }

    /// <summary>The file, a full path.</summary>
    public string Graph { get; }

    public GraphInput[] Inputs { get; }

    public GraphOutput Output { get; }

    public TensorElementType OutputType { get; }

    public RunCounters Counters { get; } = new();

    /// <summary>How many texts the graph insists on; null for any number.</summary>
    public int? FixedRows { get; }

    /// <summary>How many tokens the graph insists on; null for any number.</summary>
    public int? FixedColumns { get; }

    public required int PaddingId { get; init; }

    public required bool PadsLeft { get; init; }

    /// <summary>The position of the first token.</summary>
    public required int FirstPosition { get; init; }

    public IDisposableReadOnlyCollection<OrtValue> Run(BatchBuffers buffers, int rows, int columns)
    {
        System.Diagnostics.Debug.Assert(rows > 0 && columns > 0, "A run has texts and tokens.");
        return _session.Run(_runOptions, _inputNames, buffers.Values, _outputNames);
    }

    /// <summary>The width of an output and whether it has a row per token, after checking that it is of the batch that went in.</summary>
    public (int Width, bool PerToken) Shape(OrtValue output, int rows, int columns)
    {
        var shape = output.GetTensorTypeAndShape().Shape;
        var fits = Output.PerToken ? shape is [var r, var c, > 0] && r == rows && c == columns : shape is [var only, > 0] && only == rows;
        return fits
            ? ((int)shape[^1], Output.PerToken)
            : throw new OnnxModelException($"The output '{Output.Name}' of '{Graph}' has the shape {string.Join(" x ", shape)} for {rows} texts of {columns} tokens. Choose another by OutputName.", Graph);
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }
}
