namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>What an exported graph can differ in.</summary>
internal sealed record BertGraphOptions
{
    /// <summary>The type of the weights and of what flows: float, half, or bytes for weights and inputs of products that are quantised.</summary>
    public OnnxType Precision { get; init; } = OnnxType.Float;

    /// <summary>The type of the inputs.</summary>
    public OnnxType InputType { get; init; } = OnnxType.Int64;

    public string Ids { get; init; } = "input_ids";

    public string Mask { get; init; } = "attention_mask";

    /// <summary>The name of the segments' input; null for a graph that has none.</summary>
    public string? Types { get; init; } = "token_type_ids";

    /// <summary>The name of the positions' input; null for a graph that counts them itself.</summary>
    public string? Positions { get; init; }

    /// <summary>The name of the output with a vector per token; null to leave it out.</summary>
    public string? Hidden { get; init; } = "last_hidden_state";

    /// <summary>The name of an output with BERT's own pooled vector; null to leave it out.</summary>
    public string? Pooled { get; init; }

    /// <summary>The name of an output with the mean over the tokens; null to leave it out.</summary>
    public string? Mean { get; init; }

    /// <summary>The name of the output of the classification head, for weights that have one.</summary>
    public string Logits { get; init; } = "logits";
}

/// <summary>Writes a BERT network as the exporters do, from weights.</summary>
internal sealed class BertGraph
{
    private readonly OnnxGraph _graph = new();
    private readonly BertWeights _weights;
    private readonly BertGraphOptions _options;
    private readonly OnnxType _flow;

    private BertGraph(BertWeights weights, BertGraphOptions options)
    {
        _weights = weights;
        _options = options;
        _flow = options.Precision == OnnxType.Half ? OnnxType.Half : OnnxType.Float;
    }

    public static OnnxGraph Of(BertWeights weights, BertGraphOptions? options = null) => new BertGraph(weights, options ?? new BertGraphOptions()).Build();

    private OnnxGraph Build()
    {
        var shape = _weights.Shape;
        var ids = _graph.Input(_options.Ids, _options.InputType, "batch", "sequence");
        var mask = _graph.Input(_options.Mask, _options.InputType, "batch", "sequence");
        var embedded = Gather(Real(_weights.Words, shape.Vocabulary, shape.Width), ids);
        if (_options.Types is { } types)
            embedded = Add(embedded, Gather(Real(_weights.Types, 2, shape.Width), _graph.Input(types, _options.InputType, "batch", "sequence")));
        else
            embedded = Add(embedded, Real(_weights.Types.AsSpan(0, shape.Width), shape.Width));
        embedded = Add(embedded, Positions(ids));

        var row = Norm(embedded, _weights.EmbeddingNorm);
        var bias = MaskBias(mask);
        foreach (var layer in _weights.Layers)
            row = Layer(layer, row, bias);
        Outputs(row, mask);
        return _graph;
    }

    private string Positions(string ids)
    {
        var table = Real(_weights.Positions, _weights.Shape.MaxPositions, _weights.Shape.Width);
        if (_options.Positions is { } name)
            return Gather(table, _graph.Input(name, _options.InputType, "batch", "sequence"));
        var length = _graph.Node("Gather", [_graph.Node("Shape", [ids]), _graph.Int64(1)]);
        return _graph.Node("Slice", [table, _graph.Int64(0), length, _graph.Int64(0)]);
    }

    private string MaskBias(string mask)
    {
        var real = Cast(_graph.Node("Unsqueeze", [mask, _graph.Int64(1, 2)]), _flow);
        return Mul(_graph.Node("Sub", [Real([1f]), real]), Real([-10_000f]));
    }

    private string Layer(BertLayer layer, string row, string bias)
    {
        var size = _weights.Shape.Width / _weights.Shape.Heads;
        var query = Heads(Dense(layer.Query, row), 0, 2, 1, 3);
        var key = Heads(Dense(layer.Key, row), 0, 2, 3, 1);
        var value = Heads(Dense(layer.Value, row), 0, 2, 1, 3);
        var scores = _graph.Node("Div", [_graph.Node("MatMul", [query, key]), Real([MathF.Sqrt(size)])]);
        var shares = _graph.Node("Softmax", [Add(scores, bias)], ("axis", -1));
        var mixed = _graph.Node("Transpose", [_graph.Node("MatMul", [shares, value])], ("perm", (int[])[0, 2, 1, 3]));
        var joined = _graph.Node("Reshape", [mixed, _graph.Int64(0, 0, _weights.Shape.Width)]);
        var attended = Norm(Add(Dense(layer.Output, joined), row), layer.AttentionNorm);

        var inner = Dense(layer.Inner, attended);
        var erf = _graph.Node("Erf", [_graph.Node("Div", [inner, Real([MathF.Sqrt(2)])])]);
        var gelu = Mul(Mul(inner, Add(erf, Real([1f]))), Real([0.5f]));
        return Norm(Add(Dense(layer.Outer, gelu), attended), layer.OutputNorm);
    }

