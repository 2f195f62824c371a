using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>The guide's code compiles, because it stands here, and runs.</summary>
public class LocalVectorStoreGuideTests
{
    [Fact]
    public void The_guide_shows_the_code_that_stands_here()
    {
        var root = Root();
        var source = File.ReadAllText(Path.Combine(root, "tests", "GenAI.Core.Tests", "VectorStores", "LocalVectorStoreGuideTests.cs")).ReplaceLineEndings("\n");
        var guide = File.ReadAllText(Path.Combine(root, "docs", "vector-store.md")).ReplaceLineEndings("\n");
        var shown = guide.Split("```csharp\n")[1].Split("```")[0];
        var code = source.Split("// guide" + " begins\n")[1].Split("// guide" + " ends")[0];

        string.Join('\n', code.Split('\n').Select(line => line.Length >= 8 ? line[8..] : "")).Should().Be(shown.TrimEnd('\n') + "\n");
    }

    [Fact]
    public async Task The_guides_code_runs()
    {
        using var generator = new CountingGenerator();
        await RunAsync(generator, [new Article { Id = 1, Title = "notice periods", Year = 2021, Tags = ["law"], Embedding = "notice periods" }]);
        generator.Calls.Should().HaveCount(2);
    }

    private static async Task RunAsync(IEmbeddingGenerator generator, IEnumerable<Article> records)
    {
        // guide begins
        var store = new LocalVectorStore(new LocalVectorStoreOptions { EmbeddingGenerator = generator });
        var articles = store.GetCollection<int, Article>("articles");
        await articles.EnsureCollectionExistsAsync();
        await articles.UpsertAsync(records);

        var recent = new HybridSearchOptions<Article> { Filter = article => article.Year >= 2020 && article.Tags.Contains("law") };
        var hybrid = (IKeywordHybridSearchable<Article>)articles;
        await foreach (var hit in hybrid.HybridSearchAsync("notice periods", ["notice", "period"], top: 5, recent))
            Console.WriteLine($"{hit.Score:0.000} {hit.Record.Title}");
        // guide ends
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GenAI.Core.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    private sealed class Article
    {
        [VectorStoreKey]
        public int Id { get; set; }

        [VectorStoreData(IsFullTextIndexed = true)]
        public string Title { get; set; } = "";

        [VectorStoreData(IsIndexed = true)]
        public int Year { get; set; }

        [VectorStoreData(IsIndexed = true)]
        public string[] Tags { get; set; } = [];

        [VectorStoreVector(2)]
        public string? Embedding { get; set; }
    }
}
