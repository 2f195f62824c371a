using GenAI.Core;
using GenAI.Core.Chunking;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers knowledge bases.</summary>
public static class GenAIServiceCollectionExtensions
{
    /// <summary>Registers a <see cref="KnowledgeBase"/> as a singleton.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Chooses parts and sets options; the offline defaults if <see langword="null"/>.</param>
    /// <remarks>
    /// A part that is not chosen is taken from the container where it has one (<see cref="IChatClient"/>,
    /// <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>, <see cref="IChunker"/>, <see cref="IDocumentReader"/>, <see cref="IRetriever"/>).
    /// The options are validated when the host starts.
    /// </remarks>
    public static IServiceCollection AddGenAI(this IServiceCollection services, Action<GenAIBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddOptions(services, name: null, configure);
        services.TryAddSingleton(provider => Create(provider, name: null));
        return services;
    }

    /// <summary>Registers a <see cref="KnowledgeBase"/> as a singleton under a service key.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="name">The name, which is the service key. Parts that are not chosen are looked up under this key first, then without one.</param>
    /// <param name="configure">Chooses parts and sets options; the offline defaults if <see langword="null"/>.</param>
    public static IServiceCollection AddGenAI(this IServiceCollection services, string name, Action<GenAIBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        AddOptions(services, name, configure);
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name));
        return services;
    }

    private static void AddOptions(IServiceCollection services, string? name, Action<GenAIBuilder>? configure)
    {
        services.AddOptions<KnowledgeBaseOptions>(name ?? Options.Options.DefaultName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KnowledgeBaseOptions>, KnowledgeBaseOptionsValidator>());

        var builder = new GenAIBuilder(services, name);
        configure?.Invoke(builder);
        services.AddSingleton<IPostConfigureOptions<KnowledgeBaseOptions>>(provider =>
            new PostConfigureOptions<KnowledgeBaseOptions>(name ?? Options.Options.DefaultName, options => TakeFromContainer(provider, name, options)));
    }

    private static void TakeFromContainer(IServiceProvider services, string? name, KnowledgeBaseOptions options)
    {
        options.EmbeddingGenerator ??= Find<IEmbeddingGenerator<string, Embedding<float>>>(services, name);
        options.ChatClient ??= Find<IChatClient>(services, name);
        options.Chunker ??= Find<IChunker>(services, name);
        options.DocumentReader ??= Find<IDocumentReader>(services, name);
        options.Retriever ??= Find<IRetriever>(services, name);
    }

    private static T? Find<T>(IServiceProvider services, string? name)
        where T : class
        => (name is null ? null : services.GetKeyedService<T>(name)) ?? services.GetService<T>();

    private static KnowledgeBase Create(IServiceProvider services, string? name) =>
        new(services.GetRequiredService<IOptionsMonitor<KnowledgeBaseOptions>>().Get(name ?? Options.Options.DefaultName));
}
