using GenAI.Core.Onnx.Downloads;

namespace GenAI.Core.Onnx;

/// <summary>Finds the folder of a model: a local one, or one fetched from a model hub into a cache.</summary>
/// <remarks>
/// <para>Nothing is fetched but by a call of <see cref="ResolveAsync"/> with the id of a model. Files are fetched with their names checked, continued where an attempt
/// broke off, compared with the hash that the hub gives (SHA-256 for large files, Git's for small ones), and put in place whole; a model in the
/// cache is complete, and belongs to one commit. Processes that want the same model at once fetch it once.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class ModelStore : IDisposable
{
    private readonly HubClient _hub;
    private readonly string _cache;
    private readonly bool _offline;
    private readonly long _maxBytes;

    /// <summary>Makes a store.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    public ModelStore(ModelStoreOptions? options = null)
    {
        options ??= new ModelStoreOptions();
        _cache = Path.GetFullPath(options.CacheFolder ?? Variable("GENAI_CORE_MODELS") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "genai-core", "models"));
        _offline = options.Offline ?? Variable("HF_HUB_OFFLINE") is "1" or "true" or "TRUE";
        _maxBytes = options.MaxBytes;
        var endpoint = options.Endpoint ?? new Uri(Variable("HF_ENDPOINT") ?? "https://huggingface.co");
        if (endpoint.Scheme is not ("https" or "http"))
            throw new ArgumentException($"The endpoint '{endpoint}' is not an address of http or https.", nameof(options));
        _hub = new HubClient(endpoint, options.Token ?? Variable("HF_TOKEN"), options);
    }

    /// <summary>Finds the folder of a model.</summary>
    /// <param name="model">A local folder, or the id of a model on the hub, such as <c>BAAI/bge-small-en-v1.5</c>.</param>
    /// <param name="modelFile">The graph to fetch, such as <c>onnx/model_quantized.onnx</c>; <see langword="null"/> for <c>onnx/model.onnx</c> or <c>model.onnx</c>, whichever the model has. Set <see cref="OnnxModelOptions.ModelFile"/> to the same.</param>
    /// <param name="revision">The branch, tag or commit. Pin a commit to have the same files always.</param>
    /// <param name="progress">Told as the download goes on, on the thread that downloads.</param>
    /// <param name="cancellationToken">Stops the download; what was fetched is continued next time.</param>
    /// <returns>The full path of the folder.</returns>
    /// <exception cref="ArgumentException">The id, the revision or the file's name is not one.</exception>
    /// <exception cref="OnnxModelException">The model is not in the cache and the store is offline, or the hub does not have it, or it is too large, or what came was not what the hub announced.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached, after all attempts.</exception>
    public async Task<string> ResolveAsync(string model, string? modelFile = null, string revision = "main", IProgress<ModelDownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (Directory.Exists(model))
            return Path.GetFullPath(model);
        var request = HubRequest.Checked(model, modelFile, revision);
        var cache = new ModelCache(_cache, request);
        if (cache.Find() is { } present && (_offline || request.IsCommit))
            return present;
        if (_offline)
            throw new OnnxModelException($"The model '{model}' at '{revision}' is not in '{_cache}', and the store is offline. Fetch it once with the network (HF_HUB_OFFLINE unset), or name a local folder.", _cache);

        var snapshot = await _hub.DescribeAsync(request, cancellationToken).ConfigureAwait(false);
        if (snapshot.TotalBytes > _maxBytes)
            throw new OnnxModelException($"The files of '{model}' have {snapshot.TotalBytes:N0} bytes; at most {_maxBytes:N0} are fetched. Raise {nameof(ModelStoreOptions)}.{nameof(ModelStoreOptions.MaxBytes)}, or choose a smaller file of the model.", model);
        return await cache.FillAsync(snapshot, _hub, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Releases the connections.</summary>
    public void Dispose() => _hub.Dispose();

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
