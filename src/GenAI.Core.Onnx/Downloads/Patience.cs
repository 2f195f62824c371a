namespace GenAI.Core.Onnx.Downloads;

/// <summary>Ends waits for a server that has gone silent. How long a whole file takes is no matter.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the next sign of the server.</summary>
    /// <exception cref="TimeoutException">There was none for a minute.</exception>
    public static async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            return await wait(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limited.IsCancellationRequested)
        {
            // Not the caller's cancellation: this method's own clock.
            throw new TimeoutException($"The server said nothing for {Limit.TotalSeconds:0} seconds.");
        }
    }
}
