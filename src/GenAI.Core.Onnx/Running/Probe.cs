namespace GenAI.Core.Onnx.Running;

/// <summary>A first run, of the tokenizer's last token: it tells how wide the output is, and that the model knows every token.</summary>
internal sealed class Probe : WorkCall
{
    private int _width;

    private Probe()
        : base(CancellationToken.None)
    {
    }

    /// <summary>The width of the output's rows.</summary>
    public static int Width(OnnxModel model)
    {
        using var runner = new BatchRunner(model.Session);
        var probe = new Probe();
        probe.Expect(1);
        var tokens = System.Buffers.ArrayPool<int>.Shared.Rent(1);
        tokens[0] = Math.Max(0, model.Tokenizer.VocabularySize - 1);
        var item = new WorkItem(probe, tokens, 1);
        runner.Run([item]);
        item.Release();
        if (probe.Completion.Exception?.InnerException is { } failure)
            throw new OnnxModelException($"The model '{model.Session.Graph}' cannot run the token {model.Tokenizer.VocabularySize - 1}, the last of the tokenizer in '{model.Folder.Transformer}': {failure.Message}", model.Session.Graph, failure);
        return probe._width;
    }

    public override void Receive(WorkItem item, in RowOutput output) => _width = output.Width;
}
