using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>What sentence-transformers says of the steps around the network: <c>modules.json</c> and the folders it names, prompts, and the length of texts.</summary>
internal sealed class SentenceModules
{
    private SentenceModules()
    {
    }

    /// <summary>The folder of the network, relative to the model's; empty for the model's own.</summary>
    public string TransformerFolder { get; private init; } = "";

    public PoolingConfig? Pooling { get; private init; }

    /// <summary>Whether vectors get unit length; null if there is no list of steps.</summary>
    public bool? Normalizes { get; private init; }

    /// <summary>The folders of the dense layers after the pooling, in their order, relative to the model's.</summary>
    public IReadOnlyList<string> DenseFolders { get; private init; } = [];

    /// <summary>Steps after the pooling that only a graph could do.</summary>
    public IReadOnlyList<string> OtherSteps { get; private init; } = [];

    public int? MaxTokens { get; private init; }

    public bool LowerCase { get; private init; }

    public PromptConfig Prompts { get; private init; } = PromptConfig.None;

    public static SentenceModules Read(string folder)
    {
        var modules = JsonFile.Read(folder, "modules.json");
        var steps = modules.Root.ValueKind == JsonValueKind.Array ? modules.Root.EnumerateArray().Select(Step).ToList() : null;
        var transformer = steps?.Find(step => step.Type is "Transformer") is { Path: { } path } ? path : "";
        if (!Directory.Exists(Path.Combine(folder, transformer)))
            transformer = "";

        var sentence = JsonFile.Read(folder, transformer, "sentence_bert_config.json");
        var poolingFolder = steps?.Find(step => step.Type is "Pooling") is { Path: { Length: > 0 } named } ? named : "1_Pooling";
        // Unit length comes last or not at all; dropping values out is for training.
        var dense = (steps ?? []).FindLastIndex(step => step.Type is "Dense");
        return new SentenceModules
        {
            TransformerFolder = transformer,
            Pooling = PoolingConfig.Read(JsonFile.Read(folder, poolingFolder, "config.json")),
            Normalizes = steps?.Exists(step => step.Type is "Normalize"),
            DenseFolders = [.. (steps ?? []).Where(step => step.Type is "Dense").Select(step => step.Path)],
            OtherSteps = [.. (steps ?? []).Where((step, i) => step.Type is not ("Transformer" or "Pooling" or "Normalize" or "Dense" or "Dropout") || (step.Type is "Normalize" && i < dense)).Select(step => step.Type)],
            MaxTokens = sentence.Integer("max_seq_length"),
            LowerCase = sentence.Flag("do_lower_case") ?? false,
            Prompts = PromptConfig.Read(JsonFile.Read(folder, "config_sentence_transformers.json")),
        };
    }

    // A type is a class name of Python, of which the last part tells.
    private static (string Type, string Path) Step(JsonElement step) => (Text(step, "type").Split('.')[^1], Text(step, "path"));

    private static string Text(JsonElement step, string name) =>
        step.ValueKind == JsonValueKind.Object && step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
