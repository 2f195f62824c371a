using System.Text.Json;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Tests.Tokenization;

/// <summary>
/// Published tokenizers on the beginnings of the Universal Declaration of Human Rights in 387 languages and on hard texts. Recorded is a hash
/// of the reference's ids and ranges for each text; the comparison over 228,335 texts is in docs/decisions/0090-own-tokenizers.md.
/// </summary>
public class PublishedTokenizerTests
{
    private static readonly JsonElement Hashes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Tokenization", "published-tokenizers.json"))).RootElement;

    [DataTheory("tokenizers")]
    [InlineData("all-MiniLM-L6-v2", "all-MiniLM-L6-v2")]
    [InlineData("gte-small", "all-MiniLM-L6-v2")]
    [InlineData("bert-base-uncased", "bert-base-uncased")]
    [InlineData("bert-base-cased", "bert-base-cased")]
    [InlineData("gpt2", "gpt2")]
    [InlineData("roberta-base", "roberta-base")]
    [InlineData("phi-2", "phi-2")]
    [InlineData("clip", "clip")]
    [InlineData("falcon", "falcon")]
    [InlineData("t5-small", "t5-small")]
    [InlineData("nmt", "nmt")]
    [InlineData("llama2", "llama2")]
    [InlineData("llama2-spm", "llama2-spm")]
    public void Ids_and_ranges_are_those_of_the_reference(string folder, string recorded)
    {
        var tokenizer = HuggingFaceTokenizer.Load(TestData.Path("tokenizers", folder));
        var hashes = Hashes.GetProperty(recorded).GetString()!;
        var texts = Texts();
        texts.Length.Should().Be(Hashes.GetProperty("texts").GetInt32());

        var encoding = new TokenEncoding();
        var differ = new List<int>();
        for (var i = 0; i < texts.Length; i++)
        {
            tokenizer.Encode(texts[i], encoding, new TokenEncodingOptions { MaxTokens = int.MaxValue, Ranges = true });
            if ($"{Hash(encoding):x8}" != hashes.Substring(8 * i, 8))
                differ.Add(i);
        }

        differ.Should().BeEmpty();
    }

    private static string[] Texts() =>
    [
        .. Directory.EnumerateFiles(TestData.Path("texts", "udhr"), "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllText).Select(text => text[..Math.Min(1000, text.Length)]),
        .. ReferenceCase.HardTexts,
    ];

    private static uint Hash(TokenEncoding encoding)
    {
        var hash = 2166136261;
        for (var i = 0; i < encoding.Count; i++)
        {
            foreach (var value in (ReadOnlySpan<int>)[encoding.Ids[i], encoding.Ranges[i].Start, encoding.Ranges[i].End])
                hash = (hash ^ (uint)value) * 16777619;
        }

        return hash;
    }
}
