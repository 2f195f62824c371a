using System.Text.Json;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Tests.Tokenization;

public class ReferenceCaseTests
{
    public static TheoryData<string> Kinds => [.. ReferenceCase.All.Select(each => each.Name.Split(' ')[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_ranges_types_and_text_are_those_of_the_reference(string kind)
    {
        var differences = new List<string>();
        var encoding = new TokenEncoding();
        foreach (var each in ReferenceCase.All.Where(each => each.Name.Split(' ')[0] == kind))
        {
            var tokenizer = HuggingFaceTokenizer.Parse(each.Tokenizer);
            foreach (var (text, second, expected) in each.Results)
            {
                foreach (var ranges in (bool[])[true, false])
                {
                    var options = new TokenEncodingOptions { Ranges = ranges, Pad = true };
                    if (second is null)
                        tokenizer.Encode(text, encoding, options);
                    else
                        tokenizer.Encode(text, second, encoding, options);
                    differences.AddRange(Differences(encoding, ranges, expected).Select(what => $"{each.Name}: {what} of '{text}' and '{second}'"));
                }

                if (expected.TryGetProperty("text", out var decoded) && tokenizer.Decode(encoding.Ids, omitSpecialTokens: true) != ReferenceCase.Unescape(decoded))
                    differences.Add($"{each.Name}: decoded text of '{text}'");
                if (second is null && expected.TryGetProperty("windows", out var windows))
                {
                    var ours = tokenizer.EncodeWindows(text, default, tokenizer.Truncation!.Stride).Select(window => string.Join(' ', window.Ids.ToArray()));
                    if (!ours.SequenceEqual(windows.EnumerateArray().Select(window => window.GetString()!)))
                        differences.Add($"{each.Name}: windows of '{text}'");
                }
            }
        }

        differences.Should().BeEmpty();
    }

    private static string[] Differences(TokenEncoding encoding, bool ranges, JsonElement expected)
    {
        static string Of(JsonElement expected, string name, string otherwise) => expected.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;
        var count = encoding.Count;
        var all = new Dictionary<string, (IEnumerable<string> Ours, string Otherwise)>
        {
            ["ids"] = (encoding.Ids.ToArray().Select(id => $"{id}"), ""),
            ["types"] = (encoding.TypeIds.ToArray().Select(id => $"{id}"), ReferenceCase.Recorded(Enumerable.Repeat("0", count))),
            ["mask"] = (encoding.AttentionMask.ToArray().Select(id => $"{id}"), ReferenceCase.Recorded(Enumerable.Repeat("1", count))),
        };
        if (ranges)
            all["ranges"] = (encoding.Ranges.ToArray().Select(range => $"{range.Start}-{range.End}"), "");
        return [.. all.Where(each => ReferenceCase.Recorded(each.Value.Ours) != Of(expected, each.Key, each.Value.Otherwise)).Select(each => each.Key)];
    }
}
