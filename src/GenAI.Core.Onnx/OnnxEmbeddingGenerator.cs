using GenAI.Core.Embeddings;
using GenAI.Core.Onnx.Running;
using GenAI.Core.Onnx.Vectors;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx;

/// <summary>Makes embeddings with a local model: any sentence-transformers folder that was exported to ONNX.</summary>
/// <remarks>
/// <para>Pooling, normalisation, prompts, the longest text, the side of padding and casing are read from the folder, and the options override them;
/// <see cref="Description"/> says what was decided. A text's purpose is set on the options of a call by
/// <see cref="EmbeddingPurposeExtensions.WithPurpose"/>; models without prompts make no difference.</para>
/// <para>Texts are sorted by length and run in batches of like length, on threads of this object's own; the texts of concurrent calls share batches. Results
/// come in the order of the texts. Cancellation takes effect between batches. Safe for concurrent use: load a model once.</para>
/// </remarks>
public sealed partial class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    // So many texts, or so many characters, are in tokens at once: enough to find texts of like length, and a bound on memory.
    private const int WindowTexts = 2048;
    private const int WindowCharacters = 1 << 20;

    // A text that takes less than this to cut into tokens (a millisecond) is cut on the caller's thread.
    private const int SmallCharacters = 4096;

    private readonly OnnxModel _model;
    private readonly Pooler _pooler;
    private readonly int _queryUnpooled;
    private readonly int _documentUnpooled;
    private readonly int _defaultUnpooled;
    private readonly OverlongText _overlong;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly EmbedderFingerprint _fingerprint;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model folder: the graph, the tokenizer's files, and what sentence-transformers puts beside them.</param>
    /// <param name="options">The options; <see langword="null"/> for what the folder says.</param>
    /// <exception cref="OnnxModelException">The folder cannot be used; the message names the file and the remedy.</exception>
    public OnnxEmbeddingGenerator(string folder, OnnxEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxEmbeddingOptions();
        _model = EmbeddingModelLoader.Load(folder, options, out var pooling, out _pooler);
        try
        {
            Description = EmbeddingModelLoader.Describe(_model, options, pooling, _pooler);
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        _overlong = options.OverlongText;
        _queryUnpooled = Unpooled(Description.QueryPrompt);
        _documentUnpooled = Unpooled(Description.DocumentPrompt);
        _defaultUnpooled = Unpooled(Description.DefaultPrompt);
        _metadata = new EmbeddingGeneratorMetadata("genai.core.onnx", new Uri(_model.Folder.Graph), Description.ModelId, Description.Dimensions);
        _fingerprint = new EmbedderFingerprint($"genai.core.onnx/{Description.ModelId}")
        {
            ContentHash = Description.Fingerprint,
            Pooling = Description.Pooling?.ToString(),
            Prefix = Description.DocumentPrompt,
            Dimensions = Description.Dimensions,
            IsNormalized = Description.Normalize,
        };
    }

    /// <summary>What was decided when the model was loaded.</summary>
    public OnnxModelDescription Description { get; }

    /// <summary>What the model has done so far.</summary>
    public OnnxRunStatistics Statistics => _model.Session.Counters.Read();

    /// <summary>Makes the vectors of texts, in their order.</summary>
    /// <param name="values">The texts, as many as you like: they are read and run in parts. An empty one has the vector that the model gives it.</param>
    /// <param name="options"><see cref="EmbeddingGenerationOptions.Dimensions"/> and the purpose are honoured; the rest has no meaning here.</param>
    /// <param name="cancellationToken">Takes effect between batches.</param>
    /// <returns>The embeddings, with the tokens that they took as <see cref="GeneratedEmbeddings{TEmbedding}.Usage"/>.</returns>
    /// <exception cref="ArgumentException">A text is <see langword="null"/>, or longer than the model reads and the options say to throw, or the number of dimensions is not one of the model's.</exception>
    /// <exception cref="OnnxModelException">The model failed on a text. Other calls go on.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed of.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var request = Request(options);
        cancellationToken.ThrowIfCancellationRequested();
        var results = new GeneratedEmbeddings<Embedding<float>>(values.TryGetNonEnumeratedCount(out var count) ? count : 0);
        var tokens = 0L;
        _model.Scheduler.CallBegins();
        try
        {
            if (IsSmall(values))
            {
                tokens = await AddAsync(Start([.. values], 0, request, cancellationToken), results).ConfigureAwait(false);
            }
            else
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                tokens = await AddAsync(values, request, results, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _model.Scheduler.CallEnds();
        }

        results.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return results;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(OnnxModelDescription) ? Description
            : serviceType == typeof(EmbedderFingerprint) ? _fingerprint
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Releases the model after the batches that are running. Calls that still wait fail.</summary>
    public void Dispose() => _model.Dispose();

    private int Unpooled(string prompt) => Description.PoolsPrompt || prompt.Length == 0 ? 0 : _model.Encoder.PromptTokens(prompt);

    private EmbeddingRequest Request(EmbeddingGenerationOptions? options)
    {
        var dimensions = options?.Dimensions ?? Description.Dimensions;
        if (dimensions <= 0 || dimensions > Description.ModelDimensions)
            throw new ArgumentOutOfRangeException(nameof(options), dimensions, $"The model '{Description.ModelId}' makes vectors of {Description.ModelDimensions} dimensions; ask for 1 to {Description.ModelDimensions}.");
        var (prompt, unpooled) = options.GetPurpose() switch
        {
            EmbeddingPurpose.Query => (Description.QueryPrompt, _queryUnpooled),
            EmbeddingPurpose.Document => (Description.DocumentPrompt, _documentUnpooled),
            _ => (Description.DefaultPrompt, _defaultUnpooled),
        };
        return new EmbeddingRequest(prompt, unpooled, new VectorShape(dimensions, Description.Normalize), _overlong);
    }

    // Adds the embeddings of all texts, in their order; the number of their tokens.
    private async Task<long> AddAsync(IEnumerable<string> values, EmbeddingRequest request, GeneratedEmbeddings<Embedding<float>> results, CancellationToken cancellationToken)
    {
        var (tokens, index) = (0L, 0);
        var running = new Queue<EmbeddingCall>();
        try
        {
            foreach (var window in Windows(values))
            {
                // One window is cut into tokens while the one before it runs.
                cancellationToken.ThrowIfCancellationRequested();
                running.Enqueue(Start(window, index, request, cancellationToken));
                index += window.Count;
                if (running.Count == 2)
                    tokens += await AddAsync(running.Dequeue(), results).ConfigureAwait(false);
            }

            while (running.TryDequeue(out var call))
                tokens += await AddAsync(call, results).ConfigureAwait(false);
            return tokens;
        }
        finally
        {
            Abandon(running);
        }
    }

    // Waits for a call and adds its embeddings; the number of its tokens. One that ends otherwise need not run on.
    private static async Task<long> AddAsync(EmbeddingCall call, GeneratedEmbeddings<Embedding<float>> results)
    {
        try
        {
            await call.WaitAsync().ConfigureAwait(false);
        }
        finally
        {
            call.Abandon();
        }

        foreach (var embedding in call.Embeddings)
            results.Add(embedding);
        return call.Tokens;
    }

    // Cuts a window of texts into tokens and puts them in line, the longest first.
    private EmbeddingCall Start(List<string> texts, int firstIndex, EmbeddingRequest request, CancellationToken cancellationToken)
    {
        var call = new EmbeddingCall(texts.Count, _pooler, request.Shape, Description.ModelId, cancellationToken);
        var items = new List<WorkItem>(texts.Count);
        try
        {
            for (var i = 0; i < texts.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (texts[i] is null)
                    throw new ArgumentException($"Text {firstIndex + i} is null; leave it out, or pass an empty text.", nameof(texts));
                if (_model.Encoder.Encode(call, i, request.Prompt, texts[i], request.Overlong, request.Unpooled, items) is > 1 and var windows)
                    call.ExpectWindows(i, windows);
            }

            foreach (var item in items)
                call.Tokens += item.Length;
            items.Sort(static (a, b) => b.Length.CompareTo(a.Length));
            call.Expect(items.Count);
            _model.Scheduler.Enqueue(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items));
            return call;
        }
        catch
        {
            foreach (var item in items)
                item.Release();
            throw;
        }
    }

    private static bool IsSmall(IEnumerable<string> values) => values is IReadOnlyList<string> { Count: 1 } one && one[0] is null or { Length: <= SmallCharacters };

    private static IEnumerable<List<string>> Windows(IEnumerable<string> values)
    {
        var window = new List<string>();
        var characters = 0;
        foreach (var text in values)
        {
            window.Add(text);
            characters += text?.Length ?? 0;
            if (window.Count < WindowTexts && characters < WindowCharacters)
                continue;
            yield return window;
            (window, characters) = ([], 0);
        }

        if (window.Count > 0)
            yield return window;
    }

    // Whoever leaves before the end takes no results any more, and what waits in line need not run.
    private static void Abandon(Queue<EmbeddingCall> running)
    {
        foreach (var call in running)
            call.Abandon();
    }
}
