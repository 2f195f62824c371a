using GenAI.Core.Onnx.Tests.Graphs;

namespace GenAI.Core.Onnx.Tests;

/// <summary>samples/AskYourDocs as a user runs it, with a local embedding model and a local reranker.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string _documents = Directory.CreateTempSubdirectory("genai-core-sample-").FullName;

    public SampleTests()
    {
        Directory.CreateDirectory(Path.Combine(_documents, "docs"));
        File.WriteAllText(Path.Combine(_documents, "docs", "cellar.md"), "# The cellar\n\nBicycles are kept in the cellar. It has forty stands.\n");
        File.WriteAllText(Path.Combine(_documents, "docs", "office.md"), "# The office\n\nThe office opens at seven. The contract ends after one year.\n");
    }

    public void Dispose() => Directory.Delete(_documents, recursive: true);

    [Fact]
    public async Task It_answers_from_documents_with_a_model_and_a_reranker_and_keeps_its_index()
    {
        using var embedder = ModelFolderWriter.SentenceModel(new BertWeights(BertShape.Small));
        using var reranker = ModelFolderWriter.Classifier(new BertWeights(BertShape.Small, labels: 1));

        foreach (var expected in (string[])["2 new", "2 unchanged"])
        {
            using var process = ChildProcess.StartProgram(
                Sample, Path.Combine(_documents, "docs"), "Where are bicycles kept?", "--index", Path.Combine(_documents, "index"), "--model", embedder.Path, "--reranker", reranker.Path);
            var (exitCode, output, errors) = await process.EndAsync();

            exitCode.Should().Be(0, "{0}\n{1}", output, errors);
            output.Should().Contain(expected).And.Contain("Bicycles are kept in the cellar.").And.Contain("cellar.md:3");
        }
    }

    [Fact]
    public async Task A_model_that_cannot_be_used_is_named()
    {
        using var process = ChildProcess.StartProgram(Sample, Path.Combine(_documents, "docs"), "Where are bicycles kept?", "--no-index", "--model", _documents);
        var (exitCode, output, errors) = await process.EndAsync();

        exitCode.Should().Be(4, output);
        errors.Should().Contain("has no .onnx file");
    }

    // Beside the tests, built in the same configuration.
    private static string Sample
    {
        get
        {
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "AskYourDocs", configuration, "AskYourDocs.dll"));
        }
    }
}
