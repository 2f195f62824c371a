using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.DependencyInjection;

namespace GenAI.Core.Onnx.Tests.DependencyInjection;

public class UseOnnxTests
{
    [Fact]
    public async Task A_knowledge_base_embeds_and_reranks_with_local_models()
    {
        using var embedder = ModelFolderWriter.SentenceModel(new BertWeights(BertShape.Small));
        using var reranker = ModelFolderWriter.Classifier(new BertWeights(BertShape.Small, labels: 1));
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI.UseOnnxEmbeddings(embedder.Path).UseOnnxReranker(reranker.Path, new() { Top = 2 }));
        await using var provider = services.BuildServiceProvider();
        var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();

        var summary = await knowledgeBase.IngestAsync(Texts.Few.Where(text => text.Length > 0).Select((text, i) => new Document { Id = $"{i}", Text = text }));
        var found = await knowledgeBase.SearchAsync("Where is the bicycle?");

        summary.Failed.Should().Be(0);
        using var alone = new OnnxReranker(reranker.Path);
        var scores = await alone.ScoreAsync("Where is the bicycle?", [.. Texts.Few.Where(text => text.Length > 0)]);
        found.Should().HaveCount(2);
        found[0].Score.Should().BeApproximately(scores.Max(), 1e-5f);
        found[0].Retrieved.Should().NotBeNull();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_at_first_use()
    {
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI.UseOnnxEmbeddings("/no/such/folder"));
        using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<KnowledgeBase>()).Should().Throw<OnnxModelException>().WithMessage("*no model folder*");
    }

    [Fact]
    public void Dimensions_that_are_not_the_model_s_are_an_error_with_both_numbers()
    {
        using var embedder = ModelFolderWriter.SentenceModel(new BertWeights(BertShape.Small));
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI.UseOnnxEmbeddings(embedder.Path).Configure(options => options.Dimensions = 16));
        using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<KnowledgeBase>()).Should().Throw<Exception>().WithMessage("*Dimensions is 16*'test-model' makes vectors of 32*");
    }

    [Fact]
    public void The_container_releases_the_models()
    {
        using var embedder = ModelFolderWriter.SentenceModel(new BertWeights(BertShape.Small));
        var services = new ServiceCollection();
        services.AddGenAI("one", genAI => genAI.UseOnnxEmbeddings(embedder.Path, options => options.Dimensions = 16));
        OnnxEmbeddingGenerator? generator = null;
        using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredKeyedService<KnowledgeBase>("one");
            var options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<KnowledgeBaseOptions>>().Get("one");
            generator = (OnnxEmbeddingGenerator)options.EmbeddingGenerator!;
            generator.Description.Dimensions.Should().Be(16);
        }

        generator.Invoking(g => g.GenerateAsync(["a"])).Should().ThrowAsync<ObjectDisposedException>();
    }
}
