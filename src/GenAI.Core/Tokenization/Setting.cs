using System.Text.Json;

namespace GenAI.Core.Tokenization;

/// <summary>A value in a tokenizer's JSON file, which knows where it stands: errors name the file and the field.</summary>
internal readonly struct Setting(JsonElement value, string file, string path)
{
    public JsonElement Value => value;

    public string Path => path;

    /// <summary>The content of <c>type</c>.</summary>
    public string Type => Required("type").Text();

    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    public bool IsObject => value.ValueKind == JsonValueKind.Object;

    public bool IsText => value.ValueKind == JsonValueKind.String;

    /// <summary>A field, or null where it is absent or null.</summary>
    public Setting? Optional(string name) =>
        IsObject && value.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null
            ? new Setting(field, file, path.Length == 0 ? name : $"{path}.{name}") : null;

    public Setting Required(string name)
    {
        if (!IsObject)
            throw Error($"must be an object with the field '{name}', and is {Kind}");
        return Optional(name) ?? throw Error($"has no field '{name}'");
    }

    public string Text() => IsText ? value.GetString()! : throw Error($"must be a text, and is {Kind}");

    public bool Flag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Error($"must be true or false, and is {Kind}");

    public bool Flag(string name, bool otherwise) => Optional(name)?.Flag() ?? otherwise;

    public string Text(string name, string otherwise) => Optional(name)?.Text() ?? otherwise;

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int Number(int min, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max
            ? (int)number : throw Error($"must be a whole number from {min} to {max}, and is {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Kind)}");

    public int Number(string name, int min, int max, int otherwise) => Optional(name)?.Number(min, max) ?? otherwise;

    /// <summary>A text of one character (of the basic plane).</summary>
    public char Character() => Text() is [var character] ? character : throw Error("must be one character");

    public IEnumerable<Setting> Items()
    {
        if (!IsArray)
            throw Error($"must be a list, and is {Kind}");
        var index = 0;
        foreach (var item in value.EnumerateArray())
            yield return new Setting(item, file, $"{path}[{index++}]");
    }

    /// <summary>One of the names of an enumeration.</summary>
    public T Choice<T>()
        where T : struct, Enum =>
        Enum.TryParse<T>(Text().Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var choice) && !char.IsAsciiDigit(Text()[0])
            ? choice : throw Error($"must be one of {string.Join(", ", Enum.GetNames<T>())}, and is '{Text()}'");

    public InvalidDataException Error(string what, Exception? inner = null) =>
        new($"The tokenizer file '{file}' cannot be used: {(path.Length == 0 ? "its content" : $"'{path}'")} {what}. Get the file anew from where the model is published, or use a tokenizer of a supported kind.", inner);

    private string Kind => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
