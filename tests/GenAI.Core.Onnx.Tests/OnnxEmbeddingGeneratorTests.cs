using GenAI.Core.Embeddings;
using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Tests;

public class OnnxEmbeddingGeneratorTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);
    private static readonly BertReference Reference = new(Weights);

    [Fact]
    public async Task Vectors_equal_the_network_in_double_precision()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var texts = Texts.Few.Concat(Texts.Mixed(60)).ToArray();
        var embeddings = await generator.GenerateAsync(texts);

        for (var i = 0; i < texts.Length; i++)
        {
            var expected = Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(texts[i], 64)));
            Arithmetic.Cosine(embeddings[i].Vector.Span, expected).Should().BeGreaterThan(0.99999, "text {0} is '{1}'", i, texts[i]);
            Arithmetic.Norm(embeddings[i].Vector.Span).Should().BeApproximately(1, 1e-5);
        }
    }

    public static TheoryData<string, EmbeddingPooling> Poolings() => new()
    {
        { "pooling_mode_cls_token", EmbeddingPooling.Cls },
        { "pooling_mode_max_tokens", EmbeddingPooling.Max },
        { "pooling_mode_mean_tokens", EmbeddingPooling.Mean },
        { "pooling_mode_mean_sqrt_len_tokens", EmbeddingPooling.MeanSqrtLength },
        { "pooling_mode_weightedmean_tokens", EmbeddingPooling.WeightedMean },
        { "pooling_mode_lasttoken", EmbeddingPooling.LastToken },
    };

    [Theory]
    [MemberData(nameof(Poolings))]
    public async Task Each_pooling_is_read_from_the_folder_and_equals_its_definition(string flag, EmbeddingPooling pooling)
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, pooling: flag, normalizes: false);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        generator.Description.Pooling.Should().Be(pooling);
        generator.Description.Normalize.Should().BeFalse();

        var embeddings = await generator.GenerateAsync(Texts.Few);

        for (var t = 0; t < Texts.Few.Length; t++)
        {
            var expected = Pooled(Reference.Hidden(WordPieceReference.Encode(Texts.Few[t])), pooling);
            for (var i = 0; i < expected.Length; i++)
                ((double)embeddings[t].Vector.Span[i]).Should().BeApproximately(expected[i], 1e-4);
        }
    }

    [Fact]
    public async Task Several_poolings_are_put_side_by_side()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, normalizes: false);
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { Pooling = EmbeddingPooling.Mean | EmbeddingPooling.Cls });
        generator.Description.Dimensions.Should().Be(64);

        var vector = (await generator.GenerateVectorAsync("The office opens.")).ToArray();

        var rows = Reference.Hidden(WordPieceReference.Encode("The office opens."));
        Arithmetic.Cosine(vector.AsSpan(0, 32), rows[0]).Should().BeGreaterThan(0.99999);
        Arithmetic.Cosine(vector.AsSpan(32), Arithmetic.Mean(rows)).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task A_batch_equals_texts_one_by_one()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, maxTokens: 48);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var texts = Texts.Mixed(100);

        var together = await generator.GenerateAsync(texts);

        for (var i = 0; i < texts.Length; i++)
        {
            var alone = await generator.GenerateVectorAsync(texts[i]);
            Arithmetic.GreatestDifference(together[i].Vector.Span, alone.Span).Should().BeLessThan(1e-5f);
        }
    }

    [Theory]
    [InlineData("int8", 0.999)]
    [InlineData("half", 0.999)]
    [InlineData("external", 0.99999)]
    [InlineData("int32", 0.99999)]
    [InlineData("odd names", 0.99999)]
    [InlineData("no types", 0.99999)]
    [InlineData("positions", 0.99999)]
    [InlineData("onnx folder", 0.99999)]
    public async Task Variants_of_a_graph_give_the_same_vectors(string variant, double floor)
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        File.Delete(folder.PathOf("model.onnx"));
        switch (variant)
        {
            case "int8":
                folder.WriteGraph(Weights, new() { Precision = OnnxType.Byte }, "onnx/model_quantized.onnx");
                break;
            case "half":
                folder.WriteGraph(Weights, new() { Precision = OnnxType.Half }, "onnx/model_fp16.onnx");
                break;
            case "external":
                folder.WriteGraph(Weights, externalData: "model.onnx_data");
                File.Exists(folder.PathOf("model.onnx_data")).Should().BeTrue();
                break;
            case "int32":
                folder.WriteGraph(Weights, new() { InputType = OnnxType.Int32 });
                break;
            case "odd names":
                folder.WriteGraph(Weights, new() { Ids = "tokens", Mask = "padding_mask", Types = "segments", Hidden = "encoded" });
                break;
            case "no types":
                folder.WriteGraph(Weights, new() { Types = null });
                break;
            case "positions":
                folder.WriteGraph(Weights, new() { Positions = "position_ids" });
                break;
            default:
                folder.WriteGraph(Weights, file: "onnx/model.onnx");
                break;
        }

        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var texts = Texts.Few.Concat(Texts.Mixed(20)).ToArray();
        var embeddings = await generator.GenerateAsync(texts);

        for (var i = 0; i < texts.Length; i++)
            Arithmetic.Cosine(embeddings[i].Vector.Span, Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(texts[i], 64)))).Should().BeGreaterThan(floor, "text {0}", i);
    }

    [Fact]
    public async Task An_output_that_is_pooled_by_the_graph_is_preferred_and_bert_s_own_is_not()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, new() { Pooled = "pooler_output", Mean = "sentence_embedding" }, pooling: "pooling_mode_cls_token");
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        generator.Description.Output.Should().Be("sentence_embedding");
        generator.Description.Pooling.Should().BeNull();

        var vector = await generator.GenerateVectorAsync(Texts.Few[0]);

        Arithmetic.Cosine(vector.Span, Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(Texts.Few[0])))).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task An_output_can_be_chosen_by_name()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, new() { Pooled = "pooler_output" });
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { OutputName = "pooler_output" });

        var vector = await generator.GenerateVectorAsync(Texts.Few[0]);

        Arithmetic.Cosine(vector.Span, Reference.Pooled(WordPieceReference.Encode(Texts.Few[0]))).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task Dimensions_shorten_the_vector_and_give_it_unit_length_again()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var whole = await generator.GenerateVectorAsync(Texts.Few[0]);

        var shortened = (await generator.GenerateAsync([Texts.Few[0]], new EmbeddingGenerationOptions { Dimensions = 8 }))[0].Vector;

        shortened.Length.Should().Be(8);
        Arithmetic.Cosine(shortened.Span, [.. whole.Span[..8].ToArray().Select(x => (double)x)]).Should().BeGreaterThan(0.999999);
        Arithmetic.Norm(shortened.Span).Should().BeApproximately(1, 1e-5);
        await generator.Invoking(g => g.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 33 })).Should().ThrowAsync<ArgumentOutOfRangeException>().WithMessage("*32 dimensions; ask for 1 to 32*");
    }

    [Fact]
    public async Task Purposes_put_the_prompts_of_the_folder_before_the_text()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Json("config_sentence_transformers.json", new { prompts = new { query = "query: ", passage = "passage: " }, default_prompt_name = (string?)null });
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var query = await Embed(EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Query));
        var document = await Embed(EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document));
        var none = await Embed(null);

        Check(query, "query: the office");
        Check(document, "passage: the office");
        Check(none, "the office");

        async Task<ReadOnlyMemory<float>> Embed(EmbeddingGenerationOptions? options) => (await generator.GenerateAsync(["the office"], options))[0].Vector;
        static void Check(ReadOnlyMemory<float> vector, string text) =>
            Arithmetic.Cosine(vector.Span, Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(text)))).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task A_prompt_that_is_not_to_be_pooled_is_read_but_left_out_of_the_mean()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Json("1_Pooling/config.json", new { pooling_mode_mean_tokens = true, include_prompt = false });
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { QueryPrompt = "query: " });

        var vector = (await generator.GenerateAsync(["the office"], EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Query)))[0].Vector;

        // [CLS] query : are the prompt's three tokens.
        var rows = Reference.Hidden(WordPieceReference.Encode("query: the office"));
        Arithmetic.Cosine(vector.Span, Arithmetic.Mean(rows[3..])).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task Padding_on_the_left_gives_the_vectors_of_texts_alone_where_the_graph_takes_positions()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, new() { Positions = "position_ids" }, pooling: "pooling_mode_lasttoken");
        folder.WriteTokenizer(64, paddingSide: "left");
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        generator.Description.PadsLeft.Should().BeTrue();

        var embeddings = await generator.GenerateAsync(Texts.Few);

        for (var i = 0; i < Texts.Few.Length; i++)
            Arithmetic.Cosine(embeddings[i].Vector.Span, Reference.Hidden(WordPieceReference.Encode(Texts.Few[i]))[^1]).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task Long_texts_are_cut_and_counted_or_refused_or_read_in_windows()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, maxTokens: 16);
        var text = string.Join(' ', Enumerable.Repeat("the office opens", 12));

        using (var cutting = new OnnxEmbeddingGenerator(folder.Path))
        {
            var vector = await cutting.GenerateVectorAsync(text);
            Arithmetic.Cosine(vector.Span, Arithmetic.Mean(Reference.Hidden(WordPieceReference.Encode(text, 16)))).Should().BeGreaterThan(0.99999);
            cutting.Statistics.TruncatedTexts.Should().Be(1);
        }

        using (var refusing = new OnnxEmbeddingGenerator(folder.Path, new() { OverlongText = OverlongText.Throw }))
        {
            await refusing.Invoking(g => g.GenerateAsync(["a", text])).Should().ThrowAsync<ArgumentException>().WithMessage("Text 1 has 38 tokens; the model reads 16*");
            (await refusing.GenerateVectorAsync("a")).Length.Should().Be(32);
        }

        using var reading = new OnnxEmbeddingGenerator(folder.Path, new() { OverlongText = OverlongText.WindowAndAverage });
        var mean = await reading.GenerateVectorAsync(text);
        var all = WordPieceReference.Encode(text)[1..^1];
        var windows = all.Chunk(14).Select(window => (Vector: Arithmetic.Normalized(Arithmetic.Mean(Reference.Hidden([2, .. window, 3]))), Weight: window.Length + 2)).ToArray();
        var expected = Enumerable.Range(0, 32).Select(i => windows.Sum(window => window.Vector[i] * window.Weight)).ToArray();
        Arithmetic.Cosine(mean.Span, expected).Should().BeGreaterThan(0.99999);
        Arithmetic.Norm(mean.Span).Should().BeApproximately(1, 1e-5);
    }

    [Fact]
    public async Task Token_vectors_are_those_of_the_whole_text_and_pool_into_chunks()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        const string Text = "The office opens at seven. Bicycles are kept.";

        var tokens = await generator.EmbedTokensAsync(Text);

        var rows = Reference.Hidden(WordPieceReference.Encode(Text))[1..^1];
        tokens.Count.Should().Be(rows.Length);
        for (var i = 0; i < rows.Length; i++)
            Arithmetic.Cosine(tokens.Vector(i), rows[i]).Should().BeGreaterThan(0.99999);
        tokens.Ranges[1].Of(Text).Should().Be("office");

        var second = tokens.Pool(new TextRange(27, Text.Length - 27));
        var first = tokens.Ranges.Count(range => range.Start < 27);
        Arithmetic.Cosine(second, Arithmetic.Mean(rows[first..])).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task Token_vectors_of_a_long_text_come_from_windows_each_token_once()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, maxTokens: 16);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var text = string.Join(' ', Enumerable.Repeat("the office opens", 12));

        var tokens = await generator.EmbedTokensAsync(text);

        tokens.Count.Should().Be(36);
        tokens.Ranges.Select(range => range.Of(text)).Should().Equal(text.Split(' '));

        // 14 of the text in a window, 7 shared: the second window begins with token 7, and token 14 is in its middle.
        var ids = WordPieceReference.Encode(text)[1..^1];
        var window = Reference.Hidden([2, .. ids[7..21], 3]);
        Arithmetic.Cosine(tokens.Vector(14), window[8]).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task Embeddings_in_fewer_bytes_keep_their_direction()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var whole = (await generator.GenerateVectorAsync(Texts.Few[2])).ToArray();
        var expected = whole.Select(x => (double)x).ToArray();

        var half = await generator.AsHalf().GenerateVectorAsync(Texts.Few[2]);
        var bytes = await generator.AsInt8().GenerateVectorAsync(Texts.Few[2]);
        var bits = (await generator.AsBinary().GenerateAsync([Texts.Few[2]]))[0].Vector;

        Arithmetic.Cosine([.. half.ToArray().Select(x => (float)x)], expected).Should().BeGreaterThan(0.99999);
        Arithmetic.Cosine([.. bytes.ToArray().Select(x => (float)x)], expected).Should().BeGreaterThan(0.9999);
        bytes.ToArray().Max(x => Math.Abs((int)x)).Should().Be(127);
        for (var i = 0; i < whole.Length; i++)
            bits[i].Should().Be(whole[i] > 0);
    }

    [Fact]
    public void What_was_decided_is_described_and_fingerprinted()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        using var again = new OnnxEmbeddingGenerator(folder.Path, new() { MaxBatchTexts = 3 });
        using var shorter = new OnnxEmbeddingGenerator(folder.Path, new() { Dimensions = 16 });
        using var prompted = new OnnxEmbeddingGenerator(folder.Path, new() { QueryPrompt = "query: " });
        folder.WriteGraph(new BertWeights(BertShape.Small, seed: 18));
        using var other = new OnnxEmbeddingGenerator(folder.Path);

        generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions.Should().Be(32);
        generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelId.Should().Be("test-model");
        generator.GetService<OnnxModelDescription>().Should().BeSameAs(generator.Description);
        generator.Description.MaxTokens.Should().Be(64);
        again.Description.Fingerprint.Should().Be(generator.Description.Fingerprint);
        new[] { generator, shorter, prompted, other }.Select(g => g.Description.Fingerprint).Should().OnlyHaveUniqueItems();
    }

    private static double[] Pooled(double[][] rows, EmbeddingPooling pooling)
    {
        double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, rows[0].Length).Select(value)];
        var weights = Enumerable.Range(1, rows.Length).Sum();
        return pooling switch
        {
            EmbeddingPooling.Cls => rows[0],
            EmbeddingPooling.LastToken => rows[^1],
            EmbeddingPooling.Max => Each(i => rows.Max(row => row[i])),
            EmbeddingPooling.MeanSqrtLength => Each(i => rows.Sum(row => row[i]) / Math.Sqrt(rows.Length)),
            EmbeddingPooling.WeightedMean => Each(i => rows.Select((row, t) => row[i] * (t + 1)).Sum() / weights),
            _ => Arithmetic.Mean(rows),
        };
    }
}
