using System.Globalization;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Tests.Conventions;
using GenAI.Core.Tests.Embeddings;
using GenAI.Core.Tests.Storage;

namespace GenAI.Core.Tests.Retrieval;

/// <summary>Hybrid search with a static model, which looks at the sentences of what both arms found.</summary>
public sealed class SentenceFusionTests : IDisposable
{
    private const string Query = "Which vehicle waits in the garage?";

    private static readonly string[][] Texts =
    [
        ["The quick brown fox jumps over the lazy dog.", "Doctors and physicians cure their patients.", "A vehicle waits in the garage."],
        ["Ships and boats carry passengers across the ocean."],
        ["Engineers compute numbers with software programs.", "The automobile is a vehicle, and so is the car."],
        ["A garage is where the vehicle waits, with a lazy dog.", "Boats carry passengers."],
        ["The fox is quick."],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(15, 15)]
    [InlineData(0, 40)]
    [InlineData(30, 1)]
    public async Task Scores_are_the_sum_of_keywords_vector_and_best_sentence_less_what_is_best_in_all(double vectorWeight, double sentenceWeight)
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = await KnowledgeBaseAsync(model);
        var fusion = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = vectorWeight, KeywordWeight = 1, SentenceWeight = sentenceWeight, UnrelatedScore = 0.25 };

        var found = await knowledgeBase.SearchAsync(Query, 10, new SearchOptions { Fusion = fusion });

        found.Should().HaveCount(Texts.Length);
        var (query, points) = (Embed(model, Query), new List<(double Keyword, double Vector, double Sentence)>());
        foreach (var hit in found)
        {
            var (title, text) = (hit.Chunk.Title, Texts[int.Parse(hit.Chunk.DocumentId, CultureInfo.InvariantCulture)]);
            var whole = Explained(query, Embed(model, $"{title}\n{string.Join(' ', text)}"));
            hit.Vector!.Value.Score.Should().BeApproximately((float)Cosine(query, Embed(model, $"{title}\n{string.Join(' ', text)}")), 1e-5f);
            points.Add((hit.Keyword?.Score ?? 0, vectorWeight * whole, sentenceWeight * text.Max(sentence => Explained(query, Embed(model, $"{title}\n{sentence}")))));
        }

        var most = points.Max(point => point.Keyword) + points.Max(point => point.Vector) + points.Max(point => point.Sentence);
        for (var i = 0; i < found.Count; i++)
        {
            found[i].Rank.Should().Be(i + 1);
            found[i].Score.Should().BeApproximately((float)((points[i].Keyword + points[i].Vector + points[i].Sentence) / most), 1e-4f);
        }

        found.Select(hit => hit.Score).Should().BeInDescendingOrder().And.OnlyContain(score => score >= 0 && score <= 1.00001f);
    }

    [Fact]
    public async Task A_sentence_in_a_text_about_other_things_raises_its_score_by_default()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = await KnowledgeBaseAsync(model);
        var without = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = 30, KeywordWeight = 1, UnrelatedScore = 0.25 };

        var score = (await knowledgeBase.SearchAsync(Query, 10)).Single(hit => hit.Chunk.DocumentId == "0").Score;
        var before = (await knowledgeBase.SearchAsync(Query, 10, new SearchOptions { Fusion = without })).Single(hit => hit.Chunk.DocumentId == "0").Score;

        score.Should().BeGreaterThan(before);
    }

    [SourceFact]
    public async Task With_the_model_in_the_box_a_sentence_in_other_words_among_many_that_treat_something_else_raises_its_text()
    {
        using var model = new StaticEmbeddingGenerator(Path.Combine(Repository.Root!, "src", "GenAI.Core.Models.Small", DefaultEmbedder.ModelFile));
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = model });
        await knowledgeBase.IngestAsync(
        [
            Text("handbook", "The canteen opens at eleven. Bicycles are parked behind the building. Visitors sign in at the desk. Employees get reimbursed for train tickets. Meeting rooms are booked a day ahead. The library closes at six."),
            Text("travel", "Travel by night is quiet. Travel by sea takes long. Travel is broadening."),
        ]);
        var without = new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = 30, KeywordWeight = 1, UnrelatedScore = 0.25 };

        const string Question = "Does the company pay the costs of my travel by rail?";
        (await knowledgeBase.SearchAsync(Question, 1, new SearchOptions { Fusion = without }))[0].Chunk.DocumentId.Should().Be("travel");
        var with = await knowledgeBase.SearchAsync(Question, 2);
        var margin = with.Single(hit => hit.Chunk.DocumentId == "handbook").Score / with.Single(hit => hit.Chunk.DocumentId == "travel").Score;
        var before = await knowledgeBase.SearchAsync(Question, 2, new SearchOptions { Fusion = without });

        margin.Should().BeGreaterThan(before.Single(hit => hit.Chunk.DocumentId == "handbook").Score / before.Single(hit => hit.Chunk.DocumentId == "travel").Score);
    }

    [Theory]
    [InlineData(RetrievalMode.Keyword)]
    [InlineData(RetrievalMode.Vector)]
    public async Task One_arm_alone_is_ranked_by_its_own_score(RetrievalMode mode)
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = await KnowledgeBaseAsync(model);

        foreach (var hit in await knowledgeBase.SearchAsync(Query, 10, new SearchOptions { Mode = mode }))
            hit.Score.Should().Be((mode == RetrievalMode.Keyword ? hit.Keyword : hit.Vector)!.Value.Score);
    }

    [Fact]
    public async Task No_more_are_returned_than_asked_for_and_a_filter_holds()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = await KnowledgeBaseAsync(model);

        var all = await knowledgeBase.SearchAsync(Query, 10);
        var two = await knowledgeBase.SearchAsync(Query, 2);
        var filtered = await knowledgeBase.SearchAsync(Query, 10, new SearchOptions { Filter = record => record.DocumentId != "0" });

        two.Select(hit => (hit.Chunk.DocumentId, hit.Score)).Should().Equal(all.Take(2).Select(hit => (hit.Chunk.DocumentId, hit.Score)));
        filtered.Should().HaveCount(4).And.NotContain(hit => hit.Chunk.DocumentId == "0");
    }

    [Fact]
    public async Task Of_many_that_are_wanted_all_are_returned_in_the_order_of_their_scores()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = model });
        await knowledgeBase.IngestAsync(Enumerable.Range(0, 260).Select(i => Text($"{i}", $"Number {i}. {string.Join(' ', Texts[i % Texts.Length])}")));

        var found = await knowledgeBase.SearchAsync(Query, 250);
        var few = await knowledgeBase.SearchAsync(Query, 10);

        found.Should().HaveCount(250).And.OnlyHaveUniqueItems(hit => hit.Chunk.Id);
        found.Select(hit => hit.Score).Should().BeInDescendingOrder();
        few.Should().HaveCount(10);
        few.Max(hit => hit.Score).Should().BeLessThanOrEqualTo(1.00001f);
    }

    [Fact]
    public async Task Texts_without_a_sentence_of_letters_and_very_long_ones_are_ranked_too()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = model });
        await knowledgeBase.IngestAsync(
        [
            Text("short", "fox"), Text("signs", "!? ... !?"), Text("one", new string('x', 5000) + " vehicle"),
            Text("many", string.Concat(Enumerable.Repeat("A car. The dog is lazy here. ", 300)) + "A vehicle waits in the garage."),
        ]);

        var found = await knowledgeBase.SearchAsync(Query, 100);

        found.Should().OnlyHaveUniqueItems(hit => hit.Chunk.Id).And.OnlyContain(hit => float.IsFinite(hit.Score));
        found[0].Chunk.Text.Should().Contain("waits in the garage");
    }

    [Fact]
    public async Task A_weight_that_is_none_is_refused_by_name()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var knowledgeBase = await KnowledgeBaseAsync(model);

        foreach (var weight in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            var options = new SearchOptions { Fusion = new FusionOptions { Method = FusionMethod.ScoreSum, SentenceWeight = weight } };
            await knowledgeBase.Invoking(one => one.SearchAsync(Query, 3, options)).Should().ThrowAsync<ArgumentOutOfRangeException>().WithMessage("*SentenceWeight*");
        }
    }

    private static async Task<KnowledgeBase> KnowledgeBaseAsync(StaticEmbeddingGenerator model)
    {
        var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = model });
        await knowledgeBase.IngestAsync(Texts.Select((text, i) => new Document { Id = i.ToString(CultureInfo.InvariantCulture), Text = string.Join(' ', text), Title = $"Text {i}" }));
        return knowledgeBase;
    }

    private static Document Text(string id, string text) => new() { Id = id, Text = text };

    private static float[] Embed(StaticEmbeddingGenerator model, string text)
    {
        var vector = new float[model.Dimensions];
        model.Embed(text, vector);
        return vector;
    }

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (a, b) => (double)a * b).Sum() / Math.Sqrt(left.Sum(a => (double)a * a) * right.Sum(b => (double)b * b));

    private static double Explained(float[] query, float[] text)
    {
        var cosine = Math.Clamp((Cosine(query, text) - 0.25) / 0.75, 0, 1);
        return cosine * cosine;
    }
}
