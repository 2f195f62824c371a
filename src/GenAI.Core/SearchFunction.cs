using System.Text.Json;
using Microsoft.Extensions.AI;

namespace GenAI.Core;

/// <summary>The search of a knowledge base as a tool. Written by hand, not made from a method by reflection, so that it works under AOT.</summary>
internal sealed class SearchFunction(KnowledgeBase knowledgeBase, string? name, string? description) : AIFunction
{
    private const int DefaultTop = 5;
    private const int MaxTop = 50;

    private static readonly JsonElement Schema = JsonDocument.Parse($$"""
        {
          "type": "object",
          "properties": {
            "query": { "type": "string", "description": "What to look for: a question or keywords." },
            "top": { "type": "integer", "minimum": 1, "maximum": {{MaxTop}}, "default": {{DefaultTop}}, "description": "The most passages to return." }
          },
          "required": ["query"],
          "additionalProperties": false
        }
        """).RootElement.Clone();

    public override string Name { get; } = name ?? "search_documents";

    public override string Description { get; } = description ?? "Searches documents and returns the passages that fit the query best, each with its document and heading.";

    public override JsonElement JsonSchema => Schema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var query = Text(arguments, "query");
        if (string.IsNullOrWhiteSpace(query))
            throw new ArgumentException("The argument 'query' is missing or empty. Pass what to look for.", nameof(arguments));

        // A model that asks for too much or too little gets what can be given; an error would only cost a round trip.
        var top = Math.Clamp(Number(arguments, "top") ?? DefaultTop, 1, MaxTop);
        var chunks = await knowledgeBase.SearchEvidenceAsync(query, top, options: null, cancellationToken).ConfigureAwait(false);
        return ToJson(chunks);
    }

    private static JsonElement ToJson(IReadOnlyList<RetrievedChunk> chunks)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var retrieved in chunks)
            {
                var chunk = retrieved.Chunk;
                json.WriteStartObject();
                json.WriteString("documentId", chunk.DocumentId);
                if (chunk.Title is not null)
                    json.WriteString("title", chunk.Title);
                if (chunk.Source is not null)
                    json.WriteString("source", chunk.Source.OriginalString);
                if (chunk.Headings.Count > 0)
                    json.WriteString("heading", string.Join(" > ", chunk.Headings));
                json.WriteNumber("start", chunk.Range.Start);
                json.WriteNumber("length", chunk.Range.Length);
                json.WriteString("text", chunk.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static string? Text(AIFunctionArguments arguments, string key) => arguments.TryGetValue(key, out var value)
        ? value switch { string text => text, JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(), _ => value?.ToString() }
        : null;

    private static int? Number(AIFunctionArguments arguments, string key) => arguments.TryGetValue(key, out var value)
        ? value switch
        {
            int number => number,
            long number => (int)Math.Clamp(number, 0, int.MaxValue),
            JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetDouble(out var number) => (int)Math.Clamp(number, 0, int.MaxValue),
            string text when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        }
        : null;
}
