using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Tests;

/// <summary>Vectors of published models, where somebody has put the models: GENAI_TEST_MODELS names a folder that holds model folders.</summary>
public partial class GoldenTests
{
    [ModelFact("all-MiniLM-L6-v2", "test_bert__bert_single_pooled.snap")]
    public Task MiniLM_equals_another_implementation() => Check("all-MiniLM-L6-v2", "test_bert__bert_single_pooled.snap");

    [ModelFact("all-mpnet-base-v2", "test_mpnet__mpnet_single_pooled.snap")]
    public Task Mpnet_equals_another_implementation() => Check("all-mpnet-base-v2", "test_mpnet__mpnet_single_pooled.snap");

    // What text-embeddings-inference's tests embed, and the vector that they expect of it, before normalisation.
    private static async Task Check(string model, string golden)
    {
        using var generator = new OnnxEmbeddingGenerator(ModelFactAttribute.Model(model), new() { Normalize = false });

        var vector = await generator.GenerateVectorAsync("What is Deep Learning?");

        var expected = Number().Matches(await File.ReadAllTextAsync(ModelFactAttribute.Golden(golden))).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        Arithmetic.Cosine(vector.Span, expected).Should().BeGreaterThan(0.9999);
    }

    [GeneratedRegex(@"^(?:- )? *- (-?\d+\.\d+(?:e-?\d+)?) *\r?$", RegexOptions.Multiline)]
    private static partial Regex Number();
}

/// <summary>A test that needs a published model and the vectors expected of it, and is skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ModelFactAttribute : FactAttribute
{
    public ModelFactAttribute(string model, string golden) =>
        Skip = !Directory.Exists(Model(model)) ? $"Needs the model '{model}': set GENAI_TEST_MODELS to a folder that has it as a folder, exported to ONNX."
            : !File.Exists(Golden(golden)) ? $"Needs the test data 'goldens' with '{golden}': set GENAI_CORE_DATA to its folder (see docs/contributing.md)."
            : null;

    public static string Model(string name) => Path.Combine(Environment.GetEnvironmentVariable("GENAI_TEST_MODELS") ?? "", name);

    public static string Golden(string name) => Path.Combine(Environment.GetEnvironmentVariable("GENAI_CORE_DATA") ?? "", "goldens", "backends", "candle", "tests", "snapshots", name);
}
