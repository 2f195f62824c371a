using System.Runtime.CompilerServices;
using GenAI.Core.Onnx.Vectors;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx;

public sealed partial class OnnxEmbeddingGenerator
{
    /// <summary>Makes the vectors of texts while they come, in their order.</summary>
    /// <param name="texts">The texts. They are read in parts of at most 2,048, and no more than three parts ahead of the embeddings that were taken.</param>
    /// <param name="options">As for <see cref="GenerateAsync"/>.</param>
    /// <param name="cancellationToken">Takes effect between batches.</param>
    /// <remarks>Memory does not grow with the number of texts. Texts that come slowly are run when they come, and do not wait for a part to fill.</remarks>
    /// <exception cref="ArgumentException">As for <see cref="GenerateAsync"/>.</exception>
    /// <exception cref="OnnxModelException">As for <see cref="GenerateAsync"/>.</exception>
    public IAsyncEnumerable<Embedding<float>> GenerateStreamingAsync(IAsyncEnumerable<string> texts, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return StreamAsync(texts, Request(options), cancellationToken);
    }

    private async IAsyncEnumerable<Embedding<float>> StreamAsync(IAsyncEnumerable<string> texts, EmbeddingRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = new Queue<EmbeddingCall>();
        var window = new TextWindow(texts.GetAsyncEnumerator(cancellationToken));
        var index = 0;
        _model.Scheduler.CallBegins();
        try
        {
            while (true)
            {
                await window.FillAsync(running.TryPeek(out var oldest) ? oldest.Completion : null, WindowTexts, WindowCharacters).ConfigureAwait(false);
                if (window.Texts.Count > 0 && running.Count < 2)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    running.Enqueue(Start(window.Texts, index, request, cancellationToken));
                    index += window.Texts.Count;
                    window.Clear();
                    continue;
                }

                if (running.Count == 0)
                    yield break;
                var call = running.Peek();
                await call.WaitAsync().ConfigureAwait(false);
                running.Dequeue();
                foreach (var embedding in call.Embeddings)
                    yield return embedding;
            }
        }
        finally
        {
            Abandon(running);
            _model.Scheduler.CallEnds();
            await window.DisposeAsync().ConfigureAwait(false);
        }
    }
}
