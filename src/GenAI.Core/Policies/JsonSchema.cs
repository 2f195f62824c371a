using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenAI.Core.Policies;

/// <summary>
/// A JSON schema of draft 2020-12, as far as it needs no other document: types, values, numbers, texts, arrays, objects, combinations, conditions, and references within the schema to <c>#</c>, to
/// <c>#/...</c> and to anchors. Annotations, among them <c>format</c>, do not decide. Immutable; safe for concurrent use.
/// </summary>
public sealed class JsonSchema
{
    // A text that nests deeper, or a reference that leads to itself, is refused instead of exhausting the stack.
    private const int MaxDepth = 128;

    private static readonly HashSet<string> Unknown = ["$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems"];

    private readonly JsonElement _root;
    private readonly Dictionary<string, JsonElement> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    private JsonSchema(JsonElement root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">The schema. Copied.</param>
    /// <exception cref="FormatException">It uses what is not known: <c>$dynamicRef</c>, <c>unevaluatedProperties</c>, <c>unevaluatedItems</c>, a reference to another document, or a pattern that needs backtracking.</exception>
    public static JsonSchema Parse(JsonElement schema)
    {
        var parsed = new JsonSchema(schema.Clone());
        parsed.Read(parsed._root, "#", 0);
        parsed.CheckReferences(parsed._root, "#");
        return parsed;
    }

    /// <summary>Says what of a value is not valid: the place, and the keyword that it does not fulfil, never the value.</summary>
    public IReadOnlyList<string> Validate(JsonElement value)
    {
        var errors = new List<string>();
        new JsonSchemaValidator(Resolve, PatternOf, MaxDepth).Validate(_root, value, "", errors, 0);
        return errors;
    }

    // A property can have the name of a keyword whose values are not read as schemas.
    private Regex PatternOf(string pattern) => _patterns.TryGetValue(pattern, out var known) ? known : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private void Read(JsonElement schema, string place, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException($"The schema nests deeper than {MaxDepth} at {place}. Flatten it.");
        if (schema.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var element in schema.EnumerateArray())
                Read(element, $"{place}/{i++}", depth + 1);
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in schema.EnumerateObject())
        {
            if (Unknown.Contains(property.Name))
                throw new FormatException($"The schema uses '{property.Name}' at {place}, which is not known. Write it with 'properties', 'additionalProperties' or 'items'.");
            if (property.Name == "$anchor" && property.Value.ValueKind == JsonValueKind.String)
                _anchors["#" + property.Value.GetString()] = schema;
            if (property.Name == "pattern" && property.Value.ValueKind == JsonValueKind.String)
                AddPattern(property.Value.GetString()!, place);
            if (property.Name == "patternProperties" && property.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var pattern in property.Value.EnumerateObject())
                    AddPattern(pattern.Name, place);
            }

            // Values are not schemas, whatever they look like.
            if (property.Name is not ("enum" or "const" or "default" or "examples"))
                Read(property.Value, $"{place}/{property.Name}", depth + 1);
        }
    }

    private void AddPattern(string pattern, string place)
    {
        try
        {
            _patterns.TryAdd(pattern, new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"The pattern '{pattern}' at {place} is malformed or needs backtracking, which may take forever. Write it without back references and looking around.", exception);
        }
    }

    private void CheckReferences(JsonElement schema, string place)
    {
        if (schema.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in schema.EnumerateObject())
            {
                if (property.Name == "$ref" && property.Value.ValueKind == JsonValueKind.String && Resolve(property.Value.GetString()!) is null)
                    throw new FormatException($"The reference '{property.Value.GetString()}' at {place} leads nowhere in the schema. Put what it names under '$defs'.");
                if (property.Name is not ("enum" or "const" or "default" or "examples"))
                    CheckReferences(property.Value, $"{place}/{property.Name}");
            }
        }
        else if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in schema.EnumerateArray())
                CheckReferences(element, place);
        }
    }

    private JsonElement? Resolve(string reference)
    {
        if (reference == "#")
            return _root;
        if (_anchors.TryGetValue(reference, out var anchored))
            return anchored;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return null;
        var at = _root;
        foreach (var part in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var next))
                at = next;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < at.GetArrayLength())
                at = at[index];
            else
                return null;
        }

        return at;
    }
}
