using System.Numerics.Tensors;
using GenAI.Core.Onnx.Models;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>A layer after the pooling (<c>2_Dense</c> of sentence-transformers): a matrix, a bias and a function of each value.</summary>
internal sealed class DenseLayer
{
    private readonly float[] _rows;
    private readonly float[]? _bias;
    private readonly Action<Span<float>>? _activate;

    private DenseLayer(int inputs, int outputs, float[] rows, float[]? bias, Action<Span<float>>? activate) =>
        (Inputs, Outputs, _rows, _bias, _activate) = (inputs, outputs, rows, bias, activate);

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The files that the layer is read from.</summary>
    public static IEnumerable<string> Files(string folder) => [Path.Combine(folder, "config.json"), Path.Combine(folder, "model.safetensors")];

    /// <summary>Reads a layer.</summary>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="OnnxModelException">A file is missing, damaged, or says what is not known here.</exception>
    public static DenseLayer Read(string folder)
    {
        var config = JsonFile.Read(folder, "config.json");
        var (inputs, outputs) = (Length(config, "in_features"), Length(config, "out_features"));
        if (config.Text("module_input_name") is not (null or "sentence_embedding"))
            throw config.Bad("module_input_name", "Only layers over the pooled vector are run here. Export the model with an output sentence_embedding (optimum-cli export onnx --library sentence-transformers).");
        var activate = Activation(config);

        var file = Path.Combine(folder, "model.safetensors");
        if (!File.Exists(file))
        {
            throw new OnnxModelException(
                $"There is no file '{file}'{(File.Exists(Path.Combine(folder, "pytorch_model.bin")) ? ", but a pytorch_model.bin, which runs code when it is read" : "")}. Save the model anew (SentenceTransformer(...).save_pretrained(...), which writes safetensors), or export it with an output sentence_embedding.",
                file);
        }

        var tensors = TensorFile.Open(file);
        var rows = tensors.Find("linear.weight", outputs, inputs) ?? throw Missing(file, "linear.weight");
        var bias = config.Flag("bias") == false ? null : tensors.Find("linear.bias", outputs) ?? throw Missing(file, "linear.bias");
        return new DenseLayer(inputs, outputs, rows, bias, activate);
    }

    /// <summary>Writes what the layer makes of a vector.</summary>
    /// <param name="vector">As many values as <see cref="Inputs"/>.</param>
    /// <param name="result">As many as <see cref="Outputs"/>.</param>
    public void Apply(ReadOnlySpan<float> vector, Span<float> result)
    {
        for (var i = 0; i < Outputs; i++)
            result[i] = TensorPrimitives.Dot(_rows.AsSpan(i * Inputs, Inputs), vector);
        if (_bias is not null)
            TensorPrimitives.Add(result, _bias, result);
        _activate?.Invoke(result);
    }

    private static int Length(JsonFile config, string name) =>
        config.Integer(name) is > 0 and <= 65_536 and var length ? length : throw config.Bad(name, "It must be the number of values of a vector, 1 to 65,536.");

    // A class name of Python, of which the last part tells; that of the layer itself is Tanh.
    private static Action<Span<float>>? Activation(JsonFile config) => (config.Text("activation_function") ?? "Tanh").Split('.')[^1] switch
    {
        "Identity" => null,
        "Tanh" => static values => TensorPrimitives.Tanh<float>(values, values),
        "Sigmoid" => static values => TensorPrimitives.Sigmoid<float>(values, values),
        "ReLU" => static values => TensorPrimitives.Max(values, 0f, values),
        "GELU" => Gelu,
        _ => throw config.Bad("activation_function", "Identity, Tanh, Sigmoid, ReLU and GELU are known here. Export the model with an output sentence_embedding (optimum-cli export onnx --library sentence-transformers)."),
    };

    private static void Gelu(Span<float> values)
    {
        foreach (ref var value in values)
            value = (float)(value * 0.5 * (1 + Erf(value / Math.Sqrt(2))));
    }

    // Abramowitz and Stegun, 7.1.26: off by 1.5e-7 at most.
    private static double Erf(double x)
    {
        var t = 1 / (1 + 0.3275911 * Math.Abs(x));
        var y = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.Exp(-x * x);
        return Math.CopySign(y, x);
    }

    private static OnnxModelException Missing(string file, string tensor) => new($"'{file}' has no tensor '{tensor}'. Get the folder again from where the model is published.", file);
}