    private void Outputs(string row, string mask)
    {
        var width = _weights.Shape.Width;
        if (_weights.Classifier is { } classifier)
        {
            Publish(Dense(classifier, Pooled(row)), _options.Logits, "batch", classifier.Outputs);
            return;
        }

        if (_options.Hidden is { } hidden)
            Publish(row, hidden, "batch", "sequence", width);
        if (_options.Pooled is { } pooled)
            Publish(Pooled(row), pooled, "batch", width);
        if (_options.Mean is { } mean)
        {
            var real = Cast(_graph.Node("Unsqueeze", [mask, _graph.Int64(2)]), _flow);
            var sum = _graph.Node("ReduceSum", [Mul(row, real), _graph.Int64(1)], ("keepdims", 0));
            Publish(_graph.Node("Div", [sum, _graph.Node("ReduceSum", [real, _graph.Int64(1)], ("keepdims", 0))]), mean, "batch", width);
        }
    }

    private void Publish(string value, string name, params object[] shape)
    {
        _graph.Node("Identity", [value], name);
        _graph.Output(name, _flow, shape);
    }

    private string Pooled(string row)
    {
        var first = _graph.Node("Gather", [row, _graph.Scalar(0)], ("axis", 1));
        return _graph.Node("Tanh", [Dense(_weights.Pooler, first)]);
    }

    private string Heads(string row, params int[] order) =>
        _graph.Node("Transpose", [_graph.Node("Reshape", [row, _graph.Int64(0, 0, _weights.Shape.Heads, _weights.Shape.Width / _weights.Shape.Heads)])], ("perm", order));

    private string Dense(Dense dense, string row)
    {
        var product = _options.Precision == OnnxType.Byte ? QuantizedProduct(dense, row) : _graph.Node("MatMul", [row, Real(dense.Weights, dense.Inputs, dense.Outputs)]);
        return Add(product, Real(dense.Bias, dense.Outputs));
    }

    // As dynamic quantisation for processors without VNNI writes it: bytes in, 32-bit sums, one scale per column of the weights. These are unsigned with 128 for zero, since
    // products of unsigned and signed bytes overflow 16 bits there.
    private string QuantizedProduct(Dense dense, string row)
    {
        var scales = new float[dense.Outputs];
        var bytes = new byte[dense.Weights.Length];
        for (var o = 0; o < dense.Outputs; o++)
        {
            for (var i = 0; i < dense.Inputs; i++)
                scales[o] = MathF.Max(scales[o], MathF.Abs(dense.Weights[i * dense.Outputs + o]) / 127);
            for (var i = 0; i < dense.Inputs; i++)
                bytes[i * dense.Outputs + o] = (byte)(128 + MathF.Round(dense.Weights[i * dense.Outputs + o] / scales[o]));
        }

        var quantized = _graph.NodeMany("DynamicQuantizeLinear", [row], _graph.Names(3));
        var weights = _graph.Tensor<byte>(OnnxType.Byte, [dense.Inputs, dense.Outputs], bytes);
        var sums = _graph.Node("MatMulInteger", [quantized[0], weights, quantized[2], _graph.Tensor<byte>(OnnxType.Byte, [], [128])]);
        return Mul(Cast(sums, OnnxType.Float), Mul(quantized[1], Real(scales, dense.Outputs)));
    }

    private string Norm(string row, Norm norm) =>
        _graph.Node("LayerNormalization", [row, Real(norm.Scale, norm.Scale.Length), Real(norm.Bias, norm.Bias.Length)], ("axis", -1), ("epsilon", 1e-12f));

    private string Real(ReadOnlySpan<float> values, params long[] shape)
    {
        if (_flow != OnnxType.Half)
            return _graph.Tensor(OnnxType.Float, shape, values);
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        return _graph.Tensor<Half>(OnnxType.Half, shape, halves);
    }

    private string Gather(string table, string rows) => _graph.Node("Gather", [table, rows]);

    private string Add(string a, string b) => _graph.Node("Add", [a, b]);

    private string Mul(string a, string b) => _graph.Node("Mul", [a, b]);

    private string Cast(string value, OnnxType type) => _graph.Node("Cast", [value], ("to", (int)type));
}
