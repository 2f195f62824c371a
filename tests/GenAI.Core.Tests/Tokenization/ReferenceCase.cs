using System.Text;
using System.Text.Json;

namespace GenAI.Core.Tests.Tokenization;

/// <summary>
/// What the reference library (npm package <c>tokenizers</c> 0.23.2) makes of small tokenizers that have each setting once, recorded as
/// docs/decisions/0090-own-tokenizers.md says.
/// </summary>
public sealed class ReferenceCase
{
    private static readonly JsonDocument Document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Tokenization", "reference-cases.json")));
    private readonly JsonElement _case;

    private ReferenceCase(JsonElement element) => _case = element;

    public static IEnumerable<ReferenceCase> All => Document.RootElement.GetProperty("cases").EnumerateArray().Select(element => new ReferenceCase(element));

    /// <summary>Texts in many scripts, with control characters, emoji and lone surrogates.</summary>
    public static string[] HardTexts => [.. Document.RootElement.GetProperty("texts").EnumerateArray().Select(Unescape)];

    public string Name => _case.GetProperty("name").GetString()!;

    /// <summary>The <c>tokenizer.json</c>.</summary>
    public byte[] Tokenizer
    {
        get
        {
            var json = System.Text.Json.Nodes.JsonNode.Parse(_case.GetProperty("tokenizer").GetRawText())!;
            json["model"] = System.Text.Json.Nodes.JsonNode.Parse(Document.RootElement.GetProperty("models").GetProperty((string)json["model"]!).GetRawText());
            return Encoding.UTF8.GetBytes(json.ToJsonString());
        }
    }

    public IEnumerable<(string Text, string? Second, JsonElement Expected)> Results
    {
        get
        {
            var texts = _case.TryGetProperty("texts", out var own) ? [.. own.EnumerateArray().Select(Unescape)] : HardTexts;
            var results = _case.GetProperty("results").EnumerateArray().Select((result, i) => (texts[i], (string?)null, result));
            if (!_case.TryGetProperty("pairs", out var pairs))
                return results;
            var second = _case.GetProperty("pairResults").EnumerateArray().ToArray();
            return results.Concat(pairs.EnumerateArray().Select((pair, i) => (Unescape(pair[0]), (string?)Unescape(pair[1]), second[i])));
        }
    }

    public override string ToString() => Name;

    /// <summary>The form in which long lists are recorded: a hash.</summary>
    public static string Recorded(IEnumerable<string> values)
    {
        var text = string.Join(' ', values);
        if (text.Length <= 40)
            return text;
        var hash = 2166136261;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619;
        return $"#{hash:x8}";
    }

    /// <summary>A JSON text as it is, also if it has half a surrogate pair, at which the reader of .NET stops.</summary>
    public static string Unescape(JsonElement element)
    {
        var raw = element.GetRawText().AsSpan(1..^1);
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            text.Append(raw[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', 'u' => (char)Convert.ToInt32(raw.Slice(i + 1, 4).ToString(), 16), var c => c });
            i += raw[i] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
