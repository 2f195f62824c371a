using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Storage;

namespace GenAI.Core.Tests.Embeddings;

public sealed class DefaultEmbedderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_model_beside_the_application_else_the_one_that_compares_words()
    {
        EmbedderFingerprint.Of(DefaultEmbedder.In(_folder.Path)).ModelId.Should().Be("genai-core-lexical-1");
        SmallModels.Write(_folder.Path, name: DefaultEmbedder.ModelFile);
        using var generator = DefaultEmbedder.In(_folder.Path);
        EmbedderFingerprint.Of(generator).ModelId.Should().Be("test-model-1");
    }

    [Fact]
    public void A_damaged_model_is_not_passed_over()
    {
        var path = SmallModels.Write(_folder.Path, name: DefaultEmbedder.ModelFile);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..1000]);

        FluentActions.Invoking(() => DefaultEmbedder.In(_folder.Path)).Should().Throw<InvalidDataException>().WithMessage($"*{DefaultEmbedder.ModelFile}' is cut off*restore the package*");
    }

    [Fact]
    public async Task An_index_that_words_were_hashed_for_is_refused_with_the_remedy_and_made_over_when_told_to()
    {
        SmallModels.Write(_folder.Path, name: DefaultEmbedder.ModelFile);
        var index = Path.Combine(_folder.Path, "index");
        using (var before = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index, EmbeddingGenerator = new LexicalEmbeddingGenerator() }))
            await before.IngestAsync(new Document { Id = "1", Text = "Doctors and physicians cure patients." });

        using var embedder = DefaultEmbedder.In(_folder.Path);
        using var after = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index, EmbeddingGenerator = embedder });
        await FluentActions.Awaiting(() => after.SearchAsync("physicians")).Should().ThrowAsync<InvalidOperationException>().WithMessage("*has 512 dimensions, not 16; if another embedder*ReembedAsync*");
        (await after.ReembedAsync()).Should().Be(1);
        (await after.SearchAsync("physicians")).Should().ContainSingle().Which.Vector.Should().NotBeNull();
    }
}
