using System.Globalization;
using System.Text.RegularExpressions;
using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Tests;

/// <summary>Vectors of published models, where somebody has put the models: GENAI_TEST_MODELS names a folder that holds model folders.</summary>
public partial class GoldenTests
{
    private const string MiniLm = "test_bert__bert_single_pooled.snap", Mpnet = "test_mpnet__mpnet_single_pooled.snap";

    [ModelFact(MiniLm, "all-MiniLM-L6-v2")]
    public Task MiniLM_equals_another_implementation() => Check(ModelFactAttribute.Model("all-MiniLM-L6-v2"), MiniLm);

    [ModelFact(Mpnet, "all-mpnet-base-v2")]
    public Task Mpnet_equals_another_implementation() => Check(ModelFactAttribute.Model("all-mpnet-base-v2"), Mpnet);

    [ModelFact(MiniLm)]
    public async Task Another_model_of_the_same_width_does_not()
    {
        using var folder = ModelFolderWriter.SentenceModel(new BertWeights(new BertShape(TestVocabulary.Size, Width: 384, Layers: 1, Heads: 12, Inner: 384, MaxPositions: 64)));

        var checking = () => Check(folder.Path, MiniLm);

        await checking.Should().ThrowAsync<Xunit.Sdk.XunitException>().WithMessage("*0.9999*");
    }

    // What text-embeddings-inference's tests embed, and the vector that they expect of it, before normalisation.
    private static async Task Check(string model, string golden)
    {
        using var generator = new OnnxEmbeddingGenerator(model, new() { Normalize = false });

        var vector = await generator.GenerateVectorAsync("What is Deep Learning?");

        var expected = Number().Matches(await File.ReadAllTextAsync(ModelFactAttribute.Golden(golden))).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        Arithmetic.Cosine(vector.Span, expected).Should().BeGreaterThan(0.9999);
    }

    [GeneratedRegex(@"^(?:- )? *- (-?\d+\.\d+(?:e-?\d+)?) *\r?$", RegexOptions.Multiline)]
    private static partial Regex Number();
}

/// <summary>A test that needs the vectors expected of a published model, and maybe the model, and is skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ModelFactAttribute : FactAttribute
{
    public ModelFactAttribute(string golden, string? model = null) =>
        Skip = model is not null && !Directory.Exists(Model(model)) ? $"Needs the model '{model}': set GENAI_TEST_MODELS to a folder that has it as a folder, exported to ONNX."
            : !File.Exists(Golden(golden)) ? $"Needs the test data 'goldens' with '{golden}': set GENAI_CORE_DATA to its folder (see docs/contributing.md)."
            : null;

    public static string Model(string name) => Path.Combine(Environment.GetEnvironmentVariable("GENAI_TEST_MODELS") ?? "", name);

    public static string Golden(string name) => Path.Combine(Environment.GetEnvironmentVariable("GENAI_CORE_DATA") ?? "", "goldens", "backends", "candle", "tests", "snapshots", name);
}
