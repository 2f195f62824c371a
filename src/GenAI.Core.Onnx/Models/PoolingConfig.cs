using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>What <c>1_Pooling/config.json</c> says.</summary>
/// <param name="Pooling">The poolings that are on.</param>
/// <param name="IncludesPrompt">Whether the prompt's tokens are pooled too.</param>
internal sealed record PoolingConfig(EmbeddingPooling Pooling, bool IncludesPrompt)
{
    // In the order in which sentence-transformers puts the vectors side by side.
    private static readonly (string Flag, string Name, EmbeddingPooling Pooling)[] Known =
    [
        ("pooling_mode_cls_token", "cls", EmbeddingPooling.Cls),
        ("pooling_mode_max_tokens", "max", EmbeddingPooling.Max),
        ("pooling_mode_mean_tokens", "mean", EmbeddingPooling.Mean),
        ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens", EmbeddingPooling.MeanSqrtLength),
        ("pooling_mode_weightedmean_tokens", "weightedmean", EmbeddingPooling.WeightedMean),
        ("pooling_mode_lasttoken", "lasttoken", EmbeddingPooling.LastToken),
    ];

    public static PoolingConfig? Read(JsonFile file)
    {
        if (file.Root.ValueKind != JsonValueKind.Object)
            return null;

        EmbeddingPooling pooling = 0;
        foreach (var (flag, _, value) in Known)
            pooling |= file.Flag(flag) == true ? value : 0;
        foreach (var name in Names(file.Find("pooling_mode")))
        {
            var known = Array.Find(Known, entry => entry.Name == name);
            pooling |= known.Name is null ? throw file.Bad("pooling_mode", $"'{name}' is not known here; set Pooling.") : known.Pooling;
        }

        return pooling == 0
            ? throw file.Bad("pooling_mode", "No pooling of the file is known here; set Pooling.")
            : new PoolingConfig(pooling, file.Flag("include_prompt") ?? true);
    }

    // Newer files name the mode, or several, in place of the flags.
    private static IEnumerable<string> Names(JsonElement mode) => mode.ValueKind switch
    {
        JsonValueKind.String => [mode.GetString()!],
        JsonValueKind.Array => mode.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!),
        _ => [],
    };
}
