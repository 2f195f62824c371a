using GenAI.Core.Onnx.Running;
using GenAI.Core.Onnx.Vectors;

namespace GenAI.Core.Onnx;

public sealed partial class OnnxEmbeddingGenerator
{
    /// <summary>Makes a vector for every token of a text, for late chunking: the chunks of a document are pooled from the vectors of the whole.</summary>
    /// <param name="text">The text. If it is longer than the model reads it is read in windows that overlap by half, and each token has its vector from the window in which it stands farthest from an end.</param>
    /// <param name="cancellationToken">Takes effect between batches.</param>
    /// <exception cref="NotSupportedException">The graph pools by itself. Set <see cref="OnnxEmbeddingOptions.Pooling"/> to choose an output with a vector per token.</exception>
    /// <exception cref="OnnxModelException">The model failed on the text. Other calls go on.</exception>
    public async Task<TokenEmbeddings> EmbedTokensAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Description.Pooling is null)
            throw new NotSupportedException($"The output '{Description.Output}' of '{Description.ModelFile}' has a vector per text only. Set Pooling to read one per token.");
        if (!_pooler.FinishesOnePooling)
            throw new NotSupportedException($"The dense layers of '{Description.ModelId}' take several poolings side by side, and a part of a text has one.");
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        var overlap = Math.Max(0, (Description.MaxTokens - _model.Tokenizer.SpecialTokenCount()) / 2);
        var windows = _model.Encoder.EncodeWithRanges(text, overlap);
        var call = new TokenCall(windows, overlap, cancellationToken);
        call.Expect(windows.Count);
        _model.Scheduler.CallBegins();
        try
        {
            var items = new WorkItem[windows.Count];
            for (var i = 0; i < items.Length; i++)
                items[i] = TextEncoder.Item(call, i, windows[i], unpooled: 0);
            _model.Scheduler.Enqueue(items);
            await call.WaitAsync().ConfigureAwait(false);
        }
        finally
        {
            _model.Scheduler.CallEnds();
        }

        return call.Joined(_pooler, Description.Normalize);
    }
}
