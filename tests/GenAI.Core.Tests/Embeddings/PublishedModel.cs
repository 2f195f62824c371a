using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GenAI.Core.Tests.Embeddings;

/// <summary>A folder as models of the model2vec family are published, small and with random rows, and what its vectors must be, in double precision.</summary>
internal sealed class PublishedModel
{
    // Lengths in code points: 5 5 2 4 5 4 6 3 4; the median is 4 (or 4.5, which the library cuts to 4).
    private static readonly string[] Words = ["[PAD]", "[UNK]", "co", "word", "##ing", "##ed", "token", "cat", "büro", "x"];

    public required string Type { get; init; }

    public int RowLength { get; init; } = 5;

    public bool Normalize { get; init; } = true;

    public string? WeightType { get; init; }

    public string? MappingType { get; init; }

    /// <summary>Named as sentence-transformers does, and in a folder of its own.</summary>
    public string? Inner { get; init; }

    public double[][] Rows { get; private set; } = [];

    public double[]? Weights { get; private set; }

    public int[]? Mapping { get; private set; }

    public static int Vocabulary => Words.Length;

    public string Write(string folder)
    {
        var random = new Random(3);
        var rows = MappingType is null ? Words.Length : 4;
        Rows = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, RowLength).Select(_ => Round(random.NextDouble() * 2 - 1)).ToArray())];
        Weights = WeightType is null ? null : [.. Words.Select(_ => (double)(Half)(0.5 + random.NextDouble()))];
        Mapping = MappingType is null ? null : [.. Words.Select(_ => random.Next(rows))];

        var inner = Path.Combine(folder, Inner ?? "");
        Directory.CreateDirectory(inner);
        var tensors = new List<(string Name, string Type, int[] Shape, byte[] Bytes)> { (Inner is null ? "embeddings" : "embedding.weight", Type, [rows, RowLength], [.. Rows.SelectMany(row => row).SelectMany(value => Bytes(Type, value))]) };
        if (Weights is not null)
            tensors.Add(("weights", WeightType!, [Words.Length], [.. Weights.SelectMany(value => Bytes(WeightType!, value))]));
        if (Mapping is not null)
            tensors.Add(("mapping", MappingType!, [Words.Length], [.. Mapping.SelectMany(value => Bytes(MappingType!, value))]));
        File.WriteAllBytes(Path.Combine(inner, "model.safetensors"), Safetensors(tensors));
        File.WriteAllText(Path.Combine(inner, "tokenizer.json"), TokenizerJson());
        File.WriteAllText(Path.Combine(folder, Inner is null ? "config.json" : "config_sentence_transformers.json"), $$"""{"model_type": "model2vec", "normalize": {{(Normalize ? "true" : "false")}}, "seq_length": 1000000}""");
        return folder;
    }

    /// <summary>What the library does: cut by code points, look for tokens, leave out the unknown one, cut, take the mean of the rows times the weights, and make it unit length.</summary>
    public double[] Reference(string text, int maxTokens = 512)
    {
        text = string.Concat(text.EnumerateRunes().Take(maxTokens * 4).Select(rune => rune.ToString()));
        var ids = text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(WordPiece).Where(id => id != 1).Take(maxTokens).ToList();
        var sum = new double[RowLength];
        foreach (var id in ids)
        {
            for (var i = 0; i < RowLength; i++)
                sum[i] += Rows[Mapping?[id] ?? id][i] * (Weights?[id] ?? 1) / ids.Count;
        }

        var norm = Normalize ? Math.Sqrt(sum.Sum(value => value * value)) : 1;
        return [.. sum.Select(value => norm == 0 ? 0 : value / norm)];
    }

    public static byte[] Safetensors(IReadOnlyList<(string Name, string Type, int[] Shape, byte[] Bytes)> tensors)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "np" } };
        var offset = 0;
        foreach (var (name, type, shape, bytes) in tensors)
        {
            header[name] = new { dtype = type, shape, data_offsets = new[] { offset, offset + bytes.Length } };
            offset += bytes.Length;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. tensors.SelectMany(tensor => tensor.Bytes)];
    }

    private static IEnumerable<int> WordPiece(string word)
    {
        var ids = new List<int>();
        for (var start = 0; start < word.Length;)
        {
            var end = word.Length;
            while (end > start && Array.IndexOf(Words, (start > 0 ? "##" : "") + word[start..end]) < 0)
                end--;
            if (end == start)
                return [1];
            ids.Add(Array.IndexOf(Words, (start > 0 ? "##" : "") + word[start..end]));
            start = end;
        }

        return ids;
    }

    private static string TokenizerJson() => $$$"""
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                   "vocab": { {{{string.Join(", ", Words.Select((word, id) => $"\"{word}\": {id}"))}}} } } }
        """;

    private double Round(double value) => Type switch
    {
        "F16" => (double)(Half)value,
        "I8" => Math.Round(value * 100),
        _ => (float)value,
    };

    private static byte[] Bytes(string type, double value) => type switch
    {
        "F64" => BitConverter.GetBytes(value),
        "F32" => BitConverter.GetBytes((float)value),
        "F16" => BitConverter.GetBytes((Half)value),
        "I8" => [(byte)(sbyte)value],
        "I32" => BitConverter.GetBytes((int)value),
        _ => BitConverter.GetBytes((long)value),
    };
}
