using System.Net;
using System.Net.Http.Headers;

namespace GenAI.Core.Onnx.Downloads;

/// <summary>The hub answered that it cannot answer now.</summary>
internal sealed class TransientHubException(Uri address, HttpStatusCode status, RetryConditionHeaderValue? retryAfter)
    : HttpRequestException($"'{address}' answered {(int)status} {status}.", inner: null, status)
{
    // A server may ask for any time; longer than this nobody waits for a file.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>How long the server asks to wait, if it says so in seconds.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter?.Delta is { } delta ? (delta < Longest ? delta : Longest) : null;
}
