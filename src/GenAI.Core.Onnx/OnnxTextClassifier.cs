using GenAI.Core.Onnx.Classification;

namespace GenAI.Core.Onnx;

/// <summary>Classifies texts with a local sequence classifier: prompt injection, toxicity, language, intent, or what else it was trained for.</summary>
/// <remarks>Texts are run in batches as by <see cref="OnnxEmbeddingGenerator"/>. Safe for concurrent use: load a model once.</remarks>
public sealed class OnnxTextClassifier : IDisposable
{
    private readonly LabelModel _model;
    private readonly OverlongText _overlong;
    private readonly float[] _thresholds;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model folder: a graph exported for sequence classification.</param>
    /// <param name="options">The options; <see langword="null"/> for what the folder says.</param>
    /// <exception cref="OnnxModelException">The folder cannot be used; the message names the file and the remedy.</exception>
    /// <exception cref="ArgumentException">A threshold is for a label that the model does not have.</exception>
    public OnnxTextClassifier(string folder, OnnxClassifierOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxClassifierOptions();
        _model = LabelModel.Load(folder, options, options.Activation);
        _overlong = options.OverlongText;
        Labels = _model.LabelNames;
        _thresholds = [.. Labels.Select(label => options.LabelThresholds.TryGetValue(label, out var own) ? own : options.Threshold)];
        if (options.LabelThresholds.Keys.FirstOrDefault(label => !Labels.Contains(label)) is not { } unknown)
            return;
        _model.Dispose();
        throw new ArgumentException($"There is a threshold for '{unknown}', but the labels of '{_model.Graph}' are {string.Join(", ", Labels)}.", nameof(options));
    }

    /// <summary>The labels, in the order of the model's values: from <c>config.json</c>, else <c>LABEL_0</c> and so on.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the model has done so far.</summary>
    public OnnxRunStatistics Statistics => _model.Statistics;

    /// <summary>Classifies texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Takes effect between batches.</param>
    /// <returns>For each text, in their order, every label with its score, the highest first.</returns>
    /// <exception cref="ArgumentException">A text is <see langword="null"/>, or longer than the model reads and the options say to throw.</exception>
    /// <exception cref="OnnxModelException">The model failed on a text. Other calls go on.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<LabelScore>>> ClassifyAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var values = await _model.ScoreTextsAsync(texts, _overlong, cancellationToken).ConfigureAwait(false);
        return Array.ConvertAll(values, scores => (IReadOnlyList<LabelScore>)Ranked(scores));
    }

    /// <summary>Releases the model after the batches that are running. Calls that still wait fail.</summary>
    public void Dispose() => _model.Dispose();

    private LabelScore[] Ranked(float[] scores)
    {
        var labels = new LabelScore[scores.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = new LabelScore(Labels[i], scores[i], scores[i] >= _thresholds[i]);
        return [.. labels.OrderByDescending(label => label.Score)];
    }
}
