using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Classification;

/// <summary>A model with a classification head: what rerankers, classifiers and entailment scorers share.</summary>
internal sealed class LabelModel : IDisposable
{
    // So many texts are in tokens at once, as a bound on memory.
    private const int WindowTexts = 2048;

    private readonly OnnxModel _model;
    private readonly ScoreActivation _activation;

    private LabelModel(OnnxModel model, ScoreActivation? activation)
    {
        _model = model;
        Labels = Probe.Width(model);
        var config = model.Folder.Config;
        if (config.Labels.Count > 0 && config.Labels.Count != Labels)
            throw new OnnxModelException($"config.json in '{model.Folder.Transformer}' names {config.Labels.Count} labels, but '{Graph}' puts out {Labels} values. Use the config.json of this model.", Graph);
        LabelNames = config.Labels.Count > 0 ? config.Labels : [.. Enumerable.Range(0, Labels).Select(label => $"LABEL_{label}")];
        _activation = activation
            ?? (config.CrossEncoderActivation is { } named ? (named.EndsWith("Identity", StringComparison.Ordinal) ? ScoreActivation.None : ScoreActivation.Sigmoid)
            : Labels == 1 || config.IsMultiLabel ? ScoreActivation.Sigmoid : ScoreActivation.Softmax);
    }

    public string Graph => _model.Session.Graph;

    /// <summary>The number of labels.</summary>
    public int Labels { get; }

    public IReadOnlyList<string> LabelNames { get; }

    public OnnxRunStatistics Statistics => _model.Session.Counters.Read();

    public static LabelModel Load(string folder, OnnxModelOptions options, ScoreActivation? activation)
    {
        var model = OnnxModel.Load(folder, options, (session, files) => GraphOutput.ForScores(session, files.Graph, options.OutputName));
        try
        {
            return new LabelModel(model, activation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Scores texts by themselves.</summary>
    public Task<float[][]> ScoreTextsAsync(IReadOnlyList<string> texts, OverlongText overlong, CancellationToken cancellationToken) =>
        ScoreAsync(texts, (call, text, index, items) => _model.Encoder.Encode(call, index, "", text, overlong, unpooled: 0, items), cancellationToken);

    /// <summary>Scores each text as part of a pair.</summary>
    public Task<float[][]> ScorePairsAsync(IReadOnlyList<string> texts, Func<string, (string First, string Second)> pair, CancellationToken cancellationToken) =>
        ScoreAsync(
            texts,
            (call, text, index, items) =>
            {
                var (first, second) = pair(text);
                items.Add(_model.Encoder.EncodePair(call, index, first, second));
            },
            cancellationToken);

    public void Dispose() => _model.Dispose();

    private async Task<float[][]> ScoreAsync(IReadOnlyList<string> texts, Action<LabelCall, string, int, List<WorkItem>> encode, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var results = new float[texts.Count][];
        _model.Scheduler.CallBegins();
        try
        {
            for (var start = 0; start < results.Length; start += WindowTexts)
            {
                var call = Start(texts, start, Math.Min(WindowTexts, results.Length - start), encode, cancellationToken);
                await call.WaitAsync().ConfigureAwait(false);
                call.Values.CopyTo(results, start);
            }
        }
        finally
        {
            _model.Scheduler.CallEnds();
        }

        foreach (var values in results)
            Activate(values);
        return results;
    }

    // Cuts texts into tokens and puts them in line, the longest first.
    private LabelCall Start(IReadOnlyList<string> texts, int start, int count, Action<LabelCall, string, int, List<WorkItem>> encode, CancellationToken cancellationToken)
    {
        var call = new LabelCall(count, cancellationToken);
        var items = new List<WorkItem>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                encode(call, texts[start + i] ?? throw new ArgumentException($"Text {start + i} is null; leave it out, or pass an empty text.", nameof(texts)), i, items);
            }

            items.Sort(static (a, b) => b.Length.CompareTo(a.Length));
            call.Expect(items.Count);
            _model.Scheduler.Enqueue(CollectionsMarshal.AsSpan(items));
            return call;
        }
        catch
        {
            foreach (var item in items)
                item.Release();
            throw;
        }
    }

    private void Activate(Span<float> values)
    {
        if (_activation == ScoreActivation.Sigmoid)
            TensorPrimitives.Sigmoid(values, values);
        else if (_activation == ScoreActivation.Softmax)
            TensorPrimitives.SoftMax(values, values);
    }
}
