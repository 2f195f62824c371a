using GenAI.Core.Onnx;
using GenAI.Core.Retrieval;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives knowledge bases local models.</summary>
public static class GenAIBuilderOnnxExtensions
{
    /// <summary>Makes embeddings with a local model. It is loaded once, when it is first needed, and released with the container.</summary>
    /// <param name="builder">The knowledge base.</param>
    /// <param name="folder">The model folder.</param>
    /// <param name="configure">Sets options; what is not set is read from the folder.</param>
    public static GenAIBuilder UseOnnxEmbeddings(this GenAIBuilder builder, string folder, Action<OnnxEmbeddingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var key = Keyed(builder, services => new OnnxEmbeddingGenerator(folder, Options(services, configure)));
        return builder.UseEmbeddings(services => services.GetRequiredKeyedService<OnnxEmbeddingGenerator>(key));
    }

    /// <summary>Reranks what is retrieved with a local cross-encoder: 50 chunks to 8 by default. It is loaded once, when it is first needed, and released with the container.</summary>
    /// <param name="builder">The knowledge base.</param>
    /// <param name="folder">The model folder.</param>
    /// <param name="reranking">How many chunks are scored and kept; <see langword="null"/> for the defaults.</param>
    /// <param name="configure">Sets options of the model; what is not set is read from the folder.</param>
    public static GenAIBuilder UseOnnxReranker(this GenAIBuilder builder, string folder, RerankingOptions? reranking = null, Action<OnnxRerankerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var key = Keyed(builder, services => new OnnxReranker(folder, Options(services, configure)));
        return builder.UseReranker(services => services.GetRequiredKeyedService<OnnxReranker>(key), reranking);
    }

    // A service of its own, so that the container releases the model; the key keeps two knowledge bases' models apart.
    private static object Keyed<T>(GenAIBuilder builder, Func<IServiceProvider, T> create)
        where T : class
    {
        var key = new object();
        builder.Services.AddKeyedSingleton(key, (services, _) => create(services));
        return key;
    }

    private static T Options<T>(IServiceProvider services, Action<T>? configure)
        where T : OnnxModelOptions, new()
    {
        var options = new T { LoggerFactory = services.GetService<ILoggerFactory>() };
        configure?.Invoke(options);
        return options;
    }
}
