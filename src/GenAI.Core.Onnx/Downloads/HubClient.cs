using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Retry;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>Speaks with a model hub.</summary>
internal sealed partial class HubClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _endpoint;
    private readonly string? _token;

    public HubClient(Uri endpoint, string? token, ModelStoreOptions options)
    {
        // A path without a slash at its end would be replaced by what is put after it.
        _endpoint = endpoint.AbsolutePath.EndsWith('/') ? endpoint : new Uri(endpoint.AbsoluteUri + "/");
        _token = string.IsNullOrEmpty(token) ? null : token;
        _client = options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient();
        _client.Timeout = Timeout.InfiniteTimeSpan;
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("GenAI.Core.Onnx");
        Resilience = options.Resilience ?? Default(options);
    }

    /// <summary>What requests are tried again by.</summary>
    public ResiliencePipeline Resilience { get; }

    /// <summary>Asks for the files of a model.</summary>
    public async Task<HubSnapshot> DescribeAsync(HubRequest request, CancellationToken cancellationToken)
    {
        var address = new Uri(_endpoint, $"api/models/{request.Model}/revision/{Uri.EscapeDataString(request.Revision)}?blobs=true");
        return await Resilience.ExecuteAsync(
            async token =>
            {
                using var response = await SendAsync(address, from: 0, token).ConfigureAwait(false);
                var stream = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    try
                    {
                        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: token).ConfigureAwait(false);
                        return SnapshotReader.Read(document.RootElement, request, address.AbsoluteUri);
                    }
                    catch (JsonException exception)
                    {
                        throw new OnnxModelException($"The answer of '{address}' is not JSON: {exception.Message} Is the endpoint a model hub?", address.AbsoluteUri, exception);
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for a file from a byte on.</summary>
    public Task<HttpResponseMessage> OpenAsync(HubRequest request, string commit, HubFile file, long from, CancellationToken cancellationToken) =>
        SendAsync(new Uri(_endpoint, $"{request.Model}/resolve/{commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}"), from, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        // On a redirection to another host the handler leaves the token out.
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (_token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        var response = await Patience.WaitAsync(token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || (from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable))
            return response;

        using (response)
        {
            throw response.StatusCode switch
            {
                HttpStatusCode.NotFound => new OnnxModelException($"'{address}' is not there (404). Check the model's id, revision and file; a private model needs a token (HF_TOKEN).", address.AbsoluteUri),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new OnnxModelException($"'{address}' is refused ({(int)response.StatusCode}). The model needs a token (HF_TOKEN or {nameof(ModelStoreOptions)}.{nameof(ModelStoreOptions.Token)}), or its terms accepted.", address.AbsoluteUri),
                _ => new TransientHubException(address, response.StatusCode, response.Headers.RetryAfter),
            };
        }
    }

    private static ResiliencePipeline Default(ModelStoreOptions options)
    {
        var logger = options.LoggerFactory?.CreateLogger("GenAI.Core.Onnx.ModelStore") ?? NullLogger.Instance;
        return new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(MayPass).Handle<IOException>().Handle<TimeoutException>(),
                MaxRetryAttempts = 5,
                Delay = TimeSpan.FromSeconds(0.5),
                MaxDelay = TimeSpan.FromSeconds(30),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientHubException { RetryAfter: { } wait } ? wait : (TimeSpan?)null),
                OnRetry = arguments =>
                {
                    LogRetry(logger, arguments.AttemptNumber + 1, arguments.Outcome.Exception?.Message ?? "");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    private static bool MayPass(HttpRequestException exception) =>
        exception.StatusCode is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} to fetch from the model hub failed and is made again: {Reason}")]
    private static partial void LogRetry(ILogger logger, int attempt, string reason);
}
