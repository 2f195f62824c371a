using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenAI.Core.Guardrails;

/// <summary>The texts in the arguments or the result of a tool: a text, or those in JSON, names of properties included.</summary>
internal static class JsonTexts
{
    /// <summary>Guards every text.</summary>
    /// <param name="value">A text, JSON, a list or dictionary of these, or any other object, whose text is what it is written as.</param>
    /// <param name="guard">Gives what a text becomes; null to block.</param>
    /// <returns>Whether it was blocked, and if not, what the value becomes: the same object if nothing was changed. An object of another kind cannot be changed, so it is blocked where its text would be.</returns>
    public static async ValueTask<(bool IsBlocked, object? Value)> GuardAsync(object? value, Func<string, ValueTask<string?>> guard)
    {
        switch (value)
        {
            case null or bool or int or long or double or float or decimal:
                return (false, value);
            case string text:
                var allowed = await guard(text).ConfigureAwait(false);
                return (allowed is null, allowed == text ? text : allowed);
            case JsonElement element:
                // A copy is only made where there is something to change.
                var (blocked, node) = await GuardNodeAsync(ToNode(element), guard).ConfigureAwait(false);
                return (blocked, blocked || node is null || JsonNode.DeepEquals(node, ToNode(element)) ? value : ToElement(node));
            case JsonNode json:
                (blocked, node) = await GuardNodeAsync(json.DeepClone(), guard).ConfigureAwait(false);
                return (blocked, blocked || JsonNode.DeepEquals(node, json) ? value : node);
            case IDictionary<string, object?> dictionary:
                return await GuardDictionaryAsync(dictionary, guard).ConfigureAwait(false);
            case IEnumerable list:
                return await GuardListAsync(list, guard).ConfigureAwait(false);
            default:
                var written = value.ToString() ?? "";
                return (await guard(written).ConfigureAwait(false) != written, value);
        }
    }

    private static async ValueTask<(bool IsBlocked, object? Value)> GuardDictionaryAsync(IDictionary<string, object?> dictionary, Func<string, ValueTask<string?>> guard)
    {
        var guarded = new Dictionary<string, object?>(dictionary.Count);
        var changed = false;
        foreach (var (name, value) in dictionary)
        {
            var allowedName = await guard(name).ConfigureAwait(false);
            var (isBlocked, allowed) = await GuardAsync(value, guard).ConfigureAwait(false);
            if (isBlocked || allowedName is null)
                return (true, null);
            guarded[allowedName] = allowed;
            changed |= allowedName != name || !ReferenceEquals(allowed, value);
        }

        return (false, changed ? guarded : dictionary);
    }

    private static async ValueTask<(bool IsBlocked, object? Value)> GuardListAsync(IEnumerable list, Func<string, ValueTask<string?>> guard)
    {
        var guarded = new List<object?>();
        var changed = false;
        foreach (var value in list)
        {
            var (isBlocked, allowed) = await GuardAsync(value, guard).ConfigureAwait(false);
            if (isBlocked)
                return (true, null);
            guarded.Add(allowed);
            changed |= !ReferenceEquals(allowed, value);
        }

        return (false, changed ? guarded : list);
    }

    private static async ValueTask<(bool IsBlocked, JsonNode? Node)> GuardNodeAsync(JsonNode? node, Func<string, ValueTask<string?>> guard)
    {
        switch (node)
        {
            case JsonObject properties:
                var guarded = new JsonObject();
                foreach (var (name, value) in properties)
                {
                    var allowedName = await guard(name).ConfigureAwait(false);
                    var (isBlocked, allowed) = await GuardNodeAsync(value?.DeepClone(), guard).ConfigureAwait(false);
                    if (isBlocked || allowedName is null)
                        return (true, null);
                    guarded[allowedName] = allowed;
                }

                return (false, guarded);
            case JsonArray elements:
                var list = new JsonArray();
                foreach (var element in elements)
                {
                    var (isBlocked, allowed) = await GuardNodeAsync(element?.DeepClone(), guard).ConfigureAwait(false);
                    if (isBlocked)
                        return (true, null);
                    list.Add(allowed);
                }

                return (false, list);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                var becomes = await guard(text).ConfigureAwait(false);
                return (becomes is null, becomes == text ? value : JsonValue.Create(becomes));
            default:
                return (false, node);
        }
    }

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    private static JsonElement ToElement(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
