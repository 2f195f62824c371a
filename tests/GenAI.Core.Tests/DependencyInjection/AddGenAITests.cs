using GenAI.Core.VectorStores;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace GenAI.Core.Tests.DependencyInjection;

public class AddGenAITests
{
    [Fact]
    public async Task Registers_a_knowledge_base_that_works_as_it_is()
    {
        using var services = new ServiceCollection().AddGenAI().BuildServiceProvider(validateScopes: true);
        var knowledgeBase = services.GetRequiredService<KnowledgeBase>();

        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        (await knowledgeBase.AskAsync("When is a first-class ticket paid?")).Status.Should().Be(AnswerStatus.Answered);
        services.GetRequiredService<KnowledgeBase>().Should().BeSameAs(knowledgeBase);
    }

    [Fact]
    public async Task Named_knowledge_bases_do_not_share_anything()
    {
        using var services = new ServiceCollection().AddGenAI().AddGenAI("legal").AddGenAI("people").BuildServiceProvider();
        var legal = services.GetRequiredKeyedService<KnowledgeBase>("legal");
        var people = services.GetRequiredKeyedService<KnowledgeBase>("people");

        await legal.IngestAsync(Documents.Travel);

        (await legal.SearchAsync("ticket")).Should().NotBeEmpty();
        (await people.SearchAsync("ticket")).Should().BeEmpty();
        (await services.GetRequiredService<KnowledgeBase>().SearchAsync("ticket")).Should().BeEmpty();
    }

    [Fact]
    public async Task Parts_of_the_container_are_used_by_key_first()
    {
        using var unkeyed = new FakeChatClient("Unkeyed: in the cellar. [1]");
        using var keyed = new FakeChatClient("Keyed: in the cellar. [1]");
        using var chosen = new FakeChatClient("Chosen: in the cellar. [1]");
        using var services = new ServiceCollection()
            .AddSingleton<IChatClient>(unkeyed)
            .AddKeyedSingleton<IChatClient>("legal", keyed)
            .AddGenAI()
            .AddGenAI("legal")
            .AddGenAI("people")
            .AddGenAI("chosen", genAI => genAI.UseChatClient(chosen))
            .BuildServiceProvider();

        (await AskAsync(services.GetRequiredService<KnowledgeBase>())).Should().StartWith("Unkeyed");
        (await AskAsync(services.GetRequiredKeyedService<KnowledgeBase>("legal"))).Should().StartWith("Keyed");
        (await AskAsync(services.GetRequiredKeyedService<KnowledgeBase>("people"))).Should().StartWith("Unkeyed");
        (await AskAsync(services.GetRequiredKeyedService<KnowledgeBase>("chosen"))).Should().StartWith("Chosen");

        static async Task<string> AskAsync(KnowledgeBase knowledgeBase)
        {
            await knowledgeBase.IngestAsync(Documents.Office);
            return (await knowledgeBase.AskAsync("Where are bicycles kept?")).Text;
        }
    }

    [Fact]
    public async Task A_claim_policy_is_that_of_the_answers()
    {
        using var client = new FakeChatClient("Bicycles are kept in the cellar [1]. Bicycles are never kept in the cellar [1].");
        using var services = new ServiceCollection()
            .AddGenAI(genAI => genAI.UseChatClient(client).UseClaimPolicy(new ClaimPolicy { Contradicted = ClaimAction.Mark, MarkText = " (?)" }))
            .AddGenAI("strict", genAI => genAI.UseChatClient(client).UseClaimPolicy(_ => ClaimPolicy.Strict()))
            .BuildServiceProvider();
        var strict = services.GetRequiredKeyedService<KnowledgeBase>("strict");
        var marking = services.GetRequiredService<KnowledgeBase>();
        await strict.IngestAsync(Documents.Office);
        await marking.IngestAsync(Documents.Office);

        (await strict.AskAsync("Where are bicycles kept?")).Text.Should().Be("Bicycles are kept in the cellar [1].");
        (await marking.AskAsync("Where are bicycles kept?")).Text.Should().EndWith("never kept in the cellar [1]. (?)");
    }

    [Fact]
    public async Task A_vector_store_is_used_under_the_name_of_the_knowledge_base()
    {
        using var store = new LocalVectorStore();
        using var services = new ServiceCollection()
            .AddGenAI(genAI => genAI.UseVectorStore(store))
            .AddGenAI("legal", genAI => genAI.UseVectorStore(_ => store))
            .BuildServiceProvider();

        await services.GetRequiredService<KnowledgeBase>().IngestAsync(Documents.Travel);
        await services.GetRequiredKeyedService<KnowledgeBase>("legal").IngestAsync(Documents.Office);

        (await store.ListCollectionNamesAsync().ToListAsync()).Should().BeEquivalentTo("chunks", "legal");
    }

    [Fact]
    public async Task A_host_with_contradicting_options_does_not_start_and_says_what_to_change()
    {
        using var generator = new FakeEmbeddingGenerator();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGenAI("legal", genAI => genAI.UseEmbeddings(generator).Configure(options => options.Dimensions = 8));
        using var host = builder.Build();

        await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage("*Dimensions is 8*vectors of 4*");
    }

    [Fact]
    public async Task A_host_whose_context_has_no_room_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGenAI(genAI => genAI.Configure(options => options.Answering = new() { MaxContextTokens = 100, MaxAnswerTokens = 200 }));
        using var host = builder.Build();

        await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage("*100*200*");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_name_is_refused(string name) =>
        FluentActions.Invoking(() => new ServiceCollection().AddGenAI(name)).Should().Throw<ArgumentException>();
}
