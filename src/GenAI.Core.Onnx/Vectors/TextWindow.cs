namespace GenAI.Core.Onnx.Vectors;

/// <summary>Collects texts of a stream until there are enough, or until waiting for more would keep somebody waiting.</summary>
internal sealed class TextWindow(IAsyncEnumerator<string> source) : IAsyncDisposable
{
    private Task<bool>? _next;
    private int _characters;
    private bool _isEnded;

    public List<string> Texts { get; private set; } = [];

    /// <summary>Collects texts. When it returns without any, the stream has ended, or <paramref name="running"/> has.</summary>
    /// <param name="running">Results that are on the way: when they are there it is time to hand them over. Null if there are none.</param>
    /// <param name="maxTexts">How many texts are enough.</param>
    /// <param name="maxCharacters">How many characters are enough.</param>
    public async Task FillAsync(Task? running, int maxTexts, int maxCharacters)
    {
        while (!_isEnded && Texts.Count < maxTexts && _characters < maxCharacters)
        {
            _next ??= source.MoveNextAsync().AsTask();
            if (!_next.IsCompleted)
            {
                // Texts that are here run at once rather than wait for a slow source, unless others are running: then there is time.
                if (running is null && Texts.Count > 0)
                    return;
                if (running is not null && await Task.WhenAny(_next, running).ConfigureAwait(false) != _next)
                    return;
            }

            var next = _next;
            _next = null;
            if (!await next.ConfigureAwait(false))
            {
                _isEnded = true;
                return;
            }

            Texts.Add(source.Current!);
            _characters += source.Current?.Length ?? 0;
        }
    }

    /// <summary>Begins anew; the list that was there is the caller's.</summary>
    public void Clear() => (Texts, _characters) = ([], 0);

    public async ValueTask DisposeAsync()
    {
        // An enumerator must not be disposed of while it is asked for the next text.
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await source.DisposeAsync().ConfigureAwait(false);
    }
}
