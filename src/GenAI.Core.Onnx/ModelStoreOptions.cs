using Microsoft.Extensions.Logging;
using Polly;

namespace GenAI.Core.Onnx;

/// <summary>Options of a <see cref="ModelStore"/>.</summary>
/// <remarks>Read once, when the store is made.</remarks>
public sealed class ModelStoreOptions
{
    /// <summary>Where models are kept.</summary>
    /// <value>The default, <see langword="null"/>, is the folder that the environment variable GENAI_CORE_MODELS names, else <c>genai-core/models</c> in the user's local application data.</value>
    public string? CacheFolder { get; set; }

    /// <summary>The address that models are fetched from: Hugging Face, a mirror, or any server with the same paths.</summary>
    /// <value>The default, <see langword="null"/>, is what the environment variable HF_ENDPOINT names, else <c>https://huggingface.co</c>.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Whether to use nothing but what is in the cache.</summary>
    /// <value>The default, <see langword="null"/>, is whether the environment variable HF_HUB_OFFLINE is 1.</value>
    public bool? Offline { get; set; }

    /// <summary>The token sent to the endpoint, and to no other host.</summary>
    /// <value>Empty for none. The default, <see langword="null"/>, is what the environment variable HF_TOKEN holds, else none.</value>
    public string? Token { get; set; }

    /// <summary>The most bytes that the files of one model may have together.</summary>
    /// <value>1 or more. The default is 8 GB.</value>
    public long MaxBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxBytes));
            field = value;
        }
    } = 8_000_000_000;

    /// <summary>Tries requests again.</summary>
    /// <value>The default, <see langword="null"/>, tries five times more, from half a second doubling with jitter, or when the server says, on failures that may pass.</value>
    public ResiliencePipeline? Resilience { get; set; }

    /// <summary>Sends the requests, for a proxy or certificates of your own.</summary>
    /// <value>The default, <see langword="null"/>, uses the proxy that the environment names (HTTPS_PROXY, NO_PROXY). One that is given is not disposed of.</value>
    public HttpMessageHandler? Handler { get; set; }

    /// <summary>Where the time comes from that retries wait for.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where retries are told of.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
