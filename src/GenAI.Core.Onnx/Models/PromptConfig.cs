using System.Text.Json;

namespace GenAI.Core.Onnx.Models;

/// <summary>The prompts of <c>config_sentence_transformers.json</c>, by purpose; empty where there is none.</summary>
internal sealed record PromptConfig(string Query, string Document, string Default)
{
    public static PromptConfig None { get; } = new("", "", "");

    // The names that published models give to the two purposes.
    private static readonly string[] QueryNames = ["query", "search_query", "s2p_query", "web_search_query", "retrieval.query"];
    private static readonly string[] DocumentNames = ["document", "passage", "search_document", "corpus", "retrieval.passage"];

    public static PromptConfig Read(JsonFile file)
    {
        if (file.Find("prompts") is not { ValueKind: JsonValueKind.Object } prompts)
            return None;
        return new PromptConfig(
            First(prompts, QueryNames),
            First(prompts, DocumentNames),
            file.Text("default_prompt_name") is { } name ? First(prompts, [name]) : "");
    }

    private static string First(JsonElement prompts, string[] names)
    {
        foreach (var name in names)
        {
            if (prompts.TryGetProperty(name, out var prompt) && prompt.ValueKind == JsonValueKind.String)
                return prompt.GetString()!;
        }

        return "";
    }
}
