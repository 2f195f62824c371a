using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>One of the small JSON files of a model folder. A file that is absent reads as one that says nothing.</summary>
internal sealed class JsonFile
{
    private readonly string _path;

    private JsonFile(string path, JsonElement root)
    {
        _path = path;
        Root = root;
    }

    /// <summary>The whole file; undefined if there is none.</summary>
    public JsonElement Root { get; }

    public static JsonFile Read(params string[] path)
    {
        var full = Path.Combine(path);
        if (!File.Exists(full))
            return new JsonFile(full, default);
        try
        {
            using var stream = File.OpenRead(full);
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return new JsonFile(full, document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new OnnxModelException($"'{full}' is not JSON: {exception.Message} Get the file again from where the model is published.", full, exception);
        }
    }

    public JsonElement Find(string name) => Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty(name, out var value) ? value : default;

    public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public bool? Flag(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    /// <summary>A whole number; some files write large ones as 1e30, which reads as none.</summary>
    public int? Integer(string name) => Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Says that a value of this file cannot be used.</summary>
    public OnnxModelException Bad(string name, string remedy) => new($"'{name}' in '{_path}' is {Find(name)}. {remedy}", _path);
}
