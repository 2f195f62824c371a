using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenAI.Core.Policies;

/// <summary>Checks values by schemas.</summary>
internal sealed class JsonSchemaValidator(Func<string, JsonElement?> resolve, Func<string, Regex> patternOf, int maxDepth)
{
    /// <summary>Adds what is not valid.</summary>
    public void Validate(JsonElement schema, JsonElement value, string place, List<string> errors, int depth)
    {
        if (depth > maxDepth)
        {
            errors.Add($"{Named(place)} nests deeper than {maxDepth}");
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            if (schema.ValueKind == JsonValueKind.False)
                errors.Add($"{Named(place)} is not allowed");
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var isValid = value.ValueKind switch
            {
                JsonValueKind.Number => Number(keyword, value),
                JsonValueKind.String => Text(keyword, value.GetString()!),
                JsonValueKind.Array => List(keyword, schema, value, place, errors, depth),
                JsonValueKind.Object => Object(keyword, schema, value, place, errors, depth),
                _ => true,
            } && Any(keyword, schema, value, place, errors, depth);
            if (!isValid)
                errors.Add($"{Named(place)} does not fulfil '{keyword.Name}'");
        }
    }

    private bool IsValid(JsonElement schema, JsonElement value, int depth)
    {
        var errors = new List<string>();
        Validate(schema, value, "", errors, depth + 1);
        return errors.Count == 0;
    }

    private bool Any(JsonProperty keyword, JsonElement schema, JsonElement value, string place, List<string> errors, int depth)
    {
        var with = keyword.Value;
        switch (keyword.Name)
        {
            case "type":
                return with.ValueKind == JsonValueKind.Array ? with.EnumerateArray().Any(type => IsOfType(type.GetString(), value)) : IsOfType(with.GetString(), value);
            case "enum":
                return with.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value));
            case "const":
                return JsonElement.DeepEquals(with, value);
            case "$ref":
                Validate(resolve(with.GetString()!)!.Value, value, place, errors, depth + 1);
                return true;
            case "allOf":
                foreach (var part in with.EnumerateArray())
                    Validate(part, value, place, errors, depth + 1);
                return true;
            case "anyOf":
                return with.EnumerateArray().Any(part => IsValid(part, value, depth));
            case "oneOf":
                return with.EnumerateArray().Count(part => IsValid(part, value, depth)) == 1;
            case "not":
                return !IsValid(with, value, depth);
            case "if":
                if (schema.TryGetProperty(IsValid(with, value, depth) ? "then" : "else", out var then))
                    Validate(then, value, place, errors, depth + 1);
                return true;
            default:
                return true;
        }
    }

    private static bool IsOfType(string? type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetDecimal(out var number) ? decimal.Truncate(number) == number : double.IsInteger(value.GetDouble())),
        _ => false,
    };

    private static bool Number(JsonProperty keyword, JsonElement value)
    {
        switch (keyword.Name)
        {
            case "minimum":
                return Compare(value, keyword.Value) >= 0;
            case "exclusiveMinimum":
                return Compare(value, keyword.Value) > 0;
            case "maximum":
                return Compare(value, keyword.Value) <= 0;
            case "exclusiveMaximum":
                return Compare(value, keyword.Value) < 0;
            case "multipleOf":
                return value.TryGetDecimal(out var number) && keyword.Value.TryGetDecimal(out var divisor)
                    ? number % divisor == 0
                    : double.IsInteger(value.GetDouble() / keyword.Value.GetDouble());
            default:
                return true;
        }
    }

    private static int Compare(JsonElement value, JsonElement limit) =>
        value.TryGetDecimal(out var exact) && limit.TryGetDecimal(out var exactLimit) ? exact.CompareTo(exactLimit) : value.GetDouble().CompareTo(limit.GetDouble());

    // Lengths are counted in code points.
    private bool Text(JsonProperty keyword, string value) => keyword.Name switch
    {
        "minLength" => value.EnumerateRunes().Count() >= Count(keyword.Value),
        "maxLength" => value.EnumerateRunes().Count() <= Count(keyword.Value),
        "pattern" => patternOf(keyword.Value.GetString()!).IsMatch(value),
        _ => true,
    };

    private bool List(JsonProperty keyword, JsonElement schema, JsonElement value, string place, List<string> errors, int depth)
    {
        var with = keyword.Value;
        switch (keyword.Name)
        {
            case "minItems":
                return value.GetArrayLength() >= Count(with);
            case "maxItems":
                return value.GetArrayLength() <= Count(with);
            case "uniqueItems":
                return with.ValueKind != JsonValueKind.True || !value.EnumerateArray().SelectMany((first, i) => value.EnumerateArray().Skip(i + 1).Select(second => (first, second))).Any(pair => JsonElement.DeepEquals(pair.first, pair.second));
            case "prefixItems":
                for (var i = 0; i < Math.Min(with.GetArrayLength(), value.GetArrayLength()); i++)
                    Validate(with[i], value[i], $"{place}/{i}", errors, depth + 1);
                return true;
            case "items":
                var first = schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0;
                for (var i = first; i < value.GetArrayLength(); i++)
                    Validate(with, value[i], $"{place}/{i}", errors, depth + 1);
                return true;
            case "contains":
                var count = value.EnumerateArray().Count(item => IsValid(with, item, depth));
                return count >= (schema.TryGetProperty("minContains", out var min) ? Count(min) : 1) && (!schema.TryGetProperty("maxContains", out var max) || count <= Count(max));
            default:
                return true;
        }
    }

    private bool Object(JsonProperty keyword, JsonElement schema, JsonElement value, string place, List<string> errors, int depth)
    {
        var with = keyword.Value;
        switch (keyword.Name)
        {
            case "required":
                return with.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _));
            case "minProperties":
                return value.GetPropertyCount() >= Count(with);
            case "maxProperties":
                return value.GetPropertyCount() <= Count(with);
            case "properties":
                foreach (var property in with.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out var inner))
                        Validate(property.Value, inner, $"{place}/{property.Name}", errors, depth + 1);
                }

                return true;
            case "patternProperties":
                foreach (var (pattern, inner) in from pattern in with.EnumerateObject() from property in value.EnumerateObject() where patternOf(pattern.Name).IsMatch(property.Name) select (pattern, property))
                    Validate(pattern.Value, inner.Value, $"{place}/{inner.Name}", errors, depth + 1);
                return true;
            case "additionalProperties":
                foreach (var property in value.EnumerateObject().Where(property => !IsListed(schema, property.Name)))
                    Validate(with, property.Value, $"{place}/{property.Name}", errors, depth + 1);
                return true;
            case "propertyNames":
                return value.EnumerateObject().All(property => IsValid(with, JsonElement.Parse($"\"{JsonEncodedText.Encode(property.Name)}\""), depth));
            case "dependentRequired":
                return with.EnumerateObject().All(dependency => !value.TryGetProperty(dependency.Name, out _) || dependency.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)));
            case "dependentSchemas":
                foreach (var dependency in with.EnumerateObject().Where(dependency => value.TryGetProperty(dependency.Name, out _)))
                    Validate(dependency.Value, value, place, errors, depth + 1);
                return true;
            default:
                return true;
        }
    }

    private bool IsListed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => patternOf(pattern.Name).IsMatch(name)));

    private static long Count(JsonElement number) => number.TryGetInt64(out var count) ? count : (long)number.GetDouble();

    private static string Named(string place) => place.Length == 0 ? "the value" : string.Create(CultureInfo.InvariantCulture, $"'{place}'");
}
