using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Tests;

/// <summary>Models with dense layers after the pooling, as sentence-transformers saves them beside the graph.</summary>
public class DenseLayerTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);
    private static readonly BertReference Reference = new(Weights);

    public static TheoryData<string?, bool> Activations() => new()
    {
        { "torch.nn.modules.linear.Identity", false },
        { "torch.nn.modules.activation.Tanh", true },
        { "torch.nn.modules.activation.Sigmoid", true },
        { "torch.nn.modules.activation.ReLU", true },
        { "torch.nn.modules.activation.GELU", true },
        { null, true },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public async Task Vectors_equal_the_network_and_the_layer_in_double_precision(string? activation, bool hasBias)
    {
        var (matrix, bias) = Layer(32, 12, hasBias);
        using var folder = WithLayer(matrix, bias, activation);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        generator.Description.Dimensions.Should().Be(12);

        var texts = Texts.Few.Concat(Texts.Mixed(20)).ToArray();
        var embeddings = await generator.GenerateAsync(texts);

        for (var t = 0; t < texts.Length; t++)
        {
            var expected = Apply(matrix, bias, activation, Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(texts[t], 64))));
            for (var i = 0; i < expected.Length; i++)
                ((double)embeddings[t].Vector.Span[i]).Should().BeApproximately(expected[i], 2e-5, "text {0}, value {1}", t, i);
        }
    }

    [Fact]
    public async Task Layers_follow_one_another_and_unit_length_comes_last()
    {
        var (first, bias) = Layer(32, 20, hasBias: true);
        var (second, _) = Layer(20, 8, hasBias: false);
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.WriteModules(normalizes: true, "Dense", "Dropout", "Dense");
        folder.WriteDense("2_Dense", first, bias, new { in_features = 32, out_features = 20, bias = true, activation_function = "torch.nn.modules.activation.Tanh" });
        folder.WriteDense("4_Dense", second, null, new { in_features = 20, out_features = 8, bias = false, activation_function = "torch.nn.modules.linear.Identity" });
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var vector = await generator.GenerateVectorAsync("The office opens.");

        var expected = Apply(second, null, "Identity", Apply(first, bias, "Tanh", Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode("The office opens.")))));
        Arithmetic.Cosine(vector.Span, expected).Should().BeGreaterThan(0.99999);
        Arithmetic.Norm(vector.Span).Should().BeApproximately(1, 1e-5);
    }

    [Fact]
    public async Task Late_chunks_go_through_the_layer_too()
    {
        const string Text = "The office opens.";
        var (matrix, bias) = Layer(32, 12, hasBias: true);
        using var folder = WithLayer(matrix, bias, "Tanh");
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var tokens = await generator.EmbedTokensAsync(Text);

        var expected = Apply(matrix, bias, "Tanh", Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(Text))[1..^1]));
        Arithmetic.Cosine(tokens.Pool(new TextRange(0, Text.Length)), expected).Should().BeGreaterThan(0.99999);
        tokens.Pool(new TextRange(0, 0)).Should().Equal(new float[12]);
    }

    [Fact]
    public void Another_layer_is_another_fingerprint()
    {
        var (matrix, bias) = Layer(32, 12, hasBias: true);
        using var folder = WithLayer(matrix, bias, "Tanh");
        string Fingerprint()
        {
            using var generator = new OnnxEmbeddingGenerator(folder.Path);
            return generator.Description.Fingerprint;
        }

        var before = Fingerprint();
        matrix[3, 4] += 1;
        folder.WriteDense("2_Dense", matrix, bias, new { in_features = 32, out_features = 12, bias = true, activation_function = "Tanh" });

        Fingerprint().Should().NotBe(before);
    }

    [Theory]
    [InlineData("pickled", "*model.safetensors*pytorch_model.bin*Save the model anew*")]
    [InlineData("missing", "*no file*model.safetensors*Save the model anew*")]
    [InlineData("function", "*'activation_function'*Swish*GELU*sentence_embedding*")]
    [InlineData("lengths", "*'in_features'*")]
    [InlineData("input", "*'module_input_name'*token_embeddings*sentence_embedding*")]
    [InlineData("shape", "*'linear.weight'*12 x 32*12 x 31*")]
    [InlineData("width", "*do not fit*takes 31 values*32*")]
    [InlineData("no bias", "*no tensor 'linear.bias'*")]
    [InlineData("cut off", "*model.safetensors*cut off*Get the file again*")]
    [InlineData("empty", "*model.safetensors*cut off*Get the file again*")]
    [InlineData("order", "*'Normalize'*sentence_embedding*")]
    public void A_layer_that_cannot_be_used_is_named_with_the_remedy(string what, string message)
    {
        var (matrix, bias) = Layer(what == "width" ? 31 : 32, 12, what != "no bias");
        using var folder = WithLayer(matrix, bias, what == "function" ? "Swish" : "Tanh");
        var file = folder.PathOf("2_Dense/model.safetensors");
        switch (what)
        {
            case "pickled":
                File.Move(file, folder.PathOf("2_Dense/pytorch_model.bin"));
                break;
            case "missing":
                File.Delete(file);
                break;
            case "lengths":
                folder.Json("2_Dense/config.json", new { out_features = 12 });
                break;
            case "input":
                folder.Json("2_Dense/config.json", new { in_features = 32, out_features = 12, bias = true, module_input_name = "token_embeddings" });
                break;
            case "shape":
                folder.Json("2_Dense/config.json", new { in_features = 31, out_features = 12, bias = true });
                break;
            case "no bias":
                folder.Json("2_Dense/config.json", new { in_features = 32, out_features = 12, bias = true });
                break;
            case "cut off":
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..^7]);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "order":
                folder.WriteModules(normalizes: false, "Normalize", "Dense");
                break;
        }

        var loading = () => new OnnxEmbeddingGenerator(folder.Path).Dispose();

        loading.Should().Throw<OnnxModelException>().WithMessage(message);
    }

    private static ModelFolderWriter WithLayer(float[,] matrix, float[]? bias, string? activation)
    {
        var folder = ModelFolderWriter.SentenceModel(Weights, normalizes: false);
        folder.WriteModules(normalizes: false, "Dense");
        var config = new Dictionary<string, object> { ["in_features"] = matrix.GetLength(1), ["out_features"] = matrix.GetLength(0), ["bias"] = bias is not null };
        if (activation is not null)
            config["activation_function"] = activation;
        folder.WriteDense("2_Dense", matrix, bias, config);
        return folder;
    }

    private static (float[,] Matrix, float[]? Bias) Layer(int inputs, int outputs, bool hasBias)
    {
        var random = new Random(inputs * 1000 + outputs);
        var matrix = new float[outputs, inputs];
        for (var i = 0; i < outputs; i++)
        {
            for (var j = 0; j < inputs; j++)
                matrix[i, j] = (float)(random.NextDouble() - 0.5);
        }

        return (matrix, hasBias ? [.. Enumerable.Range(0, outputs).Select(_ => (float)(random.NextDouble() - 0.5))] : null);
    }

    private static double[] Apply(float[,] matrix, float[]? bias, string? activation, double[] vector) =>
    [
        .. Enumerable.Range(0, matrix.GetLength(0)).Select(i =>
        {
            var sum = bias?[i] ?? 0.0;
            for (var j = 0; j < vector.Length; j++)
                sum += matrix[i, j] * vector[j];
            return activation?.Split('.')[^1] switch
            {
                "Identity" => sum,
                "Sigmoid" => 1 / (1 + Math.Exp(-sum)),
                "ReLU" => Math.Max(0, sum),
                "GELU" => sum * NormalDistribution(sum),
                _ => Math.Tanh(sum),
            };
        }),
    ];

    // By its series, which has nothing in common with the library's approximation.
    private static double NormalDistribution(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 3; n < 200; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
