using System.Text.Json;

namespace GenAI.Core.Embeddings;

/// <summary>The files of a published static model, in one of the three layouts that they come in.</summary>
/// <param name="Tensors">The file with the rows.</param>
/// <param name="Tokenizer">The tokenizer's file.</param>
/// <param name="RowsName">What the rows are called in <paramref name="Tensors"/>.</param>
/// <param name="IsNormalized">Whether vectors have unit length.</param>
internal sealed record PublishedFolder(string Tensors, string Tokenizer, string RowsName, bool IsNormalized)
{
    private static readonly (string Config, string Folder, string RowsName)[] Layouts =
    [
        ("config.json", "", "embeddings"),
        ("config_sentence_transformers.json", "", "embedding.weight"),
        ("config_sentence_transformers.json", "0_StaticEmbedding", "embedding.weight"),
    ];

    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="InvalidDataException">The configuration is not JSON.</exception>
    public static PublishedFolder Open(string folder)
    {
        foreach (var (config, inner, rows) in Layouts)
        {
            var (tensors, tokenizer) = (Path.Combine(folder, inner, "model.safetensors"), Path.Combine(folder, inner, "tokenizer.json"));
            var configuration = Path.Combine(folder, config);
            if (File.Exists(tensors) && File.Exists(tokenizer) && File.Exists(configuration))
                return new PublishedFolder(tensors, tokenizer, rows, ReadNormalize(configuration));
        }

        throw new FileNotFoundException(
            $"The folder '{folder}' is not a published static model: it needs model.safetensors, tokenizer.json and config.json (or config_sentence_transformers.json, with the other two perhaps in 0_StaticEmbedding). Copy them there from where the model is published.");
    }

    private static bool ReadNormalize(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("normalize", out var value) && value.ValueKind == JsonValueKind.True;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is not JSON: {error.Message} Get the file again from where the model is published.", error);
        }
    }
}
