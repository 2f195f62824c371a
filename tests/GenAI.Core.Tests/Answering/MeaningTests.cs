using GenAI.Core.Answering;
using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Conventions;
using GenAI.Core.Tests.Embeddings;
using GenAI.Core.Tests.Storage;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Answering;

/// <summary>The extractive client with a static model, against the same without one.</summary>
public sealed class MeaningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SourceFact]
    public async Task With_the_model_in_the_box_a_question_in_other_words_is_answered_as_the_readme_says()
    {
        const string Question = "At what temperature is the loaf baked?", Quote = "Bake the loaf at 240 degrees Celsius for 20 minutes";
        (await File.ReadAllTextAsync(Path.Combine(Repository.Root!, "README.md"))).Should().Contain(Question).And.Contain(Quote);
        using var words = await KnowledgeBaseAsync(new LexicalEmbeddingGenerator());
        using var model = ModelInTheBox();
        using var meaning = await KnowledgeBaseAsync(model);

        (await words.AskAsync(Question)).Status.Should().Be(AnswerStatus.NoEvidence);
        (await meaning.AskAsync(Question)).Citations.Should().Contain(citation => citation.DocumentId == "bread.txt" && citation.Quote.Contains(Quote, StringComparison.Ordinal));
    }

    [SourceFact]
    public async Task What_is_answered_by_meaning_is_quoted_and_supported_like_everything_else()
    {
        using var model = ModelInTheBox();
        using var knowledgeBase = await KnowledgeBaseAsync(model);
        var missed = 0;
        foreach (var (question, expected) in QuestionSet.Answerable)
        {
            var answer = await knowledgeBase.AskAsync(question);
            AnswerPipelineTests.CheckQuotes(answer, answer.Sources);
            answer.Claims.Should().NotContain(claim => claim.Verdict != ClaimVerdict.Supported && claim.Verdict != ClaimVerdict.NotCheckable);
            if (!answer.Citations.Any(citation => string.Join(' ', citation.Quote.Split('\n')).Contains(expected, StringComparison.Ordinal)))
                missed++;
        }

        missed.Should().BeLessThanOrEqualTo(6, "that many are missed by words alone");
        var answered = 0;
        foreach (var question in QuestionSet.Unanswerable)
            answered += (await knowledgeBase.AskAsync(question)).Status == AnswerStatus.Answered ? 1 : 0;
        answered.Should().BeLessThanOrEqualTo(2, "that many are answered by words alone");
    }

    [Fact]
    public async Task A_question_of_which_the_model_knows_nothing_is_answered_by_its_words()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        var prompt = Sources.Prompt("Who are you?", "You are who you are.", "Doctors cure patients.").ToMessages();

        (await new ExtractiveChatClient(model).GetResponseAsync(prompt)).Text.Should().Be((await new ExtractiveChatClient().GetResponseAsync(prompt)).Text).And.NotBeEmpty();
    }

    [Fact]
    public async Task Equal_prompts_give_equal_replies_on_many_threads()
    {
        using var model = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));
        using var client = new ExtractiveChatClient(model);
        var prompt = Sources.Prompt("Where do the car and the vehicle wait?", "A car, an automobile and a vehicle wait in the garage.", "Ships carry passengers.", "The fox jumps. The car is quick.").ToMessages();
        var once = (await client.GetResponseAsync(prompt)).Text;

        once.Should().Contain("wait in the garage");
        Parallel.For(0, 200, _ => client.GetResponseAsync(prompt).GetAwaiter().GetResult().Text.Should().Be(once));
    }

    [Fact]
    public async Task An_embedder_of_another_kind_is_asked_for_the_question_alone()
    {
        using var service = new FakeEmbeddingGenerator();
        using var knowledgeBase = await KnowledgeBaseAsync(service);
        var before = service.Texts;

        (await knowledgeBase.AskAsync("How many days of annual leave do employees receive?")).Status.Should().Be(AnswerStatus.Answered);

        (service.Texts - before).Should().Be(1);
    }

    private static StaticEmbeddingGenerator ModelInTheBox() => new(Path.Combine(Repository.Root!, "src", "GenAI.Core.Models.Small", DefaultEmbedder.ModelFile));

    private static async Task<KnowledgeBase> KnowledgeBaseAsync(IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = embedder });
        await knowledgeBase.IngestAsync(QuestionSet.Documents);
        return knowledgeBase;
    }
}
