using System.Text.Json;

namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>Writes model folders as sentence-transformers and the exporters do; each is removed with the object.</summary>
internal sealed class ModelFolderWriter : IDisposable
{
    public ModelFolderWriter(string name = "test-model")
    {
        Root = Directory.CreateTempSubdirectory("genai-core-onnx-").FullName;
        Path = System.IO.Path.Combine(Root, name);
        Directory.CreateDirectory(Path);
    }

    private string Root { get; }

    public string Path { get; }

    /// <summary>A folder with a tokenizer, a graph of the weights, mean pooling and normalisation: what most published models are.</summary>
    public static ModelFolderWriter SentenceModel(BertWeights weights, BertGraphOptions? options = null, string pooling = "pooling_mode_mean_tokens", bool normalizes = true, int maxTokens = 64)
    {
        var folder = new ModelFolderWriter();
        folder.WriteTokenizer(maxTokens);
        folder.WriteConfig(weights.Shape);
        folder.WriteGraph(weights, options);
        folder.Json("sentence_bert_config.json", new { max_seq_length = maxTokens, do_lower_case = false });
        folder.WriteModules(normalizes);
        folder.Json("1_Pooling/config.json", new Dictionary<string, object> { ["word_embedding_dimension"] = weights.Shape.Width, [pooling] = true });
        return folder;
    }

    /// <summary>A folder with a tokenizer and a graph with a classification head.</summary>
    public static ModelFolderWriter Classifier(BertWeights weights, object? labels = null, string? problemType = null)
    {
        var folder = new ModelFolderWriter();
        folder.WriteTokenizer(weights.Shape.MaxPositions);
        folder.Json("config.json", new { model_type = "bert", vocab_size = weights.Shape.Vocabulary, max_position_embeddings = weights.Shape.MaxPositions, pad_token_id = 0, id2label = labels, problem_type = problemType });
        folder.WriteGraph(weights);
        return folder;
    }

    public void WriteGraph(BertWeights weights, BertGraphOptions? options = null, string file = "model.onnx", string? externalData = null)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        BertGraph.Of(weights, options).Write(path, externalData);
    }

    public void WriteConfig(BertShape shape) =>
        Json("config.json", new { model_type = "bert", hidden_size = shape.Width, vocab_size = shape.Vocabulary, max_position_embeddings = shape.MaxPositions, pad_token_id = 0 });

    public void WriteModules(bool normalizes, params string[] others)
    {
        var steps = new List<object>
        {
            new { idx = 0, name = "0", path = "", type = "sentence_transformers.models.Transformer" },
            new { idx = 1, name = "1", path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
        };
        steps.AddRange(others.Select((other, i) => new { idx = i + 2, name = $"{i + 2}", path = $"{i + 2}_{other}", type = $"sentence_transformers.models.{other}" }));
        if (normalizes)
            steps.Add(new { idx = steps.Count, name = $"{steps.Count}", path = "9_Normalize", type = "sentence_transformers.models.Normalize" });
        Json("modules.json", steps);
    }

    /// <summary>A dense layer as sentence-transformers saves it: its configuration and a safetensors file.</summary>
    public void WriteDense(string folder, float[,] weights, float[]? bias, object config)
    {
        Json($"{folder}/config.json", config);
        var matrix = weights.Cast<float>().ToArray();
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        if (bias is not null)
            header["linear.bias"] = new { dtype = "F32", shape = new[] { bias.Length }, data_offsets = new[] { 0, bias.Length * 4 } };
        var start = (bias?.Length ?? 0) * 4;
        header["linear.weight"] = new { dtype = "F32", shape = new[] { weights.GetLength(0), weights.GetLength(1) }, data_offsets = new[] { start, start + matrix.Length * 4 } };
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var writer = new BinaryWriter(File.Create(PathOf($"{folder}/model.safetensors")));
        writer.Write((long)json.Length);
        writer.Write(json);
        foreach (var value in (bias ?? []).Concat(matrix))
            writer.Write(value);
    }

    /// <summary>A WordPiece tokenizer as a tokenizer.json, over a vocabulary.</summary>
    public void WriteTokenizer(int maxTokens, string[]? vocabulary = null, string paddingSide = "right")
    {
        var tokens = vocabulary ?? TestVocabulary.Tokens;
        Json("tokenizer.json", new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = TestVocabulary.Tokens.Take(5).Select((content, id) => new { id, content, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true }),
            normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = true },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[] { Special("[CLS]", 0), Sequence("A", 0), Special("[SEP]", 0) },
                pair = new object[] { Special("[CLS]", 0), Sequence("A", 0), Special("[SEP]", 0), Sequence("B", 1), Special("[SEP]", 1) },
                special_tokens = new Dictionary<string, object>
                {
                    ["[CLS]"] = new { id = "[CLS]", ids = new[] { 2 }, tokens = new[] { "[CLS]" } },
                    ["[SEP]"] = new { id = "[SEP]", ids = new[] { 3 }, tokens = new[] { "[SEP]" } },
                },
            },
            decoder = new { type = "WordPiece", prefix = "##", cleanup = true },
            model = new { type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", max_input_chars_per_word = 100, vocab = tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id) },
        });
        Json("tokenizer_config.json", new { model_max_length = maxTokens, padding_side = paddingSide, pad_token = "[PAD]", cls_token = "[CLS]", sep_token = "[SEP]", mask_token = "[MASK]", unk_token = "[UNK]", tokenizer_class = "BertTokenizer" });

        static object Special(string id, int type) => new { SpecialToken = new { id, type_id = type } };
        static object Sequence(string id, int type) => new { Sequence = new { id, type_id = type } };
    }

    public void Json(string file, object content) => Text(file, JsonSerializer.Serialize(content));

    public void Text(string file, string content)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
