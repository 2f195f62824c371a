using GenAI.Core.Onnx.Classification;
using GenAI.Core.Retrieval;

namespace GenAI.Core.Onnx;

/// <summary>Scores passages for a query with a local cross-encoder, which reads both together (Nogueira and Cho, "Passage re-ranking with BERT", 2019).</summary>
/// <remarks>
/// Pairs are run in batches of like length on threads of this object's own, together with those of concurrent calls. Where both texts have more tokens than the model
/// reads, the longer one is cut. Safe for concurrent use: load a model once.
/// </remarks>
public sealed class OnnxReranker : IReranker, IDisposable
{
    private readonly LabelModel _model;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model folder: a graph exported for sequence classification, with one or two labels.</param>
    /// <param name="options">The options; <see langword="null"/> for what the folder says.</param>
    /// <exception cref="OnnxModelException">The folder cannot be used; the message names the file and the remedy.</exception>
    public OnnxReranker(string folder, OnnxRerankerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new OnnxRerankerOptions();
        _model = LabelModel.Load(folder, options, options.Activation);
        if (_model.Labels <= 2)
            return;
        _model.Dispose();
        throw new OnnxModelException($"'{_model.Graph}' has {_model.Labels} labels; a reranker has one, or two of which the second is the score. Use {nameof(OnnxTextClassifier)} or {nameof(OnnxEntailmentScorer)}, or name another folder.", _model.Graph);
    }

    /// <summary>What the model has done so far.</summary>
    public OnnxRunStatistics Statistics => _model.Statistics;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The query is empty, or a text is <see langword="null"/>.</exception>
    /// <exception cref="OnnxModelException">The model failed on a text. Other calls go on.</exception>
    public async Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentNullException.ThrowIfNull(texts);
        var values = await _model.ScorePairsAsync(texts, text => (query, text), cancellationToken).ConfigureAwait(false);
        var scores = new float[texts.Count];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = values[i][^1];
        return scores;
    }

    /// <summary>Releases the model after the batches that are running. Calls that still wait fail.</summary>
    public void Dispose() => _model.Dispose();
}
