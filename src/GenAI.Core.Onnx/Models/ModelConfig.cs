using System.Globalization;
using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>What <c>config.json</c> says of the network.</summary>
internal sealed class ModelConfig
{
    // Networks that number positions from one past the padding token's id, so that their tables have two rows more than they read tokens.
    private static readonly string[] OffsetPositions = ["roberta", "xlm-roberta", "camembert", "mpnet", "longformer", "xlm-roberta-xl", "data2vec-text"];

    private readonly JsonFile _file;

    private ModelConfig(JsonFile file)
    {
        _file = file;
        PositionOffset = OffsetPositions.Contains(file.Text("model_type")) ? (file.Integer("pad_token_id") ?? 1) + 1 : 0;
        MaxPositions = file.Integer("max_position_embeddings") is { } rows and > 0 ? rows - PositionOffset : null;
        Labels = ReadLabels(file);
    }

    /// <summary>How many rows the table of tokens has.</summary>
    public int? Vocabulary => _file.Integer("vocab_size");

    public int? PaddingId => _file.Integer("pad_token_id");

    /// <summary>The position of the first token.</summary>
    public int PositionOffset { get; }

    /// <summary>The most tokens that have a position.</summary>
    public int? MaxPositions { get; }

    /// <summary>The labels of a classification head, in order.</summary>
    public IReadOnlyList<string> Labels { get; }

    public bool IsMultiLabel => _file.Text("problem_type") == "multi_label_classification";

    /// <summary>The function that sentence-transformers puts over a cross-encoder's score, a class name of PyTorch; null if the file names none.</summary>
    public string? CrossEncoderActivation =>
        _file.Find("sentence_transformers") is { ValueKind: JsonValueKind.Object } section && section.TryGetProperty("activation_fn", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : _file.Text("sbert_ce_default_activation_function");

    public static ModelConfig Read(string folder) => new(JsonFile.Read(folder, "config.json"));

    private static List<string> ReadLabels(JsonFile file)
    {
        if (file.Find("id2label") is not { ValueKind: JsonValueKind.Object } map)
            return [];
        var labels = new SortedDictionary<int, string>();
        foreach (var entry in map.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || entry.Value.ValueKind != JsonValueKind.String)
                throw file.Bad("id2label", "It must name a label for each number.");
            labels[id] = entry.Value.GetString()!;
        }

        if (labels.Count > 0 && labels.Keys.Last() != labels.Count - 1)
            throw file.Bad("id2label", "Its numbers must run from 0 without a gap.");
        return [.. labels.Values];
    }
}
