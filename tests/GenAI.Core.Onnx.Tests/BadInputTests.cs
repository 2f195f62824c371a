using GenAI.Core.Embeddings;
using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace GenAI.Core.Onnx.Tests;

/// <summary>Folders and texts that cannot be used: each is an error that names the file and the remedy, and the generator goes on with the next call.</summary>
public class BadInputTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);

    [Fact]
    public void A_folder_that_is_not_there() =>
        Loading("/no/such/folder").Should().Throw<OnnxModelException>().WithMessage("There is no model folder*ModelStore*");

    [Fact]
    public void A_folder_without_a_graph()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        File.Delete(folder.PathOf("model.onnx"));

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*has no .onnx file*Export*");
    }

    [Fact]
    public void A_folder_with_several_graphs_and_none_that_is_usual()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        File.Copy(folder.PathOf("model.onnx"), folder.PathOf("model_a.onnx"));
        File.Move(folder.PathOf("model.onnx"), folder.PathOf("model_b.onnx"));

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*model_a.onnx, model_b.onnx*ModelFile*");
        new OnnxEmbeddingGenerator(folder.Path, new() { ModelFile = "model_b.onnx" }).Dispose();
        Loading(folder.Path, new() { ModelFile = "model_c.onnx" }).Should().Throw<OnnxModelException>().WithMessage("*model_c.onnx*model_a.onnx*");
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90405214\n")]
    [InlineData("")]
    [InlineData("<html>Not found</html>")]
    public void A_file_that_is_not_a_model(string content)
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Text("model.onnx", content);

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*model.onnx*");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_file_that_is_cut_off(double share)
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        var bytes = File.ReadAllBytes(folder.PathOf("model.onnx"));
        File.WriteAllBytes(folder.PathOf("model.onnx"), bytes[..(int)(bytes.Length * share)]);

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*model.onnx*cut off*Get the file again*");
    }

    [Fact]
    public void A_graph_whose_data_is_missing()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.WriteGraph(Weights, externalData: "weights.bin");
        File.Delete(folder.PathOf("weights.bin"));

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*weights.bin*not there*");
    }

    [Fact]
    public void A_graph_whose_data_is_cut_off()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.WriteGraph(Weights, externalData: "weights.bin");
        using (var data = File.OpenWrite(folder.PathOf("weights.bin")))
            data.SetLength(data.Length / 2);

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*model.onnx*");
    }

    [Fact]
    public async Task A_graph_with_an_input_that_nobody_knows()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights, new() { Types = "flavour" });

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*'flavour'*InputRoles*");

        var options = new OnnxEmbeddingOptions();
        options.InputRoles["flavour"] = OnnxInputRole.TokenTypes;
        using var generator = new OnnxEmbeddingGenerator(folder.Path, options);
        (await generator.GenerateVectorAsync("the office")).Length.Should().Be(32);
    }

    [Fact]
    public void A_folder_without_a_tokenizer()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        File.Delete(folder.PathOf("tokenizer.json"));
        File.Delete(folder.PathOf("tokenizer_config.json"));

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*no tokenizer*tokenizer.json*");
    }

    [Fact]
    public void A_tokenizer_that_cannot_be_read()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Text("tokenizer.json", "{ \"model\": 7 }");

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*tokenizer*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tokenizer_with_more_tokens_than_the_model(bool saysSo)
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.WriteTokenizer(64, [.. TestVocabulary.Tokens, "another", "word"]);
        if (!saysSo)
            File.Delete(folder.PathOf("config.json"));

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*tokenizer*");
    }

    [Fact]
    public void Json_that_is_not() => Broken("config.json", "{").Should().Throw<OnnxModelException>().WithMessage("*config.json*is not JSON*");

    [Fact]
    public void A_pooling_that_nobody_knows() =>
        Broken("1_Pooling/config.json", """{ "pooling_mode": "attention" }""").Should().Throw<OnnxModelException>().WithMessage("*'attention' is not known*Pooling*");

    [Fact]
    public void A_step_that_only_a_graph_could_do()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.WriteModules(normalizes: true, "LSTM");

        Loading(folder.Path).Should().Throw<OnnxModelException>().WithMessage("*'LSTM'*sentence_embedding*");
    }

    [Fact]
    public void More_tokens_or_dimensions_than_the_model_has()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);

        Loading(folder.Path, new() { MaxTokens = 65 }).Should().Throw<OnnxModelException>().WithMessage("MaxTokens is 65*64*");
        Loading(folder.Path, new() { Dimensions = 33 }).Should().Throw<OnnxModelException>().WithMessage("Dimensions is 33*32*");
        Loading(folder.Path, new() { OutputName = "logits" }).Should().Throw<OnnxModelException>().WithMessage("*'logits'*last_hidden_state*");
    }

    [Fact]
    public void A_provider_that_is_missing_is_named_with_its_package()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);

        Loading(folder.Path, new() { ExecutionProvider = OnnxExecutionProvider.Cuda }).Should().Throw<OnnxModelException>().WithMessage("*CUDAExecutionProvider*Microsoft.ML.OnnxRuntime.Gpu*FallBackToCpu*");
        using var falling = new OnnxEmbeddingGenerator(folder.Path, new() { ExecutionProvider = OnnxExecutionProvider.Cuda, FallBackToCpu = true });
        falling.Description.ExecutionProvider.Should().Be(OnnxExecutionProvider.Cpu);
    }

    [Fact]
    public async Task Null_texts_are_named_and_the_generator_goes_on()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        await generator.Invoking(g => g.GenerateAsync(["a", null!])).Should().ThrowAsync<ArgumentException>().WithMessage("Text 1 is null*");
        (await generator.GenerateVectorAsync("the office")).Length.Should().Be(32);
    }

    [Fact]
    public async Task An_empty_text_has_the_vector_of_the_special_tokens()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var embeddings = await generator.GenerateAsync(["", "the office", " \n"]);

        var expected = Arithmetic.Mean(new BertReference(Weights).Hidden(WordPieceReference.Encode("")));
        Arithmetic.Cosine(embeddings[0].Vector.Span, expected).Should().BeGreaterThan(0.99999);
        Arithmetic.Cosine(embeddings[2].Vector.Span, expected).Should().BeGreaterThan(0.99999);
    }

    [Fact]
    public async Task A_dimension_that_is_not_the_store_s_is_told_with_both_numbers_and_the_remedy()
    {
        var store = Directory.CreateTempSubdirectory("genai-core-onnx-store-").FullName;
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        async Task<IReadOnlyList<RetrievedChunk>> Search(int dimensions)
        {
            var services = new ServiceCollection();
            services.AddGenAI(genAI => genAI.UseOnnxEmbeddings(folder.Path, options => options.Dimensions = dimensions).UseLocalStore(store));
            await using var provider = services.BuildServiceProvider();
            var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();
            if (dimensions == 32)
                await knowledgeBase.IngestAsync([new Document { Id = "1", Text = "The office opens at seven." }]);
            return await knowledgeBase.SearchAsync("When does the office open?");
        }

        (await Search(32)).Should().HaveCount(1);
        await FluentActions.Awaiting(() => Search(16)).Should().ThrowAsync<InvalidOperationException>().WithMessage("*32 dimensions, not 16*ReembedAsync*");
        (await Search(32)).Should().HaveCount(1);
        Directory.Delete(store, recursive: true);
    }

    [Fact]
    public async Task Lone_surrogates_and_control_characters_are_read()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);

        var embeddings = await generator.GenerateAsync(["\ud800", "the \udfff office", "\0\u0001\ufffe", "\ud83d", "a\ud83d\ude00b"]);

        embeddings.Should().AllSatisfy(embedding => Arithmetic.Norm(embedding.Vector.Span).Should().BeApproximately(1, 1e-4));
    }

    [Fact]
    public async Task A_text_of_ten_megabytes_is_cut()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var text = string.Concat(Enumerable.Repeat("the office opens at seven. ", 10_000_000 / 27));

        var vector = await generator.GenerateVectorAsync(text);

        var beginning = await generator.GenerateVectorAsync(text[..1000]);
        Arithmetic.GreatestDifference(vector.Span, beginning.Span).Should().BeLessThan(1e-5f);
        generator.Statistics.TruncatedTexts.Should().Be(2);
    }

    [Fact]
    public async Task A_session_that_runs_out_of_memory_fails_for_that_text_only()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        HungryGraph(BertShape.Small).Write(folder.PathOf("model.onnx"));
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var long_ = string.Join(' ', Enumerable.Repeat("office", 60));

        await generator.Invoking(g => g.GenerateAsync([long_])).Should().ThrowAsync<OnnxModelException>().WithMessage("*model.onnx*62 tokens*memory*MaxTokens*");

        (await generator.GenerateVectorAsync("a")).Length.Should().Be(4);
        var both = await Task.WhenAll(Try(long_), Try("a"), Try("the office"));
        both.Should().Equal(false, true, true);

        async Task<bool> Try(string text)
        {
            try
            {
                await generator.GenerateVectorAsync(text);
                return true;
            }
            catch (OnnxModelException)
            {
                return false;
            }
        }
    }

    // Texts of more than 32 tokens want a tensor of a hundred terabytes; others one that is small.
    private static OnnxGraph HungryGraph(BertShape shape)
    {
        var graph = new OnnxGraph();
        var ids = graph.Input("input_ids", OnnxType.Int64, "batch", "sequence");
        var rows = graph.Node("Gather", [graph.Tensor<float>(OnnxType.Float, [shape.Vocabulary, 4], [.. Enumerable.Range(0, shape.Vocabulary * 4).Select(i => 1f + i % 7)]), ids]);
        var length = graph.Node("Gather", [graph.Node("Shape", [ids]), graph.Int64(1)]);
        var isLong = graph.Node("Cast", [graph.Node("Greater", [length, graph.Int64(32)])], ("to", (int)OnnxType.Int64));
        var size = graph.Node("Add", [graph.Node("Mul", [isLong, graph.Int64(25_000_000_000_000)]), graph.Int64(1)]);
        var huge = graph.Node("Expand", [graph.Tensor<float>(OnnxType.Float, [1], [0f]), size]);
        graph.Node("Add", [rows, graph.Node("ReduceSum", [huge], ("keepdims", 0))], "last_hidden_state");
        graph.Output("last_hidden_state", OnnxType.Float, "batch", "sequence", 4);
        return graph;
    }

    private static Action Loading(string folder, OnnxEmbeddingOptions? options = null) => () => new OnnxEmbeddingGenerator(folder, options).Dispose();

    private static Action Broken(string file, string content) => () =>
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        folder.Text(file, content);
        new OnnxEmbeddingGenerator(folder.Path).Dispose();
    };
}
