namespace GenAI.Core.Chunking;

/// <summary>A synchronous sequence in asynchronous dress: every step is complete when it returns.</summary>
/// <param name="source">Makes the sequence, for a token that stops it.</param>
/// <param name="cancellationToken">The token that the sequence was asked for with.</param>
internal sealed class CompletedSequence<T>(Func<CancellationToken, IEnumerable<T>> source, CancellationToken cancellationToken) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken enumeratorToken = default)
    {
        // Both tokens stop it; most callers give one.
        if (!cancellationToken.CanBeCanceled || cancellationToken == enumeratorToken)
            return new Enumerator(source(enumeratorToken).GetEnumerator(), null);
        if (!enumeratorToken.CanBeCanceled)
            return new Enumerator(source(cancellationToken).GetEnumerator(), null);

        var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enumeratorToken);
        return new Enumerator(source(linked.Token).GetEnumerator(), linked);
    }

    private sealed class Enumerator(IEnumerator<T> items, CancellationTokenSource? linked) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public ValueTask<bool> MoveNextAsync() => new(items.MoveNext());

        public ValueTask DisposeAsync()
        {
            items.Dispose();
            linked?.Dispose();
            return default;
        }
    }
}
