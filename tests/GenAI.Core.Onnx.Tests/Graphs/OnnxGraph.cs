using System.Runtime.InteropServices;

namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>Element types of ONNX tensors, with their numbers in the format (onnx.proto3, TensorProto.DataType).</summary>
internal enum OnnxType
{
    Float = 1,
    Byte = 2,
    Int32 = 6,
    Int64 = 7,
    Half = 10,
}

/// <summary>A graph under construction: nodes in order, each with one named output, and the file that it is written to.</summary>
/// <remarks>Field numbers are those of the public schema, onnx.proto3; the operator set is 17.</remarks>
internal sealed class OnnxGraph
{
    private readonly List<Action<ProtoWriter>> _nodes = [];
    private readonly List<(string Name, OnnxType Type, long[] Shape, byte[] Data)> _tensors = [];
    private readonly List<(string Name, OnnxType Type, object[] Shape)> _inputs = [];
    private readonly List<(string Name, OnnxType Type, object[] Shape)> _outputs = [];
    private int _names;

    /// <summary>An input; a dimension is a number, or the name of one that is only known at run time.</summary>
    public string Input(string name, OnnxType type, params object[] shape)
    {
        _inputs.Add((name, type, shape));
        return name;
    }

    public void Output(string name, OnnxType type, params object[] shape) => _outputs.Add((name, type, shape));

    public string Tensor<T>(OnnxType type, long[] shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var name = $"w{_tensors.Count}";
        _tensors.Add((name, type, shape, MemoryMarshal.AsBytes(values).ToArray()));
        return name;
    }

    public string Int64(params long[] values) => Tensor<long>(OnnxType.Int64, [values.Length], values);

    public string Scalar(long value) => Tensor<long>(OnnxType.Int64, [], [value]);

    /// <summary>A node; the result is the name of its output.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) => Node(op, inputs, $"t{_names++}", attributes);

    public string Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        NodeMany(op, inputs, [output], attributes);
        return output;
    }

    public string[] NodeMany(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        _nodes.Add(node =>
        {
            foreach (var input in inputs)
                node.Text(1, input);
            foreach (var output in outputs)
                node.Text(2, output);
            node.Text(4, op);
            foreach (var (name, value) in attributes)
                node.Message(5, attribute => Attribute(attribute, name, value));
        });
        return outputs;
    }

    public string[] Names(int count) => [.. Enumerable.Range(0, count).Select(_ => $"t{_names++}")];

    /// <summary>Writes the model; with <paramref name="externalData"/>, tensors of a kilobyte and more go to that file beside it.</summary>
    public void Write(string path, string? externalData = null)
    {
        using var external = externalData is null ? null : File.Create(Path.Combine(Path.GetDirectoryName(path)!, externalData));
        var model = new ProtoWriter();
        model.Integer(1, 8);
        model.Text(2, "genai-core-tests");
        model.Message(7, graph =>
        {
            foreach (var node in _nodes)
                graph.Message(1, node);
            graph.Text(2, "graph");
            foreach (var (name, type, shape, data) in _tensors)
                graph.Message(5, tensor => WriteTensor(tensor, name, type, shape, data, external, externalData));
            foreach (var (name, type, shape) in _inputs)
                graph.Message(11, value => WriteValue(value, name, type, shape));
            foreach (var (name, type, shape) in _outputs)
                graph.Message(12, value => WriteValue(value, name, type, shape));
        });
        model.Message(8, set => set.Integer(2, 17));
        using var file = File.Create(path);
        file.Write(model.Written);
    }

    private static void WriteTensor(ProtoWriter tensor, string name, OnnxType type, long[] shape, byte[] data, FileStream? external, string? location)
    {
        foreach (var dimension in shape)
            tensor.Integer(1, dimension);
        tensor.Integer(2, (long)type);
        tensor.Text(8, name);
        if (external is null || data.Length < 1024)
        {
            tensor.Bytes(9, data);
            return;
        }

        foreach (var (key, value) in new[] { ("location", location!), ("offset", $"{external.Position}"), ("length", $"{data.Length}") })
        {
            tensor.Message(13, entry =>
            {
                entry.Text(1, key);
                entry.Text(2, value);
            });
        }

        tensor.Integer(14, 1);
        external.Write(data);
    }

    private static void WriteValue(ProtoWriter value, string name, OnnxType type, object[] shape)
    {
        value.Text(1, name);
        value.Message(2, of => of.Message(1, tensor =>
        {
            tensor.Integer(1, (long)type);
            tensor.Message(2, dimensions =>
            {
                foreach (var dimension in shape)
                {
                    dimensions.Message(1, one =>
                    {
                        if (dimension is string symbol)
                            one.Text(2, symbol);
                        else
                            one.Integer(1, Convert.ToInt64(dimension, System.Globalization.CultureInfo.InvariantCulture));
                    });
                }
            });
        }));
    }

    private static void Attribute(ProtoWriter attribute, string name, object value)
    {
        attribute.Text(1, name);
        switch (value)
        {
            case float number:
                attribute.Float(2, number);
                attribute.Integer(20, 1);
                break;
            case int number:
                attribute.Integer(3, number);
                attribute.Integer(20, 2);
                break;
            case int[] numbers:
                foreach (var number in numbers)
                    attribute.Integer(8, number);
                attribute.Integer(20, 7);
                break;
            default:
                throw new ArgumentException($"An attribute of type {value.GetType()} is not written.", nameof(value));
        }
    }
}
